"""Sources that know their truth: they draw samples, and most know their own density."""

from synthlab.data.source import Batch, Density, Source
from synthlab.data.toy2d import (
    Checkerboard,
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
    "EightGaussians",
    "GaussianMixture",
    "Grid",
    "PlaneSource",
    "Ring",
    "Source",
    "Spirals",
    "TwoMoons",
]
