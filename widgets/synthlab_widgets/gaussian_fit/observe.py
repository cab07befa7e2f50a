"""Observation of the fit: data, both densities along the line, and the entropy floor."""

from __future__ import annotations

from typing import Any

import torch

from synthlab.training import Run
from synthlab_widgets.screen import Observation

LOW, HIGH = -4, 4


@torch.no_grad()
def observe(run: Run) -> Observation:
    """The data and the densities as points of a curve, and the fit's two numbers."""
    source: Any = run.source
    fit: Any = run.model
    x = torch.linspace(LOW, HIGH, 161)
    arrays = {"data": source.sample(200, torch.Generator().manual_seed(0)).x.numpy()}
    for name, density in {"truth": source, "fit": fit}.items():
        arrays[name] = torch.stack([x, density.log_prob(x).exp()], dim=1).numpy()
    values = {"mean": fit.mean.item(), "std": fit.log_std.exp().item(), "floor": source.entropy}
    return Observation({"low": LOW, "high": HIGH, **values}, arrays)
