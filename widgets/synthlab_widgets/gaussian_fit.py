"""GaussianFit: the smallest live widget, and the example of how one is made (docs/widgets.md)."""

from __future__ import annotations

from typing import Any

import torch

from synthlab.data import Line
from synthlab.models.gaussian import Gaussian
from synthlab.training import Run, train
from synthlab_widgets.labels import GAUSSIAN_FIT
from synthlab_widgets.live_widget import LiveWidget, asset
from synthlab_widgets.screen import Observation
from synthlab_widgets.subject import WatchedRun

LOW, HIGH = -4, 4


@torch.no_grad()
def observe(run: Run) -> Observation:
    """What a picture shows: data, both densities along the line, and the entropy floor."""
    source: Any = run.source
    fit: Any = run.model
    x = torch.linspace(LOW, HIGH, 161)
    arrays = {"data": source.sample(200, torch.Generator().manual_seed(0)).x.numpy()}
    for name, density in {"truth": source, "fit": fit}.items():
        arrays[name] = torch.stack([x, density.log_prob(x).exp()], dim=1).numpy()
    values = {"mean": fit.mean.item(), "std": fit.log_std.exp().item(), "floor": source.entropy}
    return Observation({"low": LOW, "high": HIGH, **values}, arrays)


class GaussianFit(LiveWidget):
    """Watch maximum likelihood move a Gaussian onto its data.

    Args:
        seed: Seed of the batches.
        language: ``"en"`` or ``"ar"``; None for the reader's language.
    """

    _module = "gaussian_fit"
    _esm, _css = asset("gaussian_fit.js"), asset("gaussian_fit.css")

    def __init__(self, seed: int = 0, language: str | None = None) -> None:
        run = train(Gaussian(), Line(mean=1, std=0.5), steps=None, seed=seed, batch_size=64)
        super().__init__(WatchedRun(run, observe), table=GAUSSIAN_FIT, info={}, language=language)
