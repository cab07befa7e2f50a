"""Subject of the GAN arena: one experiment, or twins that go on side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from synthlab.data import Drawing
from synthlab.errors import SynthlabError, unknown
from synthlab.experiments import (
    FIELDS,
    GANExperiment,
    GANSettings,
    Own,
    Timeline,
    read,
    write,
)
from synthlab.experiments.path import Change
from synthlab.experiments.settings import DRAWING
from synthlab.training import Step
from synthlab_widgets.gan_arena.observe import LAYERS, SHOWN, GanObserver
from synthlab_widgets.screen import Observation

A, B = "a", "b"


class Contest:
    """One run, A, and perhaps its twin B, which went another way at some step.

    Twins share the seed: their batches and their noise come from the same random numbers, so
    what differs between them is what was changed and nothing else.

    Args:
        experiment: The run to begin with.
    """

    def __init__(self, experiment: GANExperiment) -> None:
        self._observer = GanObserver()
        self._own = experiment.own
        self.runs: dict[str, Timeline] = {A: self._timeline(experiment)}
        self.layers: tuple[str, ...] = SHOWN
        self.chosen = A
        self.branched: int | None = None
        self._drawing = ""  # the last drawing, to choose again after another source
        self._plan: Iterator[Callable[[], Step | None]] | None = None
        self._goal: int | None = None

    def _timeline(self, experiment: GANExperiment) -> Timeline:
        return Timeline(experiment, self._observer.measure)

    @property
    def index(self) -> int:
        """The present step: the same in both."""
        return self.runs[A].index

    @property
    def end(self) -> int:
        """The furthest step that both have been at."""
        return min(run.end for run in self.runs.values())

    @property
    def goal(self) -> int | None:
        """The step to which a loaded state still has to train."""
        return self._goal

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step of every run: the next one of a loaded state, or one that is asked for."""
        if self._plan is not None and parts is None:
            step = None
            while step is None:
                step = next(self._plan)()
            self._arrive()
            return step
        self._drop_plan()
        first, *_ = [run.advance(parts) for run in self.runs.values()]
        return first

    def rewind(self, to: int) -> None:
        """Take every run to a step."""
        self._drop_plan()
        if not 0 <= to <= self.end:
            raise SynthlabError(
                "This run has been at the steps 0 to {end}; it cannot go to {to}.",
                end=self.end,
                to=to,
            )
        for run in self.runs.values():
            run.rewind(to)

    def reset(self) -> None:
        """Start every run again, with its present settings."""
        self._drop_plan()
        for name, run in self.runs.items():
            self.runs[name] = self._timeline(run.subject.again(run.subject.settings))
        if self.branched is not None:
            self.branched = 0

    def set(self, name: str, value: Any) -> None:
        """Change a setting of the chosen run, what is shown, or which run is chosen."""
        if name == "layers":
            self.layers = tuple(layer for layer in LAYERS if layer in set(value))
        elif name == "chosen":
            if value not in self.runs:
                raise unknown("There is no run called {name}.", str(value), self.runs)
            self.chosen = str(value)
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
        run = self.runs[self.chosen]
        settings = run.subject.settings.changed(name, value)
        self._drop_plan()
        if not FIELDS[name].restarts:
            run.set(name, value)
            return
        again = self._timeline(run.subject.again(settings))
        for other in self.runs.values():
            if other is not run:
                other.rewind(0)
                self.branched = 0
        self.runs[self.chosen] = again

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
        told = read(text)
        runs = [GANExperiment(settings, self._fresh(settings)) for settings, _ in told]
        self.runs = dict(zip((A, B), map(self._timeline, runs), strict=False))
        self._goal = goal = told[0][1].steps
        self.chosen, self.branched = A, None
        if len(told) == 2:
            (first, way), (second, other) = told
            self.branched = way.shared(other) if first == second else 0
        self._plan = self._ways([path.between(-1, goal) for _, path in told])
        self._arrive()

    def _fresh(self, settings: GANSettings) -> Own:
        """The learner's own things, the model with its first weights."""
        if settings.networks != "own" or self._own.model is None:
            return self._own
        first: GANExperiment = self.runs[A].subject.again(settings)
        return first.own

    def _ways(self, paths: Sequence[Iterator[Any]]) -> Iterator[Callable[[], Step | None]]:
        """Step by step what every run does; changes belong to the step after them."""
        for acts in zip(*(_grouped(path) for path in paths), strict=True):

            def go(acts: Any = acts) -> Step | None:
                steps = []
                for run, (changes, step) in zip(self.runs.values(), acts, strict=True):
                    for change in changes:
                        run.set(change.name, change.value)
                    if step is not ...:
                        steps.append(run.advance(None if step is None else (step,)))
                return steps[0] if steps else None

            yield go

    def _arrive(self) -> None:
        """Make the changes at the very end of a loaded state, and be done with it."""
        if self._plan is not None and self.index == self._goal:
            for last in self._plan:
                last()
            self._drop_plan()

    def _drop_plan(self) -> None:
        self._plan = self._goal = None

    def plug(self, losses: Mapping[str, Callable[..., Any]]) -> None:
        """Train on with losses of the learner's own, in the chosen run."""
        self._drop_plan()
        run = self.runs[self.chosen]
        run.subject.plug(**losses)
        run.set("loss", "own")
        self._own = run.subject.own

    def observe(self, still: bool) -> Observation:
        """What a picture shows of every run."""
        return self._observer(self.runs, self.layers, still)

    def details(self) -> Mapping[str, Any]:
        """The state as text, the settings, the layers."""
        return {
            "text": write(*self.runs.values()),
            "chosen": self.chosen,
            "runs": {name: _shown(run.subject.settings) for name, run in self.runs.items()},
            "branched": self.branched,
            "layers": list(self.layers),
            "drawing": bool(self._drawing),
        }


def _grouped(acts: Iterator[Any]) -> Iterator[tuple[list[Change], Any]]:
    """Pairs of the changes before a step and the step; ``...`` where no step comes after them."""
    changes: list[Change] = []
    for act in acts:
        if isinstance(act, Change):
            changes.append(act)
            continue
        yield changes, act
        changes = []
    yield changes, ...


def _shown(settings: GANSettings) -> dict[str, Any]:
    """The settings as the browser shows them: a drawing without its dots."""
    values = {name: getattr(settings, name) for name in FIELDS}
    values["source"] = str(values["source"]).partition(":")[0]
    return values
