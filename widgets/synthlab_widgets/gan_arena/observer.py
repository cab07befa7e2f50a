"""What the GAN arena shows of its runs, taken without leaving a trace in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from synthlab.data import GaussianMixture
from synthlab.errors import SynthlabError
from synthlab.experiments import GANExperiment, Timeline
from synthlab.metrics import Estimate, mode_report
from synthlab.training import torch_threads
from synthlab_widgets.gan_arena.best import BestAnswer
from synthlab_widgets.gan_arena.shapes import manifold, pull
from synthlab_widgets.screen import Observation

#: Real points, and fake points, in a picture.
POINTS = 450
#: The discriminator is asked on a square grid with this many points a side.
SIDE = 40
#: Fakes behind the mode counters: the customary number.
COUNTED = 2500
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
        self._recent: WeakKeyDictionary[GANExperiment, tuple[Any, dict[str, Any]]] = (
            WeakKeyDictionary()
        )  # by run: the source, and the last counts

    def __call__(
        self, runs: Mapping[str, Timeline], layers: tuple[str, ...], still: bool
    ) -> Observation:
        """Observe; raises SynthlabError when a model answers with the wrong shapes."""
        shown = next(iter(runs.values())).subject
        low, high = _bounds(shown.source)
        real, _ = self._of(shown.source)
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
        with untouched(model):
            arrays["fake"] = _points(model.sample(POINTS, _noise()), POINTS, "sample")
            opinion = _opinion(experiment, bounds)
            arrays["field"] = _bytes(opinion)
            if "ideal" in layers:
                _, best = self._of(experiment.source)
                field, ideal = best(model, _fakes(model), bounds, opinion)
                arrays["ideal"] = _bytes(field)
            if "manifold" in layers:
                arrays |= manifold(model)
            if "pull" in layers:
                arrays |= pull(model, arrays["fake"])
        counts = self._counts(run, still)
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

    def _counts(self, run: Timeline, still: bool) -> dict[str, Any] | None:
        """The counters: of this very step when nothing moves, else of the last measured one."""
        experiment: GANExperiment = run.subject
        if not isinstance(experiment.source, GaussianMixture):
            return None
        recent = self._recent.get(experiment)
        fits = (
            recent is not None
            and recent[0] is experiment.source
            and 0 <= run.index - recent[1]["step"] < run.every
        )
        if recent is None or not fits or (still and recent[1]["step"] != run.index):
            with untouched(experiment.model):
                recent = self._count(experiment, _fakes(experiment.model))
        return recent[1]

    def _count(self, experiment: GANExperiment, fakes: Tensor) -> tuple[Any, dict[str, Any]]:
        """Modes, share of high quality and mode KL of the fakes, with intervals."""
        report = mode_report(fakes, experiment.source)
        counts = {
            "total": len(experiment.source.means),
            "covered": _estimate(report.modes),
            "quality": _estimate(report.high_quality),
            "kl": _estimate(report.kl),
            "step": experiment.index,
        }
        self._recent[experiment] = experiment.source, counts
        return self._recent[experiment]

    def measure(self, experiment: GANExperiment) -> dict[str, float]:
        """The numbers that are followed over time: those of the counters, and the divergence."""
        numbers: dict[str, float] = {}
        with untouched(experiment.model):
            fakes = _fakes(experiment.model)
            if isinstance(experiment.source, GaussianMixture):
                _, counts = self._count(experiment, fakes)
                numbers = {
                    name: counts[key]["value"]
                    for name, key in (("modes", "covered"), ("quality", "quality"), ("kl", "kl"))
                    if counts[key] is not None
                }
            _, best = self._of(experiment.source)
            numbers["jsd"] = best.divergence(fakes, _bounds(experiment.source))
        return numbers

    def _of(self, source: Any) -> tuple[Array, BestAnswer]:
        """The real points of every picture, and the best answer, for this source."""
        if self._about is None or self._about[0] is not source:
            real = _points(source.sample(POINTS, _noise()).x, POINTS, "source.sample")
            self._about = (source, real, BestAnswer(source, SIDE))
        return self._about[1], self._about[2]


def _bounds(source: Any) -> tuple[float, float]:
    low, high = source.bounds
    return float(low), float(high)


def _fakes(model: Any) -> Tensor:
    """What the counters count, and what q is estimated from."""
    return _plane_points(model.sample(COUNTED, _noise()), COUNTED, "sample")


def _noise() -> torch.Generator:
    """Pictures have randomness of their own; training never sees it."""
    return torch.Generator().manual_seed(0)


def plane(bounds: tuple[float, float], side: int) -> Tensor:
    """A square grid of points (side * side, 2), row by row from below."""
    along = torch.linspace(*bounds, side)
    y, x = torch.meshgrid(along, along, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


@contextmanager
def untouched(model: Any) -> Iterator[None]:
    """Use a model without changing what it does next.

    No gradients, evaluation mode (batch norm would move its averages), and torch's global
    generator as it was: a learner's dropout draws from it.
    """
    modules = list(model.modules()) if isinstance(model, nn.Module) else []
    modes = [module.training for module in modules]
    with torch.no_grad(), torch.random.fork_rng(devices=[]), torch_threads(1):
        try:
            for module in modules:
                module.training = False
            yield
        finally:
            for module, training in zip(modules, modes, strict=True):
                module.training = training


def _opinion(experiment: GANExperiment, bounds: tuple[float, float]) -> Tensor:
    """D's opinion on the grid (SIDE, SIDE), in [0, 1], row 0 at the bottom; 1 is real."""
    discriminator: Callable[[Tensor], Any] = experiment.model.discriminator
    logits = _tensor(discriminator(plane(bounds, SIDE)), "discriminator")
    if logits.numel() != SIDE * SIDE:
        raise SynthlabError(
            f"The discriminator must return one logit for each point: it returned the shape "
            f"{tuple(logits.shape)} for {SIDE * SIDE} points."
        )
    logits = logits.reshape(SIDE, SIDE).float()
    # Least squares has no sigmoid: its discriminator aims at 1 and 0 themselves.
    plain = experiment.settings.loss == "least-squares"
    return (logits.clamp(0, 1) if plain else torch.sigmoid(logits)).nan_to_num(nan=0.5)


def _bytes(field: Tensor) -> Array:
    return (255 * field).round().to(torch.uint8).numpy()


def _points(x: Any, n: int, name: str) -> Array:
    return np.asarray(_plane_points(x, n, name).to("cpu", torch.float32).numpy())


def _plane_points(x: Any, n: int, name: str) -> Tensor:
    points = _tensor(x, name)
    if points.shape != (n, 2):
        raise SynthlabError(
            f"{name}({n}) must return points in the plane, of shape ({n}, 2); "
            f"it returned the shape {tuple(points.shape)}."
        )
    return points


def _tensor(x: Any, name: str) -> Tensor:
    if not isinstance(x, Tensor):
        raise SynthlabError(f"{name} must return a torch tensor; it returned {type(x).__name__}.")
    return x.detach()


def _estimate(estimate: Estimate) -> dict[str, float] | None:
    if not estimate.defined:
        return None
    return {
        "value": float(estimate.value),
        "low": float(estimate.low),
        "high": float(estimate.high),
    }
