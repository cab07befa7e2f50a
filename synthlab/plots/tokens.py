"""Figures of tokens: sequences as coloured cells, and who attends to whom."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.ticker import MaxNLocator

from synthlab.data.kinds import Tokens
from synthlab.data.samples import as_samples
from synthlab.errors import SynthlabError
from synthlab.plots.common import cell_font, descriptions, finish, readable, say
from synthlab.words import N_

#: Okabe and Ito's palette; a longer vocabulary gets steps from dark to light.
_PALETTE = ("#0072B2", "#E69F00", "#009E73", "#F0E442", "#56B4E9", "#D55E00", "#CC79A7", "#999999")


def tokens(
    ax: Axes, x: Any, *, symbols: Sequence[str] | None = None, title: str | None = None
) -> Axes:
    """Draw sequences as rows of cells; a token has one colour and one symbol throughout.

    Symbols of a script that runs from right to left are laid out that way.

    Args:
        ax: Where to draw.
        x: ``(n, T)`` whole numbers from 0.
        symbols: What stands for each token, in their order; None writes their numbers.
        title: A sentence that states the finding.

    Raises:
        SynthlabError: When ``x`` holds no sequences, or a token has no symbol.

    >>> from matplotlib.figure import Figure
    >>> from synthlab.plots import alt_text
    >>> ax = tokens(Figure().add_subplot(), [[0, 1, 1], [1, 0, 0]], symbols="ab", title="Two words")
    >>> print(alt_text(ax))
    Two words. 2 sequences of 3 tokens: abb, baa.
    """
    rows = as_samples(x, "x", Tokens(len(symbols) if symbols else 2**31)).numpy()  # (n, T)
    known = len(symbols) if symbols else int(rows.max()) + 1
    names = list(symbols) if symbols else [str(token) for token in range(known)]
    few = known <= len(_PALETTE)
    palette = ListedColormap(_PALETTE[:known]) if few else colormaps["cividis"].resampled(known)
    image = ax.imshow(
        rows, cmap=palette, vmin=-0.5, vmax=known - 0.5, aspect="auto", interpolation="nearest"
    )
    size = cell_font(ax, rows.shape[1], rows.shape[0])
    for (row, column), token in np.ndenumerate(rows) if size >= 4 else ():
        ink = "black" if _luminance(palette(token)) > 0.4 else "white"
        ax.text(column, row, names[token], ha="center", va="center", color=ink, fontsize=size)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel=say(N_("position")), ylabel=say(N_("sequence")))
    ax.set_yticks(np.arange(len(rows)) if len(rows) <= 12 else [0, len(rows) - 1])
    if _right_to_left(names):
        _turn(ax)
    written = [_joined(row, names) for row in rows[:8]]
    descriptions[image] = say(
        N_(
            "{n} sequence of {length} tokens: {written}.",
            "{n} sequences of {length} tokens: {written}.",
        ),
        n=len(rows),
        length=rows.shape[1],
        written=", ".join([*written, "…"][: len(rows)]),
    )
    return finish(ax, title, N_("Sequences of tokens"))


def attention(
    ax: Axes, weights: Any, *, symbols: Sequence[str] | None = None, title: str | None = None
) -> Axes:
    """Draw attention as a heat map: row ``t`` says where token ``t`` looks.

    Args:
        ax: Where to draw.
        weights: ``(T, S)`` numbers from 0 to 1, each row summing to 1.
        symbols: The tokens themselves, one a row and column; None numbers the positions.
        title: A sentence that states the finding.

    Raises:
        SynthlabError: When the weights are not such a matrix, or symbols are more or fewer.

    >>> from matplotlib.figure import Figure
    >>> from synthlab.plots import alt_text
    >>> ax = attention(Figure().add_subplot(), [[1.0, 0.0], [0.75, 0.25]], title="b looks back")
    >>> print(alt_text(ax))
    b looks back. Attention of 2 tokens to 2; the largest weight off the diagonal is 0.75: 1 to 0.
    """
    matrix = as_samples(weights, "weights").numpy()
    if matrix.min() < 0 or np.abs(matrix.sum(1) - 1).max() > 1e-3:
        raise SynthlabError("weights must be 0 or more, and sum to 1 in each row.")
    if symbols is not None and matrix.shape != (len(symbols), len(symbols)):
        raise SynthlabError(
            "There must be one symbol a row and a column: {rows} and {columns}, not {n}.",
            rows=matrix.shape[0],
            columns=matrix.shape[1],
            n=len(symbols),
        )
    image = ax.imshow(matrix, cmap="cividis", vmin=0, vmax=1, interpolation="nearest")
    if symbols is not None:
        ax.set_xticks(range(len(symbols)), symbols)
        ax.set_yticks(range(len(symbols)), symbols)
        if _right_to_left(symbols):
            _turn(ax)
    ax.set(xlabel=say(N_("looked at")), ylabel=say(N_("looking")))
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.85)
    bar.set_label(say(N_("weight")))
    readable(bar.ax)
    off = np.where(np.eye(*matrix.shape) == 1, 0, matrix)
    here, there = divmod(int(off.argmax()), off.shape[1])
    descriptions[image] = say(
        N_(
            "Attention of {rows} tokens to {columns}; the largest weight off the diagonal is "
            "{weight:.2g}: {here} to {there}."
        ),
        rows=matrix.shape[0],
        columns=matrix.shape[1],
        weight=off.max(),
        here=symbols[here] if symbols is not None else here,
        there=symbols[there] if symbols is not None else there,
    )
    return finish(ax, title, N_("Where each token looks"))


def _joined(row: Sequence[int], names: Sequence[str]) -> str:
    return ("" if max(map(len, names)) == 1 else " ").join(names[token] for token in row)


def _right_to_left(symbols: Sequence[str]) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for s in symbols for letter in s)


def _turn(ax: Axes) -> None:
    """Let the first position stand on the right, and the names of the rows beside it."""
    ax.invert_xaxis()
    ax.yaxis.tick_right()
    ax.yaxis.set_label_position("right")


def _luminance(colour: Any) -> float:
    """The relative luminance of WCAG, without its gamma's offset."""
    red, green, blue = (channel**2.2 for channel in colour[:3])
    return 0.2126 * float(red) + 0.7152 * float(green) + 0.0722 * float(blue)
