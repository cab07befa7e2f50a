"""Sources that know their truth: they draw samples, and most know their own density."""

from synthlab.data.line import Line
from synthlab.data.source import Batch, Density, Source
from synthlab.data.toy2d import (
    Checkerboard,
    Drawing,
    EightGaussians,
    GaussianMixture,
    Grid,
    PlaneSource,
    Ring,
    Spirals,
    TwoMoons,
)

__all__ = [
    "Batch",
    "Checkerboard",
    "Density",
    "Drawing",
    "EightGaussians",
    "GaussianMixture",
    "Grid",
    "Line",
    "PlaneSource",
    "Ring",
    "Source",
    "Spirals",
    "TwoMoons",
]
