"""Captions: titles and legends from a lesson's text, in the reader's language, with numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from synthlab import figure
from synthlab.plots.common import readable
from synthlab.sentence import LRI, PDI, from_the_right, isolate
from synthlab.words import translate

#: Letters of a title on an inch of the figure's width, at the sizes below: DejaVu Sans is about
#: 0.58 em wide, and a point is 1/72 inch.
_PER_INCH = 10
_TITLE, _PANEL = 11, 10  # points

#: A line that begins with a symbol would else run from left to right.
_RIGHT_TO_LEFT = "\u200f"


def caption(ax: Axes | Iterable[Any], name: str, /, **values: object) -> None:
    """Write what a figure shows: title, panels, axes and legend, from the lesson's block.

    Call it last. A legend that is there keeps its place; where the figure has none and the block
    names labels, one is made.

    Args:
        ax: The axes, or an array of them as `matplotlib.pyplot.subplots` returns it: then the
            title stands above them all.
        name: The id of the block ``figure`` in the lesson's text.
        values: For the fields of its sentences; a list or tuple gives each panel its own.

    Raises:
        SynthlabError: When there is no such block.
    """
    said = figure.find(name)
    axes = np.asarray(ax, dtype=object)

    def say(message: str, at: int | None = None) -> str:
        own: dict[str, Any] = {
            key: value[at] if at is not None and isinstance(value, (list, tuple)) else value
            for key, value in values.items()
        }
        unit = name.split(".", 1)[0]
        return translate(unit, message, context=f"{figure.PART}/{name}", **own)

    def of(messages: Sequence[str], at: int) -> str:
        return say(messages[at if len(messages) > 1 else 0], at) if messages else ""

    every: list[Axes] = list(axes.flat)
    drawn = every[0].figure
    while isinstance(drawn, SubFigure):
        drawn = drawn.figure
    letters = drawn.get_figwidth() * _PER_INCH
    title = _lines(say(said.title), round(letters))
    if axes.ndim == 0:
        every[0].set_title(title, fontsize=_TITLE)
    else:
        drawn.suptitle(title, fontsize=_TITLE)
    explained = any(one.get_legend() for one in every)
    for at, one in enumerate(every):
        if axes.ndim:
            panel = _lines(of(said.panels, at), round(letters / axes.shape[-1]))
            one.set_title(panel, fontsize=_PANEL)
        if label := of(said.x, at):
            one.set_xlabel(_lines(label))
        if label := of(said.y, at):
            one.set_ylabel(_lines(label))
        named = _name(one, {key: _lines(say(label)) for key, label in said.labels.items()})
        if named and not explained:
            one.legend(framealpha=0.9)
        readable(one)
    for at, row in enumerate(said.rows):
        axes[at, 0].set_ylabel(_lines(say(row, at)))


def _name(ax: Axes, labels: dict[str, str]) -> bool:
    """Give the artists that have one of these labels its words, in the legend, too."""
    named = [artist for artist in ax.get_children() if str(artist.get_label()) in labels]
    for artist in named:
        artist.set_label(labels[str(artist.get_label())])
    legend = ax.get_legend()
    for text in legend.get_texts() if legend else ():
        text.set_text(labels.get(text.get_text(), text.get_text()))
    return bool(named)


def _lines(sentence: str, width: int = 1000) -> str:
    """The sentence in lines of at most ``width`` letters; each reads in its own direction."""
    lines = textwrap.wrap(sentence.replace(LRI, "").replace(PDI, ""), width)
    rtl = from_the_right(sentence)
    return "\n".join(_RIGHT_TO_LEFT + isolate(line) if rtl else line for line in lines)
