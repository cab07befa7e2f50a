"""Observation of a density that learns: points, colour and numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from synthlab.experiments.density import GrowingFit
from synthlab.metrics import excess_nll
from synthlab_widgets import look
from synthlab_widgets.look import POINTS, Array
from synthlab_widgets.screen import Observation

#: The colour is computed on a square grid with this many points a side.
SIDE = 64
LAYERS = ("train", "fake")
SHOWN = ("model", "truth", "difference")


def observe(fit: GrowingFit, layers: tuple[str, ...], shown: str) -> Observation:
    """What a picture shows of the fit, which stays as it was."""
    with look.untouched(fit.model):
        values, arrays = _numbers(fit), _points(fit, layers)
        arrays["field"] = _field(fit, shown)
    low, high = fit.source.bounds
    return Observation({"low": low, "high": high, **values}, arrays)


def _numbers(fit: GrowingFit) -> dict[str, Any]:
    excess = gap = None
    if fit.seen:
        measured = excess_nll(fit.model, fit.source, fit.held_out)
        excess = {"value": measured.value, "low": measured.low, "high": measured.high}
        held_out = float(fit.model.log_prob(fit.held_out).mean())
        gap = float(fit.model.log_prob(fit.samples).mean()) - held_out
    floor = float(fit.source.entropy)
    return {"n": fit.seen, "floor": floor, "excess": excess, "gap": gap}


def _points(fit: GrowingFit, layers: tuple[str, ...]) -> dict[str, Array]:
    arrays: dict[str, Array] = {"train": np.empty((0, 2), np.float32)}
    arrays["fake"] = arrays["train"]
    if "train" in layers:
        arrays["train"] = fit.samples[-POINTS:].numpy()
    if "fake" in layers and fit.seen:
        arrays["fake"] = fit.model.sample(POINTS, look.noise()).numpy()
    return arrays


def _field(fit: GrowingFit, shown: str) -> Array:
    """Levels for the plane: 128 is white, 255 blue, 0 orange; row 0 is at the bottom."""
    places = look.grid(fit.source.bounds, SIDE)
    model = fit.model.log_prob(places).double().exp()
    truth = fit.source.log_prob(places).double().exp()
    if shown == "difference":
        # which share of the two is the truth's, faded where both are next to nothing
        both = model + truth
        lean = (truth - model) / both.clamp(min=1e-300)
        level = 127.5 + 127.5 * lean * (both / both.max()).sqrt()
        return np.asarray(level.round().clamp(0, 255).to(torch.uint8))
    density = model if shown == "model" else truth
    # The root shows tails that a straight scale would hide; never below the line at 127.5.
    level = 128 + 127 * (density / density.max().clamp(min=1e-300)).sqrt()
    return np.asarray(level.round().clamp(128, 255).to(torch.uint8))
