"""Keyframes on paper: what the ordinary pictures of all widgets have in common.

They are drawn from a frame's numbers alone. So they can be drawn in any thread, and still when
the model can no longer be asked.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from synthlab.plots import line_styles
from synthlab_widgets.frames import Keyframe


def png(figure: Figure) -> bytes:
    """The figure as a small PNG.

    A palette of 256 colours makes it a third of the size, and nobody sees a difference.
    """
    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png")
    palette = Image.open(drawn).convert("RGB").quantize(256, Image.Quantize.FASTOCTREE)
    palette.save(small, "PNG", optimize=True)
    return small.getvalue()


def losses(
    ax: Axes,
    frame: Keyframe,
    words: Mapping[str, str],
    runs: Mapping[str, tuple[str, list[str]]] | None = None,
) -> None:
    """Draw the losses over the steps.

    Args:
        ax: Where to draw.
        frame: The frame.
        words: The widget's words.
        runs: By the title of a run, the prefix of its arrays and the names of its losses.
    """
    runs = runs if runs is not None else {"": ("", list(frame.values["losses"]))}
    drawn = False
    for width, (title, (prefix, names)) in zip((1.3, 0.8), runs.items(), strict=False):
        for name, (color, style) in line_styles(names).items():
            steps, means = frame.arrays[f"{prefix}loss:{name}"].T
            label = f"{title} {words.get(name, name)}".strip()
            ax.plot(steps, means, style, color=color, lw=width, label=label)
            drawn = True
    if drawn:
        ax.legend(loc="upper right", fontsize=8, frameon=False)
    ax.set_title(words["losses"], fontsize=9)
    ax.set_xlabel(words["step_column"], fontsize=8)
    ax.tick_params(labelsize=8)
    ax.spines[["top", "right"]].set_visible(False)


def draw(frame: Keyframe, words: Mapping[str, str]) -> bytes:
    """The losses of a frame as a PNG."""
    figure = Figure(figsize=(6.4, 3), dpi=130, layout="constrained")
    losses(figure.subplots(), frame, words)
    return png(figure)


def summary(frame: Keyframe, words: Mapping[str, str]) -> str:
    """The step."""
    return f"{words['step_count'].format(step=frame.step)}."
