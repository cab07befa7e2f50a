"""The explorer's frame on paper and in words, for a notebook that is opened without a kernel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from synthlab.plots import EDGE, FAKE, FIELD, REAL
from synthlab.words import counted
from synthlab_widgets.frames import Keyframe
from synthlab_widgets.picture import losses, png


def draw(frame: Keyframe, words: Mapping[str, str]) -> bytes:
    """The plane and the two curves as a PNG."""
    values = frame.values
    low, high = values["low"], values["high"]
    figure = Figure(figsize=(7.6, 3.5), dpi=110, layout="constrained")
    plane, chart = figure.subplots(1, 2)
    levels = frame.arrays["field"]
    side = round(levels.size**0.5)
    window = (low, high, low, high)
    plane.imshow(
        levels.reshape(side, side), origin="lower", extent=window, cmap=FIELD, vmin=0, vmax=255
    )
    plane.plot(*np.atleast_2d(frame.arrays["train"]).T, "o", color=REAL, ms=3, mew=0, alpha=0.5)
    plane.plot(*np.atleast_2d(frame.arrays["fake"]).T, "^", color=FAKE, ms=3, mec=EDGE, mew=0.3)
    plane.set(xlim=(low, high), ylim=(low, high))
    plane.tick_params(labelsize=8)
    losses(chart, frame, words)
    chart.set_title(words["nll_title"], fontsize=8)
    chart.axhline(values["floor"], color="0.3", linestyle=":")
    return png(figure)


def summary(frame: Keyframe, words: Mapping[str, str]) -> str:
    """One sentence: how many samples, and how far above the floor."""
    values = frame.values
    model = words[f"model_{values['model']}"]
    if values["excess"] is None:
        return words["explorer_start"].format(model=model)
    n, excess = values["n"], f"{values['excess']['value']:.3f}"
    sentence = counted(words, "explorer_summary", n)
    return sentence.format(step=frame.step, model=model, n=n, excess=excess)
