"""The simplest source: normally distributed numbers."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from synthlab.data.kinds import Points
from synthlab.data.source import Batch, check_count, check_finite, check_positive, use_generator


class Line:
    """Points of N(mean, std^2) on the line.

    >>> round(Line(mean=1.0, std=0.5).entropy, 4)
    0.7258
    """

    dim = 1
    kind = Points(1)

    def __init__(self, *, mean: float = 0.0, std: float = 1.0) -> None:
        self.mean, self.std = check_finite(mean, "mean"), check_positive(std, "std")

    def sample(self, n: int, generator: torch.Generator | None = None) -> Batch:
        """Draw ``x``, ``(n,)`` in float32."""
        noise = torch.randn(check_count(n, "n", 0), generator=use_generator(generator))
        return Batch(self.mean + self.std * noise)

    def log_prob(self, x: Tensor) -> Tensor:
        """The log-density at each point, ``(n,) -> (n,)``, in nats."""
        z = (x - self.mean) / self.std
        return -z.square() / 2 - math.log(self.std) - math.log(2 * math.pi) / 2

    @property
    def entropy(self) -> float:
        """``log(2 pi e std^2) / 2``, in nats."""
        return math.log(2 * math.pi * math.e * self.std**2) / 2

    def __repr__(self) -> str:
        return f"Line(mean={self.mean!r}, std={self.std!r})"
