"""Modes counted in the fakes of a generator in training."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from torch import Tensor

from synthlab.data import GaussianMixture
from synthlab.experiments import Timeline
from synthlab.metrics import Estimate, ModeReport, mode_report
from synthlab_widgets import look

#: Fakes behind the mode counters: the customary number.
COUNTED = 2500


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
            with look.untouched(subject.model):
                return self.count(subject, fakes(subject.model))
        return recent[1]

    def count(self, subject: Any, x: Tensor) -> dict[str, Any]:
        """Modes, share of high quality and mode KL of these fakes, with intervals."""
        counts = {**as_values(mode_report(x, subject.source)), "step": subject.index}
        self._recent[subject] = subject.source, counts
        return counts


def as_values(report: ModeReport) -> dict[str, Any]:
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


def fakes(model: Any) -> Tensor:
    """What the counters count."""
    return look.plane_points(model.sample(COUNTED, look.noise()), COUNTED, "sample")
