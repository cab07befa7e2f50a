"""Two-dimensional sources whose density and entropy are known."""

from synthlab.data.toy2d.checkerboard import Checkerboard
from synthlab.data.toy2d.curves import Spirals, TwoMoons
from synthlab.data.toy2d.drawing import Drawing
from synthlab.data.toy2d.mixture import EightGaussians, GaussianMixture, Grid, Ring
from synthlab.data.toy2d.plane import PlaneSource

__all__ = [
    "Checkerboard",
    "Drawing",
    "EightGaussians",
    "GaussianMixture",
    "Grid",
    "PlaneSource",
    "Ring",
    "Spirals",
    "TwoMoons",
]
