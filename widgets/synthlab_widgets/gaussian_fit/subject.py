"""The run behind the Gaussian fit."""

from __future__ import annotations

from synthlab.data import Line
from synthlab.models.gaussian import Gaussian
from synthlab.training import train
from synthlab_widgets.gaussian_fit.observe import observe
from synthlab_widgets.subject import WatchedRun


def subject(seed: int) -> WatchedRun:
    """A Gaussian far from its data, with the seed of its batches."""
    run = train(Gaussian(), Line(mean=1, std=0.5), steps=None, seed=seed, batch_size=64)
    return WatchedRun(run, observe)
