"""The losses of a whole run in a fixed number of points, however long the run is."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


class LossHistory:
    """Means of every named loss over bins of equal width.

    When the bins are full, neighbours are merged and the width doubles; so a chart of the whole
    run stays small, and the same steps always give the same points.

    Args:
        bins: How many points a loss has at most; an even number.
    """

    def __init__(self, bins: int = 256) -> None:
        self.bins = bins
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.width = 1
        self._sums: dict[str, NDArray[np.float64]] = {}
        self._counts: dict[str, NDArray[np.float64]] = {}

    def add(self, index: int, losses: Mapping[str, float]) -> None:
        """Take in the losses of the step with this number (from 1)."""
        while (index - 1) // self.width >= self.bins:
            self._merge()
        for name, loss in losses.items():
            if name not in self._sums:
                self._sums[name] = np.zeros(self.bins)
                self._counts[name] = np.zeros(self.bins)
            self._sums[name][(index - 1) // self.width] += loss
            self._counts[name][(index - 1) // self.width] += 1

    def _merge(self) -> None:
        self.width *= 2
        for table in (self._sums, self._counts):
            for name, old in table.items():
                table[name] = np.concatenate(
                    [old.reshape(-1, 2).sum(axis=1), np.zeros(self.bins // 2)]
                )

    def series(self) -> dict[str, NDArray[np.float32]]:
        """Per loss an (n, 2) array: the middle step of each bin that has one, and the mean."""
        result = {}
        for name, counts in self._counts.items():
            used = np.flatnonzero(counts)
            steps = used * self.width + (self.width + 1) / 2
            means = self._sums[name][used] / counts[used]
            result[name] = np.column_stack([steps, means]).astype(np.float32)
        return result
