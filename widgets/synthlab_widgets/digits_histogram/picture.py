"""Digits and losses on paper, and the picture in words."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import fill

from matplotlib.figure import Figure

from synthlab.plots import images
from synthlab_widgets.frames import Keyframe
from synthlab_widgets.picture import losses, png, summary

__all__ = ["draw", "summary"]


def draw(frame: Keyframe, words: Mapping[str, str]) -> bytes:
    """Real digits, sampled ones and the losses of a frame as a PNG."""
    figure = Figure(figsize=(7.6, 2.4), dpi=130, layout="constrained")
    *grids, chart = figure.subplots(1, 3)
    for ax, name in zip(grids, ("real", "fake"), strict=True):
        images(ax, frame.arrays[name], levels=frame.values["levels"], columns=8, title=words[name])
        ax.title.set_fontsize(9)
    losses(chart, frame, words)
    chart.set_title(fill(words["losses"], 42), fontsize=8)
    chart.axhline(frame.values["floor"], color="0.3", linestyle=":")
    return png(figure)
