"""Numbers over a whole run in a fixed number of points, however long the run is."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray


class History:
    """Means of named numbers over bins of equal width.

    When the bins are full, neighbours are merged and the width doubles; so a chart of the whole
    run stays small, and the same steps always give the same points.

    Args:
        bins: How many points a name has at most; an even number.
        first: The step of the first number.
        every: Steps from one number to the next.
    """

    def __init__(self, bins: int = 256, first: int = 1, every: int = 1) -> None:
        self.bins, self.first, self.every = bins, first, every
        self.width = 1  # numbers in a bin
        self._sums: dict[str, NDArray[np.float64]] = {}
        self._counts: dict[str, NDArray[np.float64]] = {}

    def add(self, step: int, values: Mapping[str, float]) -> None:
        """Take in the numbers of a step."""
        while (step - self.first) // self.every // self.width >= self.bins:
            self._merge()
        at = (step - self.first) // self.every // self.width
        for name, value in values.items():
            if name not in self._sums:
                self._sums[name] = np.zeros(self.bins)
                self._counts[name] = np.zeros(self.bins)
            self._sums[name][at] += value
            self._counts[name][at] += 1

    def _merge(self) -> None:
        self.width *= 2
        for table in (self._sums, self._counts):
            for name, old in table.items():
                table[name] = np.concatenate(
                    [old.reshape(-1, 2).sum(axis=1), np.zeros(self.bins // 2)]
                )

    def series(self) -> dict[str, NDArray[np.float32]]:
        """Per name an (n, 2) array: the middle step of each bin that has a number, and the mean."""
        result = {}
        for name, counts in self._counts.items():
            used = np.flatnonzero(counts)
            steps = self.first + self.every * (used * self.width + (self.width - 1) / 2)
            means = self._sums[name][used] / counts[used]
            result[name] = np.column_stack([steps, means]).astype(np.float32)
        return result

    def copy(self) -> Self:
        """An independent copy."""
        return copy.deepcopy(self)
