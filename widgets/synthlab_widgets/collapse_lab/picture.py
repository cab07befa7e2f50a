"""The lab's frame on paper and in words, for a notebook that is opened without a kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from synthlab.plots import EDGE, FAKE, REAL
from synthlab_widgets.frames import Keyframe
from synthlab_widgets.picture import png


def draw(frame: Keyframe, words: Mapping[str, str]) -> bytes:
    """Every run's points, and its three measures below them, as a PNG."""
    lanes = frame.values["lanes"]
    figure = Figure(figsize=(2.6 * max(2, len(lanes)), 3.4), dpi=100, layout="constrained")
    for k, ax in enumerate(figure.subplots(1, len(lanes), squeeze=False)[0]):
        _plane(ax, frame, k)
        ax.set_title(words[f"cure_{lanes[k]['cure']}"], fontsize=9)
        ax.set_xlabel(_measures(lanes[k], words), fontsize=8)
    return png(figure)


def _plane(ax: Axes, frame: Keyframe, k: int) -> None:
    low, high = bounds = frame.values["low"], frame.values["high"]
    arrays = frame.arrays
    ax.plot(*arrays["real"].T, "o", ms=5, color=REAL, alpha=0.4, mew=0)
    ax.plot(*arrays[f"{k}.fake"].T, "^", ms=3.5, color=FAKE, mec=EDGE, mew=0.3)
    ax.plot(*arrays[f"{k}.lost"].T, "x", ms=9, color="black", mew=1.5)
    ax.set(xlim=bounds, ylim=(low, high), aspect="equal")
    ax.tick_params(labelsize=7)


def _measures(lane: Mapping[str, Any], words: Mapping[str, str]) -> str:
    modes = lane["modes"]
    if modes is None:
        return words["broke"].format(step=lane["broken"])
    measures = numbers(modes, words)
    values = {
        "modes": words["modes_value"].format(covered=measures["covered"], modes=measures["modes"]),
        "quality": words["quality_value"].format(share=measures["share"]),
        "kl": measures["kl"],
    }
    return "\n".join(f"{words[name]}: {value}" for name, value in values.items())


def numbers(modes: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """The three measures as a sentence takes them."""
    kl = modes["kl"]
    return {
        "covered": round(modes["covered"]["value"]),
        "modes": modes["total"],
        "share": f"{100 * modes['quality']['value']:.0f}",
        "kl": words["undefined"] if kl is None else f"{kl['value']:.3f}",
    }


def summary(frame: Keyframe, words: Mapping[str, str]) -> str:
    """The step, and the three measures of every run."""
    sentences = [words["summary"].format(step=frame.step)]
    for lane in frame.values["lanes"]:
        cure = words[f"cure_{lane['cure']}"]
        if lane["modes"] is None:
            sentences.append(words["summary_broke"].format(cure=cure, step=lane["broken"]))
        else:
            measures = numbers(lane["modes"], words)
            sentences.append(words["summary_lane"].format(cure=cure, step=lane["step"], **measures))
    return " ".join(sentences)
