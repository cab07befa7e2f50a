"""Sources that know their truth: they draw samples, and most know their own density."""

from synthlab.data.digits import Digits
from synthlab.data.finite import Finite, Split
from synthlab.data.kinds import Column, Images, Kind, Points, Series, Table, Tokens
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
    "Column",
    "Density",
    "Digits",
    "Drawing",
    "EightGaussians",
    "Finite",
    "GaussianMixture",
    "Grid",
    "Images",
    "Kind",
    "Line",
    "PlaneSource",
    "Points",
    "Ring",
    "Series",
    "Source",
    "Spirals",
    "Split",
    "Table",
    "Tokens",
    "TwoMoons",
]
