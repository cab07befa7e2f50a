"""Words, titles and fonts that all figures share, and a figure's description."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.text import Text as Label

from synthlab.words import Text

#: What each drawn artist shows, in words; an artist that is removed takes its words along.
descriptions: WeakKeyDictionary[Artist, str] = WeakKeyDictionary()


def alt_text(ax: Axes) -> str:
    """What the axes show, in words: the title, then a sentence for each thing drawn."""
    title = ax.get_title().strip()
    sentences = [title if title.endswith((".", "?", "؟")) else f"{title}."] if title else []
    sentences += [descriptions[artist] for artist in ax.get_children() if artist in descriptions]
    return " ".join(sentences)


def say(msgid: str, **params: object) -> str:
    """The sentence in the reader's language, with its fields filled in."""
    return Text(msgid, params, domain="figures").render()


def finish(ax: Axes, title: str | None, default: str, legend: bool = False) -> Axes:
    """Set the title (a later layer keeps the first's), the legend and readable fonts."""
    if title is not None or not ax.get_title():
        ax.set_title(say(default) if title is None else title)
    if legend:
        ax.legend(loc="best", framealpha=0.9)
    readable(ax)
    return ax


def readable(ax: Axes) -> None:
    """Add a font that has Arabic behind every chosen one."""
    # DejaVu Sans comes with matplotlib and has Arabic; a chosen font may not.
    for label in ax.findobj(Label):
        family = label.get_fontfamily()
        if "DejaVu Sans" not in family:
            label.set_fontfamily([*family, "DejaVu Sans"])


def cell_font(ax: Axes, columns: float, rows: float) -> float:
    """The font size, in points, that fits a short word into a cell of a grid on the axes."""
    box = ax.get_window_extent()
    points = 72 / ax.figure.dpi
    return min(12.0, 0.45 * points * box.width / columns, 0.6 * points * box.height / rows)
