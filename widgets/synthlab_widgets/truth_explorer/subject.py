"""Subject of the truth explorer: one density experiment with its past, and what is shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthlab.errors import unknown
from synthlab.experiments import Timeline
from synthlab.experiments.density import DensityExperiment, DensitySettings
from synthlab_widgets.screen import Observation
from synthlab_widgets.subject import Adjustable, with_losses
from synthlab_widgets.truth_explorer.observe import LAYERS, SHOWN, observe


class Exploration(Adjustable):
    """One run, what the colour shows, and which points are drawn.

    Args:
        settings: What to begin with.
    """

    def __init__(self, settings: DensitySettings) -> None:
        super().__init__({"a": Timeline(DensityExperiment(settings))}, LAYERS)
        self.shown = "model"

    def set(self, name: str, value: Any) -> None:
        """Change a setting, what the colour shows, or which points are drawn."""
        if name != "shown":
            super().set(name, value)
        elif value in SHOWN:
            self.shown = str(value)
        else:
            raise unknown("There is no colour called {name}.", str(value), SHOWN)

    def observe(self, still: bool) -> Observation:
        """The points, the colour, the numbers and the two curves."""
        experiment = self.timeline.subject
        seen = with_losses(observe(experiment.run, self.layers, self.shown), self.timeline)
        shown = {"model": experiment.settings.model, "shown": self.shown}
        return Observation({**seen.values, **shown}, seen.arrays)

    def details(self) -> Mapping[str, Any]:
        """The settings and what is shown."""
        settings = self.timeline.subject.settings.values()
        return {"settings": settings, "shown": self.shown, **super().details()}
