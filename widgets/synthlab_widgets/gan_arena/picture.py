"""A keyframe of the GAN arena on paper: an ordinary PNG, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synthlab.plots import EDGE, FAKE, FIELD, REAL, UNDECIDED
from synthlab_widgets import picture
from synthlab_widgets.frames import Keyframe


def draw(frame: Keyframe, words: Mapping[str, str]) -> bytes:
    """The frame as a PNG: the points of every run over D's field, and the losses."""
    runs = frame.values["runs"]
    figure = Figure(figsize=(3.5 * (len(runs) + 1), 3.5), dpi=130 - 20 * (len(runs) > 1))
    figure.set_layout_engine("constrained")
    *planes, losses = figure.subplots(1, len(runs) + 1)
    for ax, run in zip(planes, runs, strict=True):
        _plane(ax, frame, run, words)
        if len(runs) > 1:
            ax.set_title(words[f"run_{run}"], fontsize=9)
    names = {
        words[f"run_{run}"] if len(runs) > 1 else "": (f"{run}.", frame.values[run]["losses"])
        for run in runs
    }
    picture.losses(losses, frame, words, names)
    figure.suptitle(summary(frame, words), fontsize=10)
    return picture.png(figure)


def _plane(ax: Axes, frame: Keyframe, run: str, words: Mapping[str, str]) -> None:
    field = frame.arrays[f"{run}.field"] / 255
    low, high = bounds = frame.values["low"], frame.values["high"]
    ax.imshow(
        field, cmap=FIELD, vmin=0, vmax=1, origin="lower", extent=(low, high, low, high),
        interpolation="bilinear",
    )  # fmt: skip
    if field.min() < 0.5 < field.max():
        side = np.linspace(low, high, len(field))
        ax.contour(side, side, field, levels=[0.5], colors=UNDECIDED, linewidths=1)
    real, fake = frame.arrays["real"], frame.arrays[f"{run}.fake"]
    ax.plot(*real.T, "o", ms=6, color=REAL, alpha=0.4, mew=0, label=words["real"])
    ax.plot(*fake.T, "^", ms=4, color=FAKE, mec=EDGE, mew=0.4, label=words["fake"])
    ax.set(xlim=bounds, ylim=bounds, aspect="equal")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2, fontsize=8, frameon=False)
    ax.tick_params(labelsize=8)


def summary(frame: Keyframe, words: Mapping[str, str]) -> str:
    """The step and, where there are modes, how many of them the fakes of each run cover."""
    runs = frame.values["runs"]
    summaries = [_counts(frame, run, words) for run in runs]
    if len(runs) == 1:
        return summaries[0]
    named = words["of_run"]
    return " ".join(
        named.format(run=words[f"run_{run}"], summary=text)
        for run, text in zip(runs, summaries, strict=True)
    )


def _counts(frame: Keyframe, run: str, words: Mapping[str, str]) -> str:
    modes = frame.values[run]["modes"]
    if modes is None:
        return words["summary"].format(step=frame.step)
    return words["summary_modes"].format(
        step=frame.step,
        covered=round(modes["covered"]["value"]),
        modes=modes["total"],
        share=round(100 * modes["quality"]["value"]),
    )
