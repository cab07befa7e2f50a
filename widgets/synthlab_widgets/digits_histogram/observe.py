"""Observation of the histogram: real digits, sampled ones, and the least loss there is."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch

from synthlab.data import Digits
from synthlab.models.pixel_histogram import PixelHistogram
from synthlab.training import Run
from synthlab_widgets.screen import Observation

#: Images of each kind.
SHOWN = 32


def observe(run: Run) -> Observation:
    """The same real digits and random numbers every time, so that the model alone moves."""
    source: Any = run.source
    model: Any = run.model
    images = {
        "real": source.sample(SHOWN, torch.Generator().manual_seed(0)).x,
        "fake": model.sample(SHOWN, torch.Generator().manual_seed(0)),
    }
    arrays = {name: x.to(torch.uint8).numpy() for name, x in images.items()}
    return Observation({"levels": model.levels, "floor": floor()}, arrays)


@cache
def floor() -> float:
    """The mean NLL of the images to train on when every pixel has its own frequencies, in nats.

    No other independent pixels come below it: counting is maximum likelihood.
    """
    x = Digits().split().train.x
    # of a pseudocount so small nothing is left: every level that is asked for was counted
    best = PixelHistogram(Digits.kind, pseudocount=1e-9).fit(x)
    return -best.log_prob(x).mean().item()
