"""The run behind the histogram of digits."""

from __future__ import annotations

from synthlab.data import Digits
from synthlab.models.pixel_histogram import PixelHistogram
from synthlab.training import train
from synthlab_widgets.digits_histogram.observe import observe
from synthlab_widgets.subject import WatchedRun


def subject(seed: int) -> WatchedRun:
    """A histogram that has counted nothing, with the seed of its batches."""
    run = train(PixelHistogram(Digits.kind), Digits(), steps=None, seed=seed, batch_size=16)
    return WatchedRun(run, observe)
