"""Observation of the collapse lab's runs, taken without leaving a trace in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from synthlab.experiments.collapse import CureExperiment
from synthlab_widgets import look, modes
from synthlab_widgets.collapse_lab.lane import Lane
from synthlab_widgets.collapse_lab.references import Reference, references
from synthlab_widgets.look import POINTS, Array
from synthlab_widgets.screen import Observation


class Observer:
    """Looks at the runs of a comparison: the same real points and the same noise every time."""

    def __init__(self) -> None:
        self._counter = modes.ModeCounter()
        self._about: tuple[str, Array, tuple[Reference, ...]] | None = None  # by the source's repr

    def __call__(self, lanes: Sequence[Lane], scales: Sequence[float], still: bool) -> Observation:
        """Observe.

        Args:
            lanes: The runs, vanilla first.
            scales: By run, the steps of vanilla that one of its steps takes.
            still: Whether nothing is under way.
        """
        source = lanes[0].experiment.source
        real, known = self._of(source)
        low, high = source.bounds
        values: dict[str, Any] = {"low": float(low), "high": float(high), "lanes": []}
        arrays: dict[str, Array] = {"real": real}
        for k, (lane, scale) in enumerate(zip(lanes, scales, strict=True)):
            lane_values, seen = self._lane(lane, scale, still)
            values["lanes"].append(lane_values)
            arrays |= {f"{k}.{name}": array for name, array in seen.items()}
        values["references"] = [{"name": one.name, "modes": one.counts} for one in known]
        arrays |= {f"{one.name}.points": one.points for one in known}
        return Observation(values, arrays)

    def _lane(
        self, lane: Lane, scale: float, still: bool
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        experiment = lane.experiment
        model, source = experiment.model, experiment.source
        with look.untouched(model):
            fake = look.points(model.sample(POINTS, look.noise()), POINTS, "sample")
        # weights that broke down make points that nobody can count
        finite = bool(np.isfinite(fake).all())
        counts = self._counter.recent(lane.timeline, still) if finite else None
        arrays: dict[str, Array] = {"fake": fake, "lost": _lost(source, counts)}
        for name, series in lane.timeline.measures.series().items():
            arrays[f"metric:{name}"] = series * np.array([scale, 1.0], np.float32)
        values = {
            "cure": lane.cure,
            "step": lane.index,
            "broken": lane.broken,
            "modes": counts,
            "metrics": [name.removeprefix("metric:") for name in arrays if ":" in name],
        }
        return values, arrays

    def measure(self, experiment: CureExperiment) -> dict[str, float]:
        """The three measures, which are followed over time."""
        with look.untouched(experiment.model):
            fakes = modes.fakes(experiment.model)
            if not torch.isfinite(fakes).all():
                return {}
            return modes.values(self._counter.count(experiment, fakes))

    def _of(self, source: Any) -> tuple[Array, tuple[Reference, ...]]:
        """The real points of every picture, and the references, of this source."""
        if self._about is None or self._about[0] != repr(source):
            real = look.points(source.sample(POINTS, look.noise()).x, POINTS, "source.sample")
            self._about = (repr(source), real, references(source))
        return self._about[1], self._about[2]


def _lost(source: Any, counts: dict[str, Any] | None) -> Array:
    """The centres of the modes that no counted fake is on, ``(k, 2)``."""
    if counts is None:
        return np.empty((0, 2), np.float32)
    empty = np.array(counts["counts"]) == 0
    return np.asarray(source.means[torch.from_numpy(empty)].numpy(), np.float32)
