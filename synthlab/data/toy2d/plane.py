"""The base of every two-dimensional source: it checks what comes in, once, for all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor

from synthlab.data.kinds import Points
from synthlab.data.source import Batch, check_count, check_points, use_generator


class PlaneSource(ABC):
    """A density on the plane that samples itself and knows its own log-density.

    A subclass writes `_draw`, `_log_prob`, `entropy` and `bounds`. Attributes are set once:
    a source never changes, so what it has computed about itself stays true.
    """

    kind: ClassVar[Points] = Points(2)
    dim: ClassVar[int] = 2
    #: The names of the constructor's parameters, for `repr`.
    _parameters: ClassVar[tuple[str, ...]] = ()

    def sample(self, n: int, generator: torch.Generator | None = None) -> Batch:
        """Draw independent samples.

        Args:
            n: How many, 0 or more.
            generator: The only randomness. None means a fresh one, seeded by the system.

        Returns:
            ``x``, ``(n, 2)`` in float32, and ``condition``, ``(n,)`` in int64: the mode, arm
            or cell that each sample belongs to.

        Raises:
            SynthlabError: When ``n`` or the generator cannot be used.
        """
        return self._draw(check_count(n, "n", 0), use_generator(generator))

    def log_prob(self, x: Tensor) -> Tensor:
        """The log-density at each point, ``(n, 2) -> (n,)``, in nats and in the dtype of ``x``.

        Raises:
            SynthlabError: When ``x`` is not a finite floating-point tensor ``(n, 2)``.
        """
        return self._log_prob(check_points(x, self.dim))

    @property
    @abstractmethod
    def entropy(self) -> float:
        """The differential entropy in nats: the lowest NLL that any model can reach."""

    @property
    @abstractmethod
    def bounds(self) -> tuple[float, float]:
        """``(low, high)`` of a square window, the same on both axes, that shows the data."""

    @abstractmethod
    def _draw(self, n: int, generator: torch.Generator) -> Batch: ...

    @abstractmethod
    def _log_prob(self, x: Tensor) -> Tensor: ...

    def __setattr__(self, name: str, value: object) -> None:
        if name in self.__dict__:
            raise AttributeError(
                f"A {type(self).__name__} never changes; make a new one with another {name}."
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._parameters)
        return f"{type(self).__name__}({given})"
