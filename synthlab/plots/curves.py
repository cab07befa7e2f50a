"""The curves of a training run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import cycle
from typing import Any, Protocol

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from synthlab.errors import SynthlabError
from synthlab.plots.common import descriptions, finish, say
from synthlab.words import N_

LINES = {"discriminator": ("#009E73", "-"), "generator": ("#B0508A", "--")}
_OTHER_LINES = (("#0072B2", "-."), ("#D55E00", ":"), ("#56B4E9", "-"), ("#000000", "--"))

#: Points over which the mean loss runs: this share of all steps, and the curve stays readable.
_WINDOW = 0.02

#: Words for the names of losses that the course's models return.
_NAMES = {"discriminator": N_("discriminator"), "generator": N_("generator")}


class Observed(Protocol):
    """What `losses` reads of a step of training."""

    @property
    def index(self) -> int:
        """The step's number."""

    @property
    def losses(self) -> Mapping[str, float]:
        """The named losses of the step."""


def losses(ax: Axes, steps: Iterable[Observed], *, title: str | None = None) -> Axes:
    """Draw the losses of a training run, one line style a network.

    The thin line is every step, the thick one a running mean over 2 % of the run.

    Args:
        ax: Where to draw.
        steps: The steps of a run, or anything else with ``index`` and ``losses``.
        title: A sentence that states the finding.

    Raises:
        SynthlabError: When there are no steps.
    """
    curves: dict[str, list[tuple[int, float]]] = {}
    for step in steps:
        for name, value in step.losses.items():
            curves.setdefault(name, []).append((step.index, value))
    if not curves:
        raise SynthlabError("There are no losses to draw: the run has made no step yet.")
    styles = line_styles(curves)
    for name, pairs in curves.items():
        color, style = styles[name]
        index, value = np.array(pairs, dtype=float).T
        window = max(1, round(_WINDOW * len(value)))
        at, smooth = _running_mean(index, window), _running_mean(value, window)
        if window > 1:
            ax.plot(index, value, color=color, linewidth=0.6, alpha=0.25)
        label = say(_NAMES.get(name, name))
        (line,) = ax.plot(at, smooth, style, color=color, linewidth=1.6, label=label)
        descriptions[line] = say(
            N_("Loss of the {name}: {first:.3g} at step {start}, {last:.3g} at step {end}."),
            name=label,
            first=smooth[0],
            last=smooth[-1],
            start=int(index[0]),
            end=int(index[-1]),
        )
    ax.set_xlabel(say(N_("step")))
    ax.set_ylabel(say(N_("loss (nats)")))
    ax.spines[["top", "right"]].set_visible(False)
    return finish(ax, title, N_("The losses of both networks"), legend=True)


def line_styles(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """A colour and a style for the curve of each loss, told apart by both.

    >>> line_styles(["train", "held_out"])
    {'train': ('#0072B2', '-.'), 'held_out': ('#D55E00', ':')}
    """
    spare = cycle(_OTHER_LINES)
    return {name: LINES.get(name) or next(spare) for name in names}


def _running_mean(values: NDArray[Any], window: int) -> NDArray[Any]:
    return np.convolve(values, np.full(window, 1 / window), mode="valid")
