"""Captions: titles and legends from a lesson's text, in the reader's language, with numbers."""

from __future__ import annotations

import string
import textwrap
from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import SubFigure

from synthlab import figure
from synthlab.plots.common import readable
from synthlab.words import direction, translate

#: Letters of a title on an inch of the figure's width, at the sizes below: DejaVu Sans is about
#: 0.58 em wide, and a point is 1/72 inch.
_PER_INCH = 10
_TITLE, _PANEL = 11, 10  # points

#: Unicode's isolates: a formula or a number between them keeps its own direction.
_ISOLATE, _POP, _RIGHT_TO_LEFT = "\u2066", "\u2069", "\u200f"


def caption(ax: Axes | Iterable[Any], name: str, **values: object) -> None:
    """Write what a figure shows: title, panels, axes and legend, from the lesson's block.

    Call it last. A legend that is there keeps its place; where there is none and the block names
    labels, one is made.

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
        own = {
            key: value[at] if at is not None and isinstance(value, (list, tuple)) else value
            for key, value in values.items()
        }
        unit = name.split(".", 1)[0]
        sentence = translate(unit, message, context=f"{figure.PART}/{name}")
        return _Sentence().format(sentence, **own)

    every: list[Axes] = list(axes.flat)
    drawn = every[0].figure
    while isinstance(drawn, SubFigure):
        drawn = drawn.figure
    inches = drawn.get_figwidth()
    title = textwrap.fill(say(said.title), round(inches * _PER_INCH))
    if axes.ndim == 0:
        every[0].set_title(title, fontsize=_TITLE)
    else:
        drawn.suptitle(title, fontsize=_TITLE)
        width = round(inches * _PER_INCH / axes.shape[-1])
        for at, one in enumerate(every):
            panel = said.panels[at if len(said.panels) > 1 else 0] if said.panels else ""
            one.set_title(textwrap.fill(say(panel, at), width), fontsize=_PANEL)
        for at, row in enumerate(said.rows):
            axes[at, 0].set_ylabel(say(row, at))
    for one in every:
        if said.x:
            one.set_xlabel(say(said.x))
        if said.y:
            one.set_ylabel(say(said.y))
        _name(one, {key: say(label) for key, label in said.labels.items()})
        readable(one)


def _name(ax: Axes, labels: dict[str, str]) -> None:
    """Give the artists that have one of these labels its words, in the legend, too."""
    named = [artist for artist in ax.get_children() if str(artist.get_label()) in labels]
    for artist in named:
        artist.set_label(labels[str(artist.get_label())])
    legend = ax.get_legend()
    for text in legend.get_texts() if legend else ():
        text.set_text(labels.get(text.get_text(), text.get_text()))
    if named and not legend:
        ax.legend(framealpha=0.9)


class _Sentence(string.Formatter):
    """`str.format`, with every value isolated from text that runs from right to left."""

    def vformat(self, format_string: str, args: Any, kwargs: Any) -> str:
        sentence = super().vformat(format_string, args, kwargs)
        # A sentence that begins with a symbol would else run from left to right.
        return _RIGHT_TO_LEFT + sentence if sentence and direction() == "rtl" else sentence

    def format_field(self, value: Any, format_spec: str) -> Any:
        text = super().format_field(value, format_spec)
        return f"{_ISOLATE}{text}{_POP}" if direction() == "rtl" else text
