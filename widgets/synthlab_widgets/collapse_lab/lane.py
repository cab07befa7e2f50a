"""One run of a comparison, and what a step of it costs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from statistics import median

from synthlab.experiments import Timeline
from synthlab.experiments.collapse import CureExperiment
from synthlab.training import Step, TrainingDiverged, torch_threads

#: Timed steps behind a cost, and steps before them that are thrown away.
TIMED, WARM_UPS = 15, 3


class Lane:
    """One cure's run with its past. A run that breaks down stands still; those beside it go on.

    Args:
        experiment: The run.
        measure: Named numbers to follow over time.

    Attributes:
        timeline: The run with its past.
        cost: Microseconds of processor time that a step takes; see `microseconds`.
    """

    def __init__(
        self, experiment: CureExperiment, measure: Callable[[CureExperiment], dict[str, float]]
    ) -> None:
        self.timeline = Timeline(experiment, measure)
        self.cost = 1
        self._broke: int | None = None  # the step whose loss was not finite

    @property
    def experiment(self) -> CureExperiment:
        """The run at its present step."""
        experiment: CureExperiment = self.timeline.subject
        return experiment

    @property
    def cure(self) -> str:
        """The id of its cure."""
        return self.experiment.settings.cure

    @property
    def index(self) -> int:
        """The present step."""
        return self.timeline.index

    @property
    def broken(self) -> int | None:
        """The step at which a loss was no longer finite, once the run is there."""
        return self._broke if self.index == self._broke else None

    def reach(self, step: int) -> bool:
        """Whether `go` can go there: the run has been there, or broke down on the way."""
        return step <= self.timeline.end or self._broke is not None

    def advance(self, to: int) -> Step | None:
        """Make the steps up to this one; return the last, or None when there was none to make."""
        step = None
        while self.index < to and self.broken is None:
            self._broke = None  # what comes after this step is made anew
            try:
                step = self.timeline.advance()
            except TrainingDiverged:
                self._broke = self.index
        return step

    def go(self, to: int) -> None:
        """Go to a step that the run has been at; where it broke down before it, to there."""
        try:
            self.timeline.rewind(min(to, self.timeline.end))
        except TrainingDiverged:  # it went to the very step that broke it, again
            self._broke = self.index


def microseconds(experiments: Sequence[CureExperiment], timer: Callable[[], float]) -> list[int]:
    """What a step of each costs: the median of some steps of copies, taken in turn.

    Args:
        experiments: Runs; they stay as they are.
        timer: Seconds; of the processor time of this thread, so that what else the machine does
            decides nothing.

    Returns:
        Whole microseconds, at least 1 each.
    """
    copies = [experiment.branch() for experiment in experiments]
    seconds: list[list[float]] = [[] for _ in copies]
    with torch_threads(1):
        for turn in range(-WARM_UPS, TIMED):
            for copy, taken in zip(copies, seconds, strict=True):
                start = timer()
                with suppress(TrainingDiverged):  # it takes its time all the same
                    copy.advance()
                took = timer() - start
                if turn >= 0:
                    taken.append(took)
    return [max(1, round(1e6 * median(taken))) for taken in seconds]
