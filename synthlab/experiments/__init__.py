"""Experiments: training runs that can be changed while they run, rewound, and told in a line.

A `Timeline` goes back to any step of a run and on from there. An `Experiment` is a run whose data,
model and training are `Settings`; each module beside the base declares one. `replay` makes a
timeline of a short text, and `write` makes that line of a timeline.
"""

from synthlab.experiments.experiment import Experiment
from synthlab.experiments.path import Path
from synthlab.experiments.settings import Settings
from synthlab.experiments.text import read, replay, write
from synthlab.experiments.timeline import Timeline

__all__ = ["Experiment", "Path", "Settings", "Timeline", "read", "replay", "write"]
