"""Figures in the plane: samples, a density, and what a discriminator believes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from torch import Tensor, nn

from synthlab.data import Density, Points
from synthlab.data.samples import as_samples
from synthlab.data.source import check_count, check_finite
from synthlab.errors import SynthlabError
from synthlab.plots.common import descriptions, finish, readable, say
from synthlab.words import N_

#: The palette, for everything that draws a GAN in the plane: blue and orange.
REAL, FAKE = "#0072B2", "#E69F00"
EDGE = "#7A5200"  # orange alone has too little contrast with white
FIELD = LinearSegmentedColormap.from_list("field", ["#F6D9A8", "#FFFFFF", "#B9D9EC"])
UNDECIDED = "#444444"  # the line where D(x) is one half


def samples(ax: Axes, real: Any = None, fake: Any = None, *, title: str | None = None) -> Axes:
    """Draw real samples as blue circles, fake ones as orange triangles.

    It may be drawn over a `discriminator_field` or a `density`; their window stays.

    Args:
        ax: Where to draw.
        real: Samples of the source, an array or tensor ``(n, 2)``, or None.
        fake: Fake samples, ``(m, 2)``, or None.
        title: A sentence that states the finding.

    Raises:
        SynthlabError: When neither is given, or one is not a table of finite numbers ``(n, 2)``.
    """
    if real is None and fake is None:
        raise SynthlabError("There is nothing to draw: give real samples, fake samples or both.")
    default = N_("Samples: real and fake")
    if fake is None:
        default = N_("Samples: real")
    elif real is None:
        default = N_("Samples: fake")
    if real is not None:
        line, n = _points(ax, real, "o", color=REAL, markersize=6, markeredgewidth=0)
        line.set_label(say(N_("real")))
        descriptions[line] = say(
            N_("{n} real sample, drawn as a circle.", "{n} real samples, drawn as circles."), n=n
        )
    if fake is not None:
        line, n = _points(
            ax, fake, "^", color=FAKE, markersize=4, markeredgewidth=0.4, markeredgecolor=EDGE
        )
        line.set_label(say(N_("fake")))
        descriptions[line] = say(
            N_(
                "{n} fake sample, drawn as a triangle.",
                "{n} fake samples, drawn as triangles.",
            ),
            n=n,
        )
    return finish(_plane(ax), title, default, legend=True)


def discriminator_field(
    ax: Axes,
    discriminator: Callable[[Tensor], Tensor],
    bounds: tuple[float, float],
    *,
    title: str | None = None,
    resolution: int = 96,
    colorbar: bool = True,
    limits: tuple[float, float] = (0.0, 1.0),
) -> Axes:
    """Draw the discriminator's probability of "real" over a square window.

    Blue means real, orange fake, and the line is where the discriminator cannot tell:
    ``D(x) = 1/2``.

    Args:
        ax: Where to draw.
        discriminator: Points ``(n, 2)`` in float32 to logits ``(n,)``. A module is asked in
            evaluation mode, without gradients, and left as it was.
        bounds: ``(low, high)`` of the window on both axes, for example ``source.bounds``.
        title: A sentence that states the finding.
        resolution: Points along each side.
        colorbar: Whether to add the scale.
        limits: The probabilities at both ends of the scale; narrow ones show small differences.

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
            "The discriminator must return one logit a point, ({count},), not {found}.",
            count=len(x),
            found=found,
        )
    probability = torch.sigmoid(logits.detach().double()).reshape(shape).numpy()
    image = _image(ax, probability, (low, high), cmap=FIELD, vmin=limits[0], vmax=limits[1])
    if probability.min() < 0.5 < probability.max():
        side = np.linspace(low, high, resolution)
        ax.contour(side, side, probability, levels=[0.5], colors=UNDECIDED, linewidths=1.0)
    if colorbar:
        _scale(ax, image, N_("D(x): probability of real"), ticks=(limits[0], 0.5, limits[1]))
    descriptions[image] = say(
        N_("The discriminator calls {share:.0%} of the window more likely real than fake."),
        share=float((probability > 0.5).mean()),
    )
    return finish(_plane(ax), title, N_("What the discriminator believes"))


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
            "{type} has no density in the plane to draw; give a source with log_prob and "
            "bounds, such as Ring.",
            type=type(source).__name__,
        )
    low, high = _window(source.bounds)
    x, shape = _square(low, high, resolution)
    with torch.no_grad():
        p = source.log_prob(x).exp().reshape(shape).numpy()
    image = _image(ax, p, (low, high), cmap="cividis", vmin=0.0)
    _scale(ax, image, N_("density p(x)"))
    descriptions[image] = say(
        N_("The density of {source} on the square from {low:.3g} to {high:.3g}."),
        source=type(source).__name__,
        low=low,
        high=high,
    )
    return finish(_plane(ax), title, N_("The true density"))


def _points(ax: Axes, x: Any, marker: str, **style: Any) -> tuple[Line2D, int]:
    points = as_samples(x, "samples", Points(2)).numpy()
    (line,) = ax.plot(points[:, 0], points[:, 1], marker, alpha=0.6, **style)
    return line, len(points)


def _window(bounds: tuple[float, float]) -> tuple[float, float]:
    try:
        low, high = bounds
    except (TypeError, ValueError):
        raise SynthlabError(
            "bounds must be a pair (low, high), not {bounds!r}.", bounds=bounds
        ) from None
    low, high = check_finite(low, "low"), check_finite(high, "high")
    if low >= high:
        raise SynthlabError("bounds must rise from low to high, not {bounds!r}.", bounds=bounds)
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
    bar.set_label(say(label))
    readable(bar.ax)


def _plane(ax: Axes) -> Axes:
    ax.set(aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    return ax
