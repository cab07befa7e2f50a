"""Figures of images: a grid, row by row, in which every pixel stays a square."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from synthlab.data.kinds import Images
from synthlab.data.samples import as_samples
from synthlab.errors import SynthlabError
from synthlab.plots.common import cell_font, descriptions, finish, say
from synthlab.words import N_


def images(
    ax: Axes,
    x: Any,
    *,
    levels: int | None = None,
    captions: Sequence[object] | None = None,
    columns: int | None = None,
    title: str | None = None,
) -> Axes:
    """Draw grey or colour images beside each other; the highest value is white.

    Args:
        ax: Where to draw.
        x: ``(n, 1, H, W)`` grey or ``(n, 3, H, W)`` red, green and blue.
        levels: Pixels are whole numbers from 0 to ``levels - 1``. None means intensities from 0
            to 1; what lies beyond, as a model's images may, is drawn as the nearest.
        captions: A short word or number below each image: labels, or what a model says.
        columns: Images in a row; None makes the grid nearly square.
        title: A sentence that states the finding.

    Raises:
        SynthlabError: When ``x`` holds no such images, or captions are more or fewer.

    >>> from matplotlib.figure import Figure
    >>> from synthlab.plots import alt_text
    >>> import torch
    >>> x = torch.rand(6, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    >>> print(alt_text(images(Figure().add_subplot(), x, title="Noise in colour")))
    Noise in colour. 6 images of 4 by 4 pixels; rows: 2, columns: 3.
    """
    rgb = _colours(x, levels)  # (n, H, W, 3)
    n, height, width = rgb.shape[:3]
    words = [
        str(c.item() if hasattr(c, "item") else c) for c in (() if captions is None else captions)
    ]
    if captions is not None and len(words) != n:
        raise SynthlabError(
            "There must be one caption an image: {n}, not {found}.", n=n, found=len(words)
        )
    columns = min(columns or math.ceil(math.sqrt(n)), n)
    rows = math.ceil(n / columns)
    gap = max(1, width // 10)
    below = max(gap, round(0.4 * height)) if words else gap  # room for a caption
    sheet = np.zeros((rows * (height + below), columns * (width + gap), 4))  # all transparent
    for at, image in enumerate(rgb):
        top, left = at // columns * (height + below), at % columns * (width + gap)
        sheet[top : top + height, left : left + width] = np.dstack(
            (image, np.ones(image.shape[:2]))
        )
    sheet = sheet[: sheet.shape[0] - (0 if words else gap), : sheet.shape[1] - gap]
    drawn = ax.imshow(sheet, interpolation="nearest")
    for at, word in enumerate(words):
        middle = at % columns * (width + gap) + (width - 1) / 2
        bottom = at // columns * (height + below) + height - 0.5 + below / 2
        size = cell_font(ax, sheet.shape[1] / width, sheet.shape[0] / below)
        ax.text(middle, bottom, word, ha="center", va="center", fontsize=size)
    ax.axis("off")
    descriptions[drawn] = say(
        N_(
            "{n} image of {width} by {height} pixels; rows: {rows}, columns: {columns}.",
            "{n} images of {width} by {height} pixels; rows: {rows}, columns: {columns}.",
        ),
        n=n,
        width=width,
        height=height,
        rows=rows,
        columns=columns,
    )
    if words:
        descriptions[drawn] += " " + say(N_("Captions: {captions}."), captions=", ".join(words))
    return finish(ax, title, N_("Images"))


def _colours(x: Any, levels: int | None) -> NDArray[Any]:
    """Red, green and blue from 0 to 1, ``(n, H, W, 3)``."""
    shape = tuple(getattr(x, "shape", ()))
    if len(shape) != 4 or shape[1] not in (1, 3):
        raise SynthlabError(
            "Images have the shape (n, 1, H, W) or, in colour, (n, 3, H, W), not {found}.",
            found=shape,
        )
    if levels is None:
        x = x.clip(0, 1)  # NaN stays, and is refused
    kind = Images(*shape[1:], levels)
    values = as_samples(x, "x", kind).double().numpy() / kind.white
    return np.broadcast_to(values, (len(values), 3, *shape[2:])).transpose(0, 2, 3, 1)
