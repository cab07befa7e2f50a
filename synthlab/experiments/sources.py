"""Sources in the plane by the names that settings give them."""

from __future__ import annotations

from typing import Any

from synthlab.data import Checkerboard, Drawing, EightGaussians, Grid, Ring, Spirals, TwoMoons

#: A source that somebody drew goes by ``drawing:`` and its `synthlab.data.Drawing.text`.
DRAWING = "drawing"

SOURCES = {
    "ring": Ring,
    "grid": Grid,
    "eight-gaussians": EightGaussians,
    "moons": TwoMoons,
    "checkerboard": Checkerboard,
    "spirals": Spirals,
}


def source(name: str) -> Any:
    """The source of this name, or of the drawing in it.

    >>> source("ring")
    Ring(modes=8, radius=2.0, std=0.02)
    """
    kind, _, dots = name.partition(":")
    return Drawing.parse(dots) if kind == DRAWING else SOURCES[kind]()
