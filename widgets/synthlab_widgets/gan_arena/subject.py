"""Subject of the GAN arena: one experiment, or twins that go on side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from synthlab.errors import SynthlabError, unknown
from synthlab.experiments import Timeline, read, write
from synthlab.experiments.gan import GANExperiment, GANSettings, Own
from synthlab.experiments.path import Change
from synthlab.experiments.settings import OWN
from synthlab.training import Step
from synthlab_widgets.gan_arena.observe import LAYERS, SHOWN, GanObserver
from synthlab_widgets.screen import Observation
from synthlab_widgets.subject import Adjustable

A, B = "a", "b"


class Contest(Adjustable):
    """One run, A, and perhaps its twin B, which went another way at some step.

    Twins share the seed: their batches and their noise come from the same random numbers, so
    what differs between them is what was changed and nothing else.

    Args:
        experiment: The run to begin with.
    """

    def __init__(self, experiment: GANExperiment) -> None:
        self._observer = GanObserver()
        self._own = experiment.own
        super().__init__({A: self.begin(experiment)}, LAYERS, SHOWN)
        self.branched: int | None = None
        self._plan: list[Iterator[str | Change]] | None = None  # what each run is still to do

    def begin(self, experiment: GANExperiment) -> Timeline:
        """The timeline of a run that starts."""
        return Timeline(experiment, self._observer.measure)

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step of every run: the next one of a loaded state, or one that is asked for."""
        if self._plan is not None and parts is None:
            first, *_ = map(_next_step, self.runs.values(), self._plan)
            self._arrive()
            return first
        self._drop_plan()
        return super().advance(parts)

    def rewind(self, to: int) -> None:
        """Take every run to a step."""
        self._drop_plan()
        super().rewind(to)

    def reset(self) -> None:
        """Start every run again, with its present settings."""
        self._drop_plan()
        super().reset()
        if self.branched is not None:
            self.branched = 0

    def set(self, name: str, value: Any) -> None:
        """Change a setting of the chosen run, what is shown, or which run is chosen."""
        if name != "chosen":
            super().set(name, value)
        elif value in self.runs:
            self.chosen = str(value)
        else:
            raise unknown("There is no run called {name}.", str(value), self.runs)

    def change(self, name: str, value: Any) -> None:
        """Change a setting of the chosen run; where it starts again, its twin goes back, too."""
        before = self.runs[self.chosen]
        super().change(name, value)
        self._drop_plan()
        for other in self.runs.values() if self.runs[self.chosen] is not before else ():
            if other is not self.runs[self.chosen]:
                other.rewind(0)
                self.branched = 0

    def branch(self, action: str) -> None:
        """``begin`` a twin at the present step, ``keep`` it as the only run, or ``drop`` it."""
        actions = {"begin": self._begin, "keep": self._keep, "drop": self._drop}
        if action not in actions:
            raise unknown("There is no way to branch called {name}.", action, actions)
        if action != "begin" and B not in self.runs:
            raise SynthlabError("There is no twin. Begin one first.")
        self._drop_plan()
        actions[action]()

    def _begin(self) -> None:
        self.runs[B] = self.runs[A].branch()
        self.chosen, self.branched = B, self.index

    def _keep(self) -> None:
        self.runs = {A: self.runs[B]}
        self.chosen, self.branched = A, None

    def _drop(self) -> None:
        del self.runs[B]
        self.chosen, self.branched = A, None

    def load(self, text: str) -> None:
        """Begin as a text says; `advance` then goes the way that it tells."""
        states = read(text, GANExperiment.kind)
        present = self.runs[A].subject.state_dict()
        try:
            runs = [
                self.begin(GANExperiment(settings, self._fresh(settings)))
                for _, settings, _ in states
            ]
            for run, state in zip(runs, states, strict=True):
                run.check(state.path)
        except SynthlabError:
            self.runs[A].subject.load_state_dict(present)  # a model of one's own had been reset
            raise
        self.runs = dict(zip((A, B), runs, strict=False))
        self.goal = goal = states[0].path.steps
        self.chosen, self.branched = A, None
        if len(states) == 2:
            one, other = states
            self.branched = one.path.shared(other.path) if one.settings == other.settings else 0
        self._plan = [state.path.between(-1, goal) for state in states]
        self._arrive()

    def _fresh(self, settings: GANSettings) -> Own:
        """The learner's own things, the model with its first weights."""
        if settings.networks != OWN or self._own.model is None:
            return self._own
        first: GANExperiment = self.runs[A].subject.again(settings)
        return first.own

    def _arrive(self) -> None:
        """Make the changes at the very end of a loaded state, and be done with it."""
        if self._plan is not None and self.index == self.goal:
            for run, acts in zip(self.runs.values(), self._plan, strict=True):
                for change in acts:
                    run.do(change)
            self._drop_plan()

    def _drop_plan(self) -> None:
        self._plan = self.goal = None

    def plug(self, losses: Mapping[str, Callable[..., Any]]) -> None:
        """Train on with losses of the learner's own, in the chosen run."""
        self._drop_plan()
        run = self.runs[self.chosen]
        run.subject.plug(**losses)
        run.set("loss", OWN)
        self._own = run.subject.own

    def observe(self, still: bool) -> Observation:
        """What a picture shows of every run."""
        return self._observer(self.runs, self.layers, still)

    def details(self) -> Mapping[str, Any]:
        """The state as text, the settings, the layers."""
        return {
            "text": write(*self.runs.values()),
            "chosen": self.chosen,
            "runs": {name: run.subject.settings.values() for name, run in self.runs.items()},
            "branched": self.branched,
            **super().details(),
        }


def _next_step(run: Timeline, acts: Iterator[str | Change]) -> Step:
    """Do what comes next: the changes before a step, and the step."""
    return next(step for act in acts if (step := run.do(act)) is not None)
