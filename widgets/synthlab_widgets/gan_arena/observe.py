"""Observation of the GAN arena's runs, taken without leaving a trace in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor

from synthlab.data import GaussianMixture
from synthlab.errors import SynthlabError
from synthlab.experiments import Timeline
from synthlab.experiments.gan import GANExperiment
from synthlab_widgets import look, modes
from synthlab_widgets.gan_arena.best import BestAnswer
from synthlab_widgets.gan_arena.shapes import manifold, pull
from synthlab_widgets.look import POINTS
from synthlab_widgets.screen import Observation

#: The discriminator is asked on a square grid with this many points a side.
SIDE = 40
#: What a picture can show, from the back to the front, and what it shows at first.
LAYERS = ("field", "real", "fake", "manifold", "pull", "ideal")
SHOWN = ("field", "real", "fake")

Array = NDArray[Any]


class GanObserver:
    """Looks at GANs in training: samples, D's field, the counters, and what else is asked for.

    Real points, noise and grid are the same in every picture. So points move because the
    generator learned, not because it was asked again; and the same state gives the same numbers.
    """

    def __init__(self) -> None:
        self._about: tuple[Any, Array, BestAnswer] | None = None  # what depends on the source
        self._counter = modes.ModeCounter()

    def __call__(
        self, runs: Mapping[str, Timeline], layers: tuple[str, ...], still: bool
    ) -> Observation:
        """Observe; raises SynthlabError when a model answers with the wrong shapes."""
        first = next(iter(runs.values())).subject
        low, high = _bounds(first.source)
        real, _ = self._of(first.source)
        values: dict[str, Any] = {"low": low, "high": high, "runs": list(runs)}
        arrays: dict[str, Array] = {"real": real}
        for name, run in runs.items():
            values[name], seen = self._run(run, (low, high), layers, still)
            arrays |= {f"{name}.{key}": array for key, array in seen.items()}
        return Observation(values, arrays)

    def _run(
        self, run: Timeline, bounds: tuple[float, float], layers: tuple[str, ...], still: bool
    ) -> tuple[dict[str, Any], dict[str, Array]]:
        experiment: GANExperiment = run.subject
        model = experiment.model
        arrays: dict[str, Array] = {}
        ideal = None
        with look.untouched(model):
            arrays["fake"] = look.points(model.sample(POINTS, look.noise()), POINTS, "sample")
            opinion = _opinion(experiment, bounds)
            arrays["field"] = _bytes(opinion)
            if "ideal" in layers:
                _, best = self._of(experiment.source)
                field, ideal = best(model, modes.fakes(model), bounds, opinion)
                arrays["ideal"] = _bytes(field)
            if "manifold" in layers:
                arrays |= manifold(model)
            if "pull" in layers:
                arrays |= pull(model, arrays["fake"])
        counts = self._counter.recent(run, still)
        losses, measures = run.losses.series(), run.measures.series()
        arrays |= {f"loss:{name}": losses[name] for name in losses}
        arrays |= {f"metric:{name}": measures[name] for name in measures}
        values = {
            "losses": list(losses),
            "metrics": list(measures),
            "modes": counts,
            "ideal": ideal,
        }
        return values, arrays

    def measure(self, experiment: GANExperiment) -> dict[str, float]:
        """The numbers that are followed over time: those of the counters, and the divergence."""
        numbers: dict[str, float] = {}
        with look.untouched(experiment.model):
            fakes = modes.fakes(experiment.model)
            if isinstance(experiment.source, GaussianMixture):
                numbers = modes.values(self._counter.count(experiment, fakes))
            _, best = self._of(experiment.source)
            numbers["jsd"] = best.divergence(fakes, _bounds(experiment.source))
        return numbers

    def _of(self, source: Any) -> tuple[Array, BestAnswer]:
        """The real points of every picture, and the best answer, for this source."""
        if self._about is None or self._about[0] is not source:
            real = look.points(source.sample(POINTS, look.noise()).x, POINTS, "source.sample")
            self._about = (source, real, BestAnswer(source, SIDE))
        return self._about[1], self._about[2]


def _bounds(source: Any) -> tuple[float, float]:
    low, high = source.bounds
    return float(low), float(high)


def _opinion(experiment: GANExperiment, bounds: tuple[float, float]) -> Tensor:
    """D's opinion on the grid (SIDE, SIDE), in [0, 1], row 0 at the bottom; 1 is real."""
    discriminator: Callable[[Tensor], Any] = experiment.model.discriminator
    logits = look.tensor(discriminator(look.grid(bounds, SIDE)), "discriminator")
    if logits.numel() != SIDE * SIDE:
        raise SynthlabError(
            "The discriminator must return one logit for each point: it returned the shape "
            "{shape} for {count} points.",
            shape=tuple(logits.shape),
            count=SIDE * SIDE,
        )
    logits = logits.reshape(SIDE, SIDE).float()
    # Least squares has no sigmoid: its discriminator aims at 1 and 0 themselves.
    linear = experiment.settings.loss == "least-squares"
    return (logits.clamp(0, 1) if linear else torch.sigmoid(logits)).nan_to_num(nan=0.5)


def _bytes(field: Tensor) -> Array:
    return (255 * field).round().to(torch.uint8).numpy()
