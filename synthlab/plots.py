"""Figures: each function draws on a matplotlib ``Axes`` and returns it.

The palette is Okabe and Ito's, which people with any colour vision can tell apart, and shape
says the same as colour: real samples are circles, generated ones triangles. Pass ``title=`` to
state what the figure shows; without it the title says what was drawn. `alt_text` puts a
drawn figure into words.

>>> from matplotlib.figure import Figure
>>> from synthlab.data import Ring
>>> ax = Figure().add_subplot()
>>> print(alt_text(samples(ax, real=Ring().sample(500).x, title="Eight modes")))
Eight modes. 500 real samples, drawn as circles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np
import torch
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.text import Text as Label
from numpy.typing import NDArray
from torch import Tensor, nn

from synthlab.data import Density
from synthlab.data.samples import as_samples
from synthlab.data.source import check_count, check_finite
from synthlab.errors import SynthlabError
from synthlab.words import N_, translate

#: The palette, for everything that draws a GAN in the plane: blue and orange.
REAL, FAKE = "#0072B2", "#E69F00"
EDGE = "#7A5200"  # orange alone has too little contrast with white
FIELD = LinearSegmentedColormap.from_list("field", ["#F6D9A8", "#FFFFFF", "#B9D9EC"])
UNDECIDED = "#444444"  # the line where D(x) is one half
LINES = {"discriminator": ("#009E73", "-"), "generator": ("#B0508A", "--")}
_OTHER_LINES = (("#0072B2", "-."), ("#D55E00", ":"), ("#56B4E9", "-"), ("#000000", "--"))

#: Points over which the mean loss runs: this share of all steps, and the curve stays readable.
_WINDOW = 0.02

#: Words for the names of losses that the course's models return.
_NAMES = {"discriminator": N_("discriminator"), "generator": N_("generator")}

#: What each drawn artist shows, in words; an artist that is removed takes its words along.
_shown: WeakKeyDictionary[Artist, str] = WeakKeyDictionary()


class Observed(Protocol):
    """What `losses` reads of a step of training."""

    @property
    def index(self) -> int:
        """The step's number."""

    @property
    def losses(self) -> Mapping[str, float]:
        """The named losses of the step."""


def samples(ax: Axes, real: Any = None, fake: Any = None, *, title: str | None = None) -> Axes:
    """Draw real samples as blue circles, generated ones as orange triangles.

    It may be drawn over a `discriminator_field` or a `density`; their window stays.

    Args:
        ax: Where to draw.
        real: Samples of the source, an array or tensor ``(n, 2)``, or None.
        fake: Generated samples, ``(m, 2)``, or None.
        title: A sentence that states the finding.

    Raises:
        SynthlabError: When neither is given, or one is not a table of finite numbers ``(n, 2)``.
    """
    if real is None and fake is None:
        raise SynthlabError("There is nothing to draw: give real samples, fake samples or both.")
    default = N_("Samples: real and generated")
    if fake is None:
        default = N_("Samples: real")
    elif real is None:
        default = N_("Samples: generated")
    if real is not None:
        line, n = _points(ax, real, "o", color=REAL, markersize=6, markeredgewidth=0)
        line.set_label(_say(N_("real")))
        _shown[line] = _say(N_("{n} real samples, drawn as circles.")).format(n=n)
    if fake is not None:
        line, n = _points(
            ax, fake, "^", color=FAKE, markersize=4, markeredgewidth=0.4, markeredgecolor=EDGE
        )
        line.set_label(_say(N_("generated")))
        _shown[line] = _say(N_("{n} generated samples, drawn as triangles.")).format(n=n)
    return _finish(_plane(ax), title, default, legend=True)


def discriminator_field(
    ax: Axes,
    discriminator: Callable[[Tensor], Tensor],
    bounds: tuple[float, float],
    *,
    title: str | None = None,
    resolution: int = 96,
    colorbar: bool = True,
) -> Axes:
    """Draw the discriminator's probability of "real" over a square window.

    Blue means real, orange generated, and the line is where the discriminator cannot tell:
    ``D(x) = 1/2``.

    Args:
        ax: Where to draw.
        discriminator: Points ``(n, 2)`` in float32 to logits ``(n,)``. A module is asked in
            evaluation mode, without gradients, and left as it was.
        bounds: ``(low, high)`` of the window on both axes, for example ``source.bounds``.
        title: A sentence that states the finding.
        resolution: Points along each side.
        colorbar: Whether to add the scale.

    Raises:
        SynthlabError: When the bounds are not a window, or the discriminator does not return
            one logit a point.
    """
    low, high = _window(bounds)
    x, shape = _square(low, high, resolution)
    logits = _ask(discriminator, x)
    if not isinstance(logits, Tensor) or logits.numel() != len(x):
        found = tuple(logits.shape) if isinstance(logits, Tensor) else type(logits).__name__
        raise SynthlabError(
            f"The discriminator must return one logit a point, ({len(x)},), not {found}."
        )
    probability = torch.sigmoid(logits.detach().double()).reshape(shape).numpy()
    image = _image(ax, probability, (low, high), cmap=FIELD, vmin=0.0, vmax=1.0)
    if probability.min() < 0.5 < probability.max():
        side = np.linspace(low, high, resolution)
        ax.contour(side, side, probability, levels=[0.5], colors=UNDECIDED, linewidths=1.0)
    if colorbar:
        _scale(ax, image, N_("D(x): probability of real"), ticks=(0, 0.5, 1))
    _shown[image] = _say(
        N_("The discriminator calls {share:.0%} of the window more likely real than generated.")
    ).format(share=float((probability > 0.5).mean()))
    return _finish(_plane(ax), title, N_("What the discriminator believes"))


def density(ax: Axes, source: Density, *, title: str | None = None, resolution: int = 200) -> Axes:
    """Draw the density of a source over its own window.

    Args:
        ax: Where to draw.
        source: A source of points in the plane with ``log_prob`` and ``bounds``.
        title: A sentence that states the finding.
        resolution: Points along each side.

    Raises:
        SynthlabError: When the source has no density or no window.
    """
    if not hasattr(source, "log_prob") or not hasattr(source, "bounds"):
        raise SynthlabError(
            f"{type(source).__name__} has no density in the plane to draw; "
            "give a source with log_prob and bounds, such as Ring."
        )
    low, high = _window(source.bounds)
    x, shape = _square(low, high, resolution)
    with torch.no_grad():
        p = source.log_prob(x).exp().reshape(shape).numpy()
    image = _image(ax, p, (low, high), cmap="cividis", vmin=0.0)
    _scale(ax, image, N_("density p(x)"))
    _shown[image] = _say(
        N_("The density of {source} on the square from {low:.3g} to {high:.3g}.")
    ).format(source=type(source).__name__, low=low, high=high)
    return _finish(_plane(ax), title, N_("The true density"))


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
    spare = iter(_OTHER_LINES * len(curves))
    for name, pairs in curves.items():
        color, style = LINES.get(name) or next(spare)
        index, value = np.array(pairs, dtype=float).T
        window = max(1, round(_WINDOW * len(value)))
        at, smooth = _running_mean(index, window), _running_mean(value, window)
        if window > 1:
            ax.plot(index, value, color=color, linewidth=0.6, alpha=0.25)
        label = _say(_NAMES.get(name, name))
        (line,) = ax.plot(at, smooth, style, color=color, linewidth=1.6, label=label)
        _shown[line] = _say(
            N_("Loss of the {name}: {first:.3g} at step {start}, {last:.3g} at step {end}.")
        ).format(
            name=label, first=smooth[0], last=smooth[-1], start=int(index[0]), end=int(index[-1])
        )
    ax.set_xlabel(_say(N_("step")))
    ax.set_ylabel(_say(N_("loss (nats)")))
    ax.spines[["top", "right"]].set_visible(False)
    return _finish(ax, title, N_("The losses of both networks"), legend=True)


def alt_text(ax: Axes) -> str:
    """What the axes show, in words: the title, then a sentence for each thing drawn."""
    title = ax.get_title().strip()
    sentences = [title if title.endswith((".", "?", "؟")) else f"{title}."] if title else []
    sentences += [_shown[artist] for artist in ax.get_children() if artist in _shown]
    return " ".join(sentences)


def _say(msgid: str) -> str:
    return translate("figures", msgid)


def _points(ax: Axes, x: Any, marker: str, **style: Any) -> tuple[Line2D, int]:
    points = as_samples(x, "samples", dim=2).numpy()
    (line,) = ax.plot(points[:, 0], points[:, 1], marker, alpha=0.6, **style)
    return line, len(points)


def _window(bounds: tuple[float, float]) -> tuple[float, float]:
    try:
        low, high = bounds
    except (TypeError, ValueError):
        raise SynthlabError(f"bounds must be a pair (low, high), not {bounds!r}.") from None
    low, high = check_finite(low, "low"), check_finite(high, "high")
    if low >= high:
        raise SynthlabError(f"bounds must rise from low to high, not {bounds!r}.")
    return low, high


def _square(low: float, high: float, resolution: int) -> tuple[Tensor, tuple[int, int]]:
    """The points of a square lattice ``(r * r, 2)``, row by row from below, and ``(r, r)``."""
    check_count(resolution, "resolution", 2)
    side = torch.linspace(low, high, resolution)
    y, x = torch.meshgrid(side, side, indexing="ij")
    return torch.stack((x.flatten(), y.flatten()), dim=1), (resolution, resolution)


def _ask(discriminator: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    # In training mode a batch norm would learn from the picture.
    module = discriminator if isinstance(discriminator, nn.Module) else None
    modes = {part: part.training for part in module.modules()} if module else {}
    try:
        if module:
            module.eval()
        with torch.no_grad():
            return discriminator(x)
    finally:
        for part, training in modes.items():
            part.training = training


def _image(ax: Axes, values: NDArray[Any], bounds: tuple[float, float], **style: Any) -> Any:
    # Values stand at the lattice's points, which are the pixels' centres.
    low, high = bounds
    half = (high - low) / (len(values) - 1) / 2
    edges = (low - half, high + half) * 2
    image = ax.imshow(values, origin="lower", extent=edges, interpolation="nearest", **style)
    ax.set(xlim=(low, high), ylim=(low, high))
    return image


def _scale(ax: Axes, image: Any, label: str, ticks: Sequence[float] | None = None) -> None:
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.85, ticks=ticks)
    bar.set_label(_say(label))
    _readable(bar.ax)


def _running_mean(values: NDArray[Any], window: int) -> NDArray[Any]:
    return np.convolve(values, np.full(window, 1 / window), mode="valid")


def _plane(ax: Axes) -> Axes:
    ax.set(aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    return ax


def _finish(ax: Axes, title: str | None, default: str, legend: bool = False) -> Axes:
    """Set the title (a later layer keeps the first's), the legend and readable fonts."""
    if title is not None or not ax.get_title():
        ax.set_title(_say(default) if title is None else title)
    if legend:
        ax.legend(loc="best", framealpha=0.9)
    _readable(ax)
    return ax


def _readable(ax: Axes) -> None:
    # DejaVu Sans comes with matplotlib and has Arabic; a chosen font may not.
    for label in ax.findobj(Label):
        family = label.get_fontfamily()
        if "DejaVu Sans" not in family:
            label.set_fontfamily([*family, "DejaVu Sans"])
