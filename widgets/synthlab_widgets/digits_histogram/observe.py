"""Observation of the histogram: real digits, sampled ones, and the least loss there is."""

from __future__ import annotations

from functools import cache

from synthlab.data import Digits
from synthlab.experiments.digits import DigitsExperiment
from synthlab.models.pixel_histogram import PixelHistogram
from synthlab_widgets import look
from synthlab_widgets.screen import Observation

#: Images of each kind.
SHOWN = 32


def observe(run: DigitsExperiment) -> Observation:
    """The same real digits every time."""
    real = look.images(run.source.sample(SHOWN, look.noise()).x, "source.sample")
    return Observation({"levels": Digits.kind.levels, "floor": floor()}, {"real": real})


def samples(model: PixelHistogram) -> dict[str, look.Array]:
    """Sampled digits, from the same random numbers every time, so that the model alone moves."""
    return {"fake": look.images(model.sample(SHOWN, look.noise()), "sample")}


@cache
def floor() -> float:
    """The mean NLL of the images to train on when every pixel has its own frequencies, in nats.

    No other independent pixels come below it: counting is maximum likelihood.
    """
    x = Digits().split().train.x
    # of a pseudocount so small nothing is left: every level that is asked for was counted
    best = PixelHistogram(Digits.kind, pseudocount=1e-9).fit(x)
    return -best.log_prob(x).mean().item()
