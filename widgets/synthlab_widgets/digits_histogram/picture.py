"""Digits and losses on paper, and the picture in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from synthlab_widgets.frames import Keyframe
from synthlab_widgets.picture import describe, losses, png

__all__ = ["describe", "draw"]

#: Images side by side.
_COLUMNS = 8


def draw(frame: Keyframe, words: Mapping[str, str]) -> bytes:
    """Real digits, sampled ones and the losses of a frame as a PNG."""
    figure = Figure(figsize=(7.6, 2.4), dpi=130, layout="constrained")
    *grids, chart = figure.subplots(1, 3)
    for ax, name in zip(grids, ("real", "fake"), strict=True):
        ax.imshow(_tiled(frame.arrays[name]), cmap="gray", vmin=0, vmax=frame.values["levels"] - 1)
        ax.set_title(words[name], fontsize=9)
        ax.axis("off")
    losses(chart, frame, words)
    return png(figure)


def _tiled(images: NDArray[Any]) -> NDArray[Any]:
    """Grey images in rows with a gap between them: (n, 1, H, W) -> (rows * H', columns * W')."""
    framed = np.pad(images[:, 0].astype(float), ((0, 0), (1, 0), (1, 0)), constant_values=np.nan)
    n, height, width = framed.shape
    rows = framed.reshape(n // _COLUMNS, _COLUMNS, height, width).swapaxes(1, 2)
    return rows.reshape(n // _COLUMNS * height, _COLUMNS * width)
