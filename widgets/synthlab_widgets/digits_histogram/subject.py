"""The experiment behind the histogram of digits."""

from __future__ import annotations

from synthlab.experiments.digits import DigitsExperiment, DigitsSettings
from synthlab_widgets.digits_histogram.observe import observe, samples
from synthlab_widgets.subject import WatchedRun


def subject(seed: int) -> WatchedRun:
    """A histogram that has counted nothing, with the seed of its batches."""
    return WatchedRun(DigitsExperiment(DigitsSettings(seed=seed)), observe, samples)
