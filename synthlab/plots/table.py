"""A few rows of a table as a figure: named columns, each aligned by its type."""

from __future__ import annotations

import math
from typing import Any

from matplotlib.axes import Axes

from synthlab.data.kinds import Column, Table
from synthlab.data.samples import as_samples
from synthlab.plots.common import cell_font, descriptions, finish, say
from synthlab.words import N_, direction

#: Digits that a column's largest number shows.
_DIGITS = 4
_MISSING = "—"


def table(ax: Axes, x: Any, kind: Table, *, rows: int = 8, title: str | None = None) -> Axes:
    """Draw the first rows of a table.

    Numbers stand with their units below each other, categories begin where a line of text does,
    and a missing value is a dash. In Arabic the first column is on the right.

    Args:
        ax: Where to draw.
        x: ``(n, columns)`` as `Table` describes them.
        kind: The columns.
        rows: How many to draw at most.
        title: A sentence that states the finding.

    Raises:
        SynthlabError: When ``x`` is no such table.

    >>> from matplotlib.figure import Figure
    >>> from synthlab.data.kinds import Column
    >>> from synthlab.plots import alt_text
    >>> kind = Table((Column("age", "integer"), Column("city", "categorical", ("Cairo", "Fes"))))
    >>> ax = table(Figure().add_subplot(), [[31, 1], [45, 0]], kind, title="Two people")
    >>> print(alt_text(ax))
    Two people. The first 2 of 2 rows. age: 31, 45. city: Fes, Cairo.
    """
    every = as_samples(x, "x", kind)
    columns = [
        (c, [c.name, *_cells(c, v)]) for c, v in zip(kind.columns, every[:rows].T, strict=True)
    ]
    widths = [max(map(len, cells)) + 2 for _, cells in columns]
    lines = len(columns[0][1])
    ax.set(xlim=(0, sum(widths)), ylim=(lines - 0.5, -0.5))
    mirrored = direction() == "rtl"
    if mirrored:
        ax.invert_xaxis()
    size = cell_font(ax, 0.3 * sum(widths), lines)  # a letter is about 0.6 em wide
    left = 0
    for (column, cells), width in zip(columns, widths, strict=True):
        number = column.type != "categorical"
        at = left + width - 1 if number and not mirrored else left + 1
        for line, cell in enumerate(cells):
            ax.text(
                at,
                line,
                cell,
                ha="right" if number or mirrored else "left",
                va="center",
                fontsize=size,
                fontweight="bold" if line == 0 else "normal",
                color="#777777" if cell == _MISSING else "black",
            )
        left += width
    rule = ax.axhline(0.5, color="#777777", linewidth=0.8)
    ax.axis("off")
    sentences = [say(N_("The first {rows} of {n} rows."), rows=lines - 1, n=len(every))]
    sentences += [
        say(N_("{column}: {values}."), column=cells[0], values=", ".join(cells[1:]))
        for _, cells in columns
    ]
    descriptions[rule] = " ".join(sentences)
    return finish(ax, title, N_("Rows of the table"))


def _cells(column: Column, values: Any) -> list[str]:
    there = values[~values.isnan()].abs()
    size = float(there.max()) if len(there) else 0.0
    decimals = 0
    if column.type == "continuous" and size > 0:
        decimals = min(max(_DIGITS - 1 - math.floor(math.log10(size)), 0), 9)
    return [
        _MISSING
        if math.isnan(value)
        else column.categories[int(value)]
        if column.type == "categorical"
        else f"{value:.{decimals}f}".replace("-", "−")
        for value in values.tolist()
    ]
