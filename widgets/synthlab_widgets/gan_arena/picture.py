"""A keyframe of the GAN arena on paper: an ordinary PNG, and the same in words.

It is drawn from the frame's numbers alone. So it can be drawn in any thread, and still when
the model can no longer be asked.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from synthlab.plots import EDGE, FAKE, FIELD, LINES, REAL, UNDECIDED
from synthlab_widgets.frames import Keyframe


def draw(frame: Keyframe, bounds: tuple[float, float], words: Mapping[str, str]) -> bytes:
    """The frame as a PNG: points over the field on the left, losses on the right."""
    figure = Figure(figsize=(7.2, 3.4), dpi=130, layout="constrained")
    arena, losses = figure.subplots(1, 2, width_ratios=(1, 1.05))
    _arena(arena, frame, bounds, words)
    _losses(losses, frame, words)
    figure.suptitle(summary(frame, words), fontsize=10)
    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png")
    # A palette of 256 colours makes it a third of the size, and nobody sees a difference.
    palette = Image.open(drawn).convert("RGB").quantize(256, Image.Quantize.FASTOCTREE)
    palette.save(small, "PNG", optimize=True)
    return small.getvalue()


def _arena(
    ax: Axes, frame: Keyframe, bounds: tuple[float, float], words: Mapping[str, str]
) -> None:
    field = frame.arrays["field"]
    low, high = bounds
    ax.imshow(
        field, cmap=FIELD, vmin=0, vmax=1, origin="lower", extent=(low, high, low, high),
        interpolation="bilinear",
    )  # fmt: skip
    if field.min() < 0.5 < field.max():
        side = np.linspace(low, high, len(field))
        ax.contour(side, side, field, levels=[0.5], colors=UNDECIDED, linewidths=1)
    real, fake = frame.arrays["real"], frame.arrays["fake"]
    ax.plot(*real.T, "o", ms=6, color=REAL, alpha=0.4, mew=0, label=words["real"])
    ax.plot(*fake.T, "^", ms=4, color=FAKE, mec=EDGE, mew=0.4, label=words["fake"])
    ax.set(xlim=bounds, ylim=bounds, aspect="equal")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.08), ncols=2, fontsize=8, frameon=False)
    ax.tick_params(labelsize=8)


def _losses(ax: Axes, frame: Keyframe, words: Mapping[str, str]) -> None:
    for name in frame.values["losses"]:
        color, style = LINES.get(name, ("#555555", ":"))
        steps, means = frame.arrays[f"loss:{name}"].T
        ax.plot(steps, means, style, color=color, lw=1.2, label=words.get(name, name))
    if frame.values["losses"]:
        ax.legend(loc="upper right", fontsize=8, frameon=False)
    ax.set_title(words["losses"], fontsize=9)
    ax.set_xlabel(words["step_column"], fontsize=8)
    ax.tick_params(labelsize=8)
    ax.spines[["top", "right"]].set_visible(False)


def summary(frame: Keyframe, words: Mapping[str, str]) -> str:
    """The step and, where there are modes, how many of them the fakes cover."""
    modes = frame.values["modes"]
    if modes is None:
        return words["summary"].format(step=frame.step)
    return words["summary_modes"].format(
        step=frame.step,
        covered=round(modes["covered"]["value"]),
        modes=modes["total"],
        share=round(100 * modes["quality"]["value"]),
    )


def describe(frame: Keyframe, words: Mapping[str, str]) -> str:
    """The whole picture in words."""
    return f"{summary(frame, words)} {words['alt']}"
