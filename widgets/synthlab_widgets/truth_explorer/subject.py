"""Subject of the truth explorer: one density experiment, its past, and what is shown of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from synthlab.data import Drawing
from synthlab.errors import SynthlabError, unknown
from synthlab.experiments import DENSITY_FIELDS, DensityExperiment, DensitySettings, Timeline
from synthlab.experiments.settings import DRAWING
from synthlab.metrics import excess_nll
from synthlab.training import Step, torch_threads
from synthlab_widgets.screen import Observation

#: Training samples, and samples of the model, in a picture.
POINTS = 450
#: The colour is computed on a square grid with this many points a side.
SIDE = 64
LAYERS = ("train", "fake")
SHOWN = ("model", "truth", "difference")

Array = NDArray[Any]


class Exploration:
    """One run, what the colour shows, and which points are drawn.

    Args:
        settings: What to begin with.
    """

    goal: int | None = None

    def __init__(self, settings: DensitySettings) -> None:
        self.timeline = Timeline(DensityExperiment(settings))
        self.shown = "model"
        self.layers: tuple[str, ...] = LAYERS
        self._drawing = ""

    @property
    def experiment(self) -> DensityExperiment:
        """The experiment at the present step."""
        experiment: DensityExperiment = self.timeline.subject
        return experiment

    @property
    def index(self) -> int:
        """The present step."""
        return self.timeline.index

    @property
    def end(self) -> int:
        """The furthest step that `rewind` can go to."""
        return self.timeline.end

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Draw another batch and fit."""
        return self.timeline.advance()

    def rewind(self, to: int) -> None:
        """Go to a step that the run has been at."""
        self.timeline.rewind(to)

    def reset(self) -> None:
        """Start again with the present settings."""
        self._begin(self.experiment.settings)

    def set(self, name: str, value: Any) -> None:
        """Change a setting, what the colour shows, or which points are drawn."""
        if name == "shown":
            if value not in SHOWN:
                raise unknown("There is no colour called {name}.", str(value), SHOWN)
            self.shown = str(value)
        elif name == "layers":
            self.layers = tuple(layer for layer in LAYERS if layer in set(value))
        elif name == "drawing":
            self._drawing = f"{DRAWING}:{Drawing(value).text}"
            self._change("source", self._drawing)
        elif (name, value) == ("source", DRAWING):
            if not self._drawing:
                raise SynthlabError("Draw some dots first.")
            self._change("source", self._drawing)
        else:
            self._change(name, value)

    def _change(self, name: str, value: Any) -> None:
        settings = self.experiment.settings.changed(name, value)
        if DENSITY_FIELDS[name].restarts:
            self._begin(settings)
        else:
            self.timeline.set(name, value)

    def _begin(self, settings: DensitySettings) -> None:
        self.timeline = Timeline(self.experiment.again(settings))

    def branch(self, action: str) -> None:
        """There are no twins."""
        raise SynthlabError("This run has no twin.")

    def load(self, text: str) -> None:
        """There is no text."""
        raise SynthlabError("This run cannot be loaded from a text.")

    @torch.no_grad()
    def observe(self, still: bool) -> Observation:
        """The points, the colour, the numbers and the two curves; the run stays as it was."""
        experiment, losses = self.experiment, self.timeline.losses.series()
        with torch_threads(1):
            values, arrays = self._numbers(), self._points()
            arrays["field"] = self._field()
        values |= {"losses": list(losses), "model": experiment.settings.model, "shown": self.shown}
        arrays |= {f"loss:{name}": series for name, series in losses.items()}
        low, high = experiment.source.bounds
        return Observation({"low": low, "high": high, **values}, arrays)

    def _numbers(self) -> dict[str, Any]:
        experiment = self.experiment
        excess = gap = None
        if experiment.seen:
            found = excess_nll(experiment.model, experiment.source, experiment.held_out)
            excess = {"value": found.value, "low": found.low, "high": found.high}
            held_out = float(experiment.model.log_prob(experiment.held_out).mean())
            gap = float(experiment.model.log_prob(experiment.samples).mean()) - held_out
        floor = float(experiment.source.entropy)
        return {"n": experiment.seen, "floor": floor, "excess": excess, "gap": gap}

    def _points(self) -> dict[str, Array]:
        experiment = self.experiment
        arrays: dict[str, Array] = {"train": np.empty((0, 2), np.float32)}
        arrays["fake"] = arrays["train"]
        if "train" in self.layers:
            arrays["train"] = experiment.samples[-POINTS:].numpy()
        if "fake" in self.layers and experiment.seen:
            arrays["fake"] = experiment.model.sample(
                POINTS, torch.Generator().manual_seed(0)
            ).numpy()
        return arrays

    def _field(self) -> Array:
        """Levels for the plane: 128 is white, 255 blue, 0 orange; row 0 is at the bottom."""
        low, high = self.experiment.source.bounds
        side = torch.linspace(low, high, SIDE)
        y, x = torch.meshgrid(side, side, indexing="ij")
        places = torch.stack((x.flatten(), y.flatten()), dim=1)
        model = self.experiment.model.log_prob(places).double().exp()
        truth = self.experiment.source.log_prob(places).double().exp()
        if self.shown == "difference":
            # which share of the two is the truth's, faded where both are next to nothing
            both = model + truth
            lean = (truth - model) / both.clamp(min=1e-300)
            level = 127.5 + 127.5 * lean * (both / both.max()).sqrt()
            return np.asarray(level.round().clamp(0, 255).to(torch.uint8))
        density = model if self.shown == "model" else truth
        # The root shows tails that a straight scale would hide; never below the line at 127.5.
        level = 128 + 127 * (density / density.max().clamp(min=1e-300)).sqrt()
        return np.asarray(level.round().clamp(128, 255).to(torch.uint8))

    def details(self) -> Mapping[str, Any]:
        """The settings and what is shown."""
        return {
            "settings": self.experiment.told(),
            "shown": self.shown,
            "layers": list(self.layers),
            "drawing": bool(self._drawing),
        }
