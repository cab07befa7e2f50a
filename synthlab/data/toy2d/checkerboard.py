"""The checkerboard: a density with edges, which no smooth model fits exactly."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from synthlab.data.source import Batch
from synthlab.data.toy2d.plane import PlaneSource


class Checkerboard(PlaneSource):
    """FFJORD's checkerboard: uniform on 8 of the 16 cells of [-4, 4] x [-4, 4].

    A cell has the side 2, so the density is 1/32 on the board and 0 elsewhere: ``log_prob``
    is ``-log 32`` or minus infinity, and the entropy is exactly log 32. ``condition`` of a
    sample is its cell, 0 to 7: column by column from the left, each from below.

    >>> board = Checkerboard()
    >>> board.log_prob(torch.tensor([[-3.0, -3.0], [-3.0, -1.0]])).exp().tolist()
    [0.03125, 0.0]
    """

    def __init__(self) -> None:
        cell = torch.arange(8)
        column = cell // 2
        row = 2 * (cell % 2) + column % 2
        self._corners = torch.stack((column, row), dim=1) * 2.0 - 4.0  # (8, 2), lower left

    def _draw(self, n: int, generator: torch.Generator) -> Batch:
        cell = torch.randint(8, (n,), generator=generator)
        within = 2 * torch.rand(n, 2, generator=generator)
        return Batch(self._corners[cell] + within, cell)

    def _log_prob(self, x: Tensor) -> Tensor:
        # Cells are closed: rounding may put a sample on its cell's far edge.
        offset = x[:, None] - self._corners.to(x)  # (n, 8, 2)
        on_board = ((offset >= 0) & (offset <= 2)).all(-1).any(-1)
        return x.new_full((len(x),), -math.log(32)).masked_fill(~on_board, -math.inf)

    @property
    def entropy(self) -> float:
        """The differential entropy: log 32 nats, exactly."""
        return math.log(32)

    @property
    def bounds(self) -> tuple[float, float]:
        """``(low, high)`` of a square window around the board with a margin."""
        return -4.5, 4.5
