"""Data that somebody drew: dots in the plane, each a little round cloud."""

from __future__ import annotations

import base64
import binascii
from functools import cached_property
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from synthlab.data.source import Batch, check_positive
from synthlab.data.toy2d import smooth
from synthlab.data.toy2d.plane import PlaneSource
from synthlab.errors import SynthlabError

#: Dots are kept on a lattice of this many places a side, so that a text can give them exactly.
_PLACES = 4096
#: The square that can be drawn on.
_LOW, _HIGH = -2.5, 2.5
#: Dots that a drawing has at most.
MOST = 500


class Drawing(PlaneSource):
    """A drawing as a density: dots, and round Gaussian noise around every one of them.

    So a drawing knows its log-density exactly, like every other source.

    Args:
        dots: ``(n, 2)`` points with coordinates in [-2.5, 2.5], at most 500 of them. Each moves
            to the nearest point of a lattice with a spacing of 0.0012.
        std: The standard deviation of the noise along each axis.

    Raises:
        SynthlabError: When there are no dots, too many, or some outside the square.

    >>> drawing = Drawing([[0.0, 1.0], [1.0, 0.0]])
    >>> drawing.sample(4, torch.Generator().manual_seed(0)).x.shape
    torch.Size([4, 2])
    >>> Drawing.parse(drawing.text).text == drawing.text
    True
    """

    def __init__(self, dots: object, *, std: float = 0.08) -> None:
        self.std = check_positive(std, "std")
        try:
            given: Any = dots
            table = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            table = np.empty(0)
        if table.ndim != 2 or table.shape[1] != 2 or not 1 <= len(table) <= MOST:
            raise SynthlabError(
                "A drawing needs 1 to {most} dots, each with two coordinates.", most=MOST
            )
        if not (np.isfinite(table) & (table >= _LOW) & (table <= _HIGH)).all():
            raise SynthlabError(
                "The dots of a drawing lie between {low} and {high}.", low=_LOW, high=_HIGH
            )
        step = (_HIGH - _LOW) / (_PLACES - 1)
        self._places = np.rint((table - _LOW) / step).astype(np.uint16)  # (n, 2)
        self.dots = torch.from_numpy(_LOW + step * self._places.astype(np.float64))

    @property
    def text(self) -> str:
        """The dots as letters and digits: four of them a dot."""
        x, y = self._places.astype(np.uint32).T
        packed = ((x << 12) | y).astype(">u4").tobytes()
        return base64.urlsafe_b64encode(
            b"".join(packed[at + 1 : at + 4] for at in range(0, len(packed), 4))
        ).decode()

    @classmethod
    def parse(cls, text: str, *, std: float = 0.08) -> Self:
        """The drawing that `text` tells.

        Raises:
            SynthlabError: When the text does not come from a drawing.
        """
        try:
            raw = base64.b64decode(text, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if not raw or len(raw) % 3:
            raise SynthlabError("This is not the text of a drawing: copy it whole.")
        triples = np.frombuffer(raw, np.uint8).reshape(-1, 3).astype(np.uint32)
        packed = (triples[:, 0] << 16) | (triples[:, 1] << 8) | triples[:, 2]
        places = np.column_stack([packed >> 12, packed & (_PLACES - 1)])
        return cls(_LOW + (_HIGH - _LOW) / (_PLACES - 1) * places, std=std)

    def _draw(self, n: int, generator: torch.Generator) -> Batch:
        dot = torch.randint(len(self.dots), (n,), generator=generator)
        noise = torch.randn(n, 2, generator=generator)
        return Batch(self.dots[dot].float() + self.std * noise, dot)

    def _log_prob(self, x: Tensor) -> Tensor:
        return smooth.log_density(x, self.dots, self._log_weights, self.std)

    @cached_property
    def _log_weights(self) -> Tensor:
        return torch.full((len(self.dots),), 1 / len(self.dots), dtype=torch.float64).log()

    @cached_property
    def entropy(self) -> float:
        """The differential entropy in nats, by quadrature."""
        return smooth.entropy(self.dots, self._log_weights, self.std)

    @property
    def bounds(self) -> tuple[float, float]:
        """``(low, high)`` of the square that can be drawn on."""
        return _LOW, _HIGH

    def __repr__(self) -> str:
        return f"Drawing({len(self.dots)} dots, std={self.std!r})"
