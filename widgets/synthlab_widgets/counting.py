"""Looking at a generator in training without leaving a trace: its points, and its modes counted.

The noise behind pictures and counts is the same every time. So points move because the generator
learned, not because it was asked again; and the same state gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from synthlab.data import GaussianMixture
from synthlab.errors import SynthlabError
from synthlab.experiments import Timeline
from synthlab.metrics import Estimate, ModeReport, mode_report
from synthlab.training import torch_threads

#: Real points, and fake points, in a picture.
POINTS = 450
#: Fakes behind the mode counters: the customary number.
COUNTED = 2500

Array = NDArray[Any]


class ModeCounter:
    """Counts the modes of runs whose subjects have a ``model``, a ``source`` and an ``index``.

    Between two measurements of a run's timeline it answers with the last count, and says of
    which step it is.
    """

    def __init__(self) -> None:
        self._recent: WeakKeyDictionary[Any, tuple[Any, dict[str, Any]]] = (
            WeakKeyDictionary()
        )  # by subject: the source, and the last counts

    def recent(self, run: Timeline, still: bool) -> dict[str, Any] | None:
        """The counts: of this very step when nothing moves, else of the last measured one.

        None where the source has no modes.
        """
        subject = run.subject
        if not isinstance(subject.source, GaussianMixture):
            return None
        recent = self._recent.get(subject)
        fits = (
            recent is not None
            and recent[0] is subject.source
            and 0 <= run.index - recent[1]["step"] < run.every
        )
        if recent is None or not fits or (still and recent[1]["step"] != run.index):
            with untouched(subject.model):
                return self.count(subject, fakes(subject.model))
        return recent[1]

    def count(self, subject: Any, x: Tensor) -> dict[str, Any]:
        """Modes, share of high quality and mode KL of these fakes, with intervals."""
        counts = {**told(mode_report(x, subject.source)), "step": subject.index}
        self._recent[subject] = subject.source, counts
        return counts


def told(report: ModeReport) -> dict[str, Any]:
    """The three measures, and the fakes on each mode, as plain JSON values."""
    return {
        "total": len(report.counts),
        "counts": list(report.counts),
        "covered": _estimate(report.modes),
        "quality": _estimate(report.high_quality),
        "kl": _estimate(report.kl),
    }


def values(counts: dict[str, Any]) -> dict[str, float]:
    """The measures' values without their intervals; one that is undefined is left out."""
    return {
        name: counts[key]["value"]
        for name, key in (("modes", "covered"), ("quality", "quality"), ("kl", "kl"))
        if counts[key] is not None
    }


def _estimate(estimate: Estimate) -> dict[str, float] | None:
    if not estimate.defined:
        return None
    return {
        "value": float(estimate.value),
        "low": float(estimate.low),
        "high": float(estimate.high),
    }


def noise() -> torch.Generator:
    """Pictures have randomness of their own; training never sees it."""
    return torch.Generator().manual_seed(0)


def fakes(model: Any) -> Tensor:
    """What the counters count."""
    return plane_points(model.sample(COUNTED, noise()), COUNTED, "sample")


def points(x: Any, n: int, name: str) -> Array:
    """Points of a picture, ``(n, 2)`` float32; ``name`` is what returned them."""
    return np.asarray(plane_points(x, n, name).to("cpu", torch.float32).numpy())


def plane_points(x: Any, n: int, name: str) -> Tensor:
    """The same as a tensor; raises SynthlabError for another shape."""
    given = tensor(x, name)
    if given.shape != (n, 2):
        raise SynthlabError(
            f"{name}({n}) must return points in the plane, of shape ({n}, 2); "
            f"it returned the shape {tuple(given.shape)}."
        )
    return given


def tensor(x: Any, name: str) -> Tensor:
    """A tensor without its history; raises SynthlabError for anything else."""
    if not isinstance(x, Tensor):
        raise SynthlabError(f"{name} must return a torch tensor; it returned {type(x).__name__}.")
    return x.detach()


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
