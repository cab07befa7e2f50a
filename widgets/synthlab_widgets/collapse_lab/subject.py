"""Subject of the collapse lab: vanilla and up to three cures, on one seed, on one clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from synthlab.errors import SynthlabError, unknown
from synthlab.experiments import Timeline
from synthlab.experiments.collapse import VANILLA, CollapseSettings, CureExperiment
from synthlab.experiments.timeline import check_step
from synthlab.models.cures import CURES
from synthlab.training import Step
from synthlab_widgets.collapse_lab.lane import Lane, microseconds
from synthlab_widgets.collapse_lab.observe import Observer
from synthlab_widgets.screen import Observation
from synthlab_widgets.subject import Subject

#: Runs side by side, vanilla among them.
MOST = 4
#: Two ways to be fair: every run makes as many steps, or has as much time.
CLOCKS = ("steps", "time")


class Comparison(Subject):
    """Runs that share source, noise and seed, and go on together.

    The comparison counts vanilla's steps. On the clock ``"steps"`` every other run is at the
    same step. On the clock ``"time"`` it is at the step that it reaches in the time of so many
    of vanilla's: what a step costs is measured when a run is begun, and stays as it is, so that
    the same costs give the same numbers. Changing the clock takes no step back: every run
    remembers where it has been.

    Args:
        settings: What the runs share.
        cures: Ids of cures, vanilla not among them.
        clock: ``"steps"`` or ``"time"``.
        timer: Seconds of this thread's processor time.

    Raises:
        SynthlabError: For a cure or a clock that does not exist, or too many cures.
    """

    def __init__(
        self,
        settings: CollapseSettings,
        cures: Sequence[str] = (),
        clock: str = "steps",
        timer: Callable[[], float] = time.thread_time,
    ) -> None:
        self.settings, self.clock = settings, _clock(clock)
        self._observer, self._timer = Observer(), timer
        self._costs: dict[tuple[str, str], int] = {}  # by cure and width of the noise
        self._index = self._end = 0
        self.lanes: list[Lane] = []
        self._begin(settings, _chosen(cures))

    @property
    def index(self) -> int:
        """The present step of vanilla."""
        return self._index

    @property
    def end(self) -> int:
        """The furthest step that `rewind` can go to."""
        return self._end

    @property
    def runs(self) -> dict[str, Timeline]:  # type: ignore[override] # one for each lane
        """The runs by their cures, vanilla first."""
        return {lane.cure: lane.timeline for lane in self.lanes}

    @property
    def cures(self) -> list[str]:
        """The ids of all runs, vanilla first."""
        return list(self.runs)

    def step_of(self, lane: Lane, index: int) -> int:
        """Where a run is when vanilla has made so many steps."""
        return index if self.clock == "steps" else index * self.lanes[0].cost // lane.cost

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Let vanilla make one step, and every other run those that are due with it."""
        if all(lane.broken is not None for lane in self.lanes):
            raise SynthlabError(
                "Every run has broken down: a loss is no longer a finite number. Press Reset, "
                "then choose another seed or other cures."
            )
        losses: dict[str, float] = {}
        for lane in self.lanes:
            step = lane.advance(self.step_of(lane, self._index + 1))
            if step is not None:
                losses |= {f"{lane.cure}.{name}": loss for name, loss in step.losses.items()}
        self._index += 1
        self._end = self._index
        return Step(self._index, losses)

    def rewind(self, to: int) -> None:
        """Take every run to where it was at this step."""
        check_step(to, self._end)
        for lane in self.lanes:
            lane.go(self.step_of(lane, to))
        self._index = to

    def reset(self) -> None:
        """Start every run again."""
        self._begin(self.settings, self.cures[1:])

    def set(self, name: str, value: Any) -> None:
        """Change a setting or the ``cures``, which starts again, or the ``clock``."""
        if name == "clock":
            self._wind(_clock(value))
        elif name == "cures":
            self._begin(self.settings, _chosen(value))
        elif name == "cure":  # each run has its own
            raise SynthlabError(
                "There is no setting called {name}. Did you mean one of these: {names}?",
                name=name,
                names="cures",
            )
        else:
            self._begin(self.settings.changed(name, value), self.cures[1:])

    def _begin(self, settings: CollapseSettings, cures: Sequence[str]) -> None:
        runs = [CureExperiment(settings.changed("cure", cure)) for cure in (VANILLA, *cures)]
        self._measure(runs)
        self.settings = settings
        self.lanes = [Lane(run, self._observer.measure) for run in runs]
        for lane in self.lanes:
            lane.cost = self._costs[_kind(lane.experiment)]
        self._index = self._end = 0

    def _measure(self, runs: Sequence[CureExperiment]) -> None:
        """Measure what the steps cost, where that is not known: vanilla's always beside it."""
        unknown_ = [run for run in runs if _kind(run) not in self._costs]
        if unknown_:
            costs = microseconds(runs, self._timer)
            self._costs |= {_kind(run): cost for run, cost in zip(runs, costs, strict=True)}

    def _wind(self, clock: str) -> None:
        """Change the clock, and stay as near to the present step as every run has been."""
        before, self.clock = self._end, clock
        # vanilla's step is the index on either clock, so it cannot go further than it has been
        most = max(before, self.lanes[0].timeline.end)
        reached = (
            index
            for index in range(most, -1, -1)
            if all(lane.reach(self.step_of(lane, index)) for lane in self.lanes)
        )
        self._end = next(reached, 0)
        self.rewind(min(self._index, self._end))

    def observe(self, still: bool) -> Observation:
        """What a picture shows of all runs and of the references; they stay as they were."""
        scales = [
            1.0 if self.clock == "steps" else lane.cost / self.lanes[0].cost for lane in self.lanes
        ]
        seen = self._observer(self.lanes, scales, still)
        chosen = {"clock": self.clock, "source": self.settings.source, "noise": self.settings.noise}
        return Observation({**chosen, **seen.values}, seen.arrays)

    def details(self) -> Mapping[str, Any]:
        """The settings, the cures, the clock, and microseconds a step by cure."""
        shared = {name: value for name, value in self.settings.values().items() if name != "cure"}
        return {
            "settings": shared,
            "cures": self.cures,
            "clock": self.clock,
            "costs": {lane.cure: lane.cost for lane in self.lanes},
        }


def _kind(run: CureExperiment) -> tuple[str, str]:
    return run.settings.cure, run.settings.noise


def _clock(clock: Any) -> str:
    if clock not in CLOCKS:
        raise unknown("There is no clock called {name}.", str(clock), CLOCKS)
    return str(clock)


def _chosen(cures: Any) -> list[str]:
    """The cures beside vanilla, each once."""
    if isinstance(cures, str) or not isinstance(cures, Sequence):
        raise SynthlabError("cures must be a list of ids, such as ['pacgan'].")
    chosen = [str(cure) for cure in cures]
    for cure in chosen:
        if cure not in CURES:
            raise unknown("There is no cure called {name}.", cure, CURES)
    if VANILLA in chosen or len(set(chosen)) < len(chosen):
        raise SynthlabError(
            "Vanilla stands at the beginning by itself; choose every cure at most once."
        )
    if len(chosen) >= MOST:
        raise SynthlabError(
            "At most {most} cures stand beside vanilla; these are {given}.",
            most=MOST - 1,
            given=len(chosen),
        )
    return chosen
