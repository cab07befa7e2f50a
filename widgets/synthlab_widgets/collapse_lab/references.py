"""Samples whose worth is known, and their measures: between them every result is read."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from synthlab.data import GaussianMixture, Ring
from synthlab.metrics import mode_report
from synthlab_widgets import look, modes
from synthlab_widgets.look import POINTS, Array
from synthlab_widgets.modes import COUNTED

#: The blurred grid has modes that are so many times as wide as they should be.
BLUR = 5.0


@dataclass(frozen=True)
class Reference:
    """One set of samples.

    Attributes:
        name: ``"perfect"``, ``"circle"`` or ``"blurred"``.
        points: The first of them, for the picture.
        counts: What the meters say, as `modes.as_values` gives them.
    """

    name: str
    points: Array
    counts: dict[str, object]


def references(source: GaussianMixture) -> tuple[Reference, ...]:
    """The perfect sampler, and samples that deceive whoever looks at one meter alone."""
    samples = {"perfect": source.sample(COUNTED, look.noise()).x}
    if isinstance(source, Ring):
        samples["circle"] = _circle(source)
    else:
        samples["blurred"] = _blurred(source)
    return tuple(
        Reference(name, x[:POINTS].numpy(), modes.as_values(mode_report(x, source)))
        for name, x in samples.items()
    )


def _circle(ring: Ring) -> Tensor:
    """Points spread evenly on the circle: every mode is covered, hardly a point is on one."""
    angle = 2 * math.pi * torch.rand(COUNTED, generator=look.noise())
    return ring.radius * torch.stack((angle.cos(), angle.sin()), dim=1)


def _blurred(source: GaussianMixture) -> Tensor:
    """The source's own modes, too wide."""
    wide = GaussianMixture(means=source.means, std=BLUR * source.std, weights=source.weights)
    return wide.sample(COUNTED, look.noise()).x
