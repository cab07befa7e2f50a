"""Experiments: training runs that can be changed while they run, rewound, and told in a line.

A `Timeline` goes back to any step of a run and on from there. A `GANExperiment` is a GAN whose
data, networks, losses and optimisers are settings, a `CureExperiment` one with a cure of mode
collapse. `read` makes a timeline of a short text, and the timeline's ``text`` is that line again.
"""

from synthlab.experiments.collapse import COLLAPSE_FIELDS, CollapseSettings, CureExperiment
from synthlab.experiments.density import DENSITY_FIELDS, DensityExperiment, DensitySettings
from synthlab.experiments.gan import GANExperiment, Own
from synthlab.experiments.path import Path
from synthlab.experiments.settings import FIELDS, Field, GANSettings
from synthlab.experiments.text import read, replay, write
from synthlab.experiments.timeline import Timeline

__all__ = [
    "COLLAPSE_FIELDS",
    "DENSITY_FIELDS",
    "FIELDS",
    "CollapseSettings",
    "CureExperiment",
    "DensityExperiment",
    "DensitySettings",
    "Field",
    "GANExperiment",
    "GANSettings",
    "Own",
    "Path",
    "Timeline",
    "read",
    "replay",
    "write",
]
