"""Subject of a live run: what can be gone through, changed, and looked at.

Three things a subject may do beside: ``set(name, value)`` changes a setting, ``branch(action)``
begins, keeps or drops a twin, ``load(text)`` goes to the state that a text tells. One that cannot
has no such method, and `ask` says so.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Any

from synthlab.data import Drawing
from synthlab.errors import SynthlabError, unknown
from synthlab.experiments import Timeline
from synthlab.experiments.sources import DRAWING
from synthlab.experiments.timeline import check_step
from synthlab.training import Step
from synthlab.words import Text
from synthlab_widgets.look import Array, DearSamples
from synthlab_widgets.screen import Observation


class Subject(ABC):
    """Runs that go on together, step by step. `LiveRun` alone calls its methods, one at a time.

    Attributes:
        runs: The runs by name, each with its past; the first counts the steps.
        goal: The step to which a loaded state still has to train; None when there is none.
    """

    runs: dict[str, Timeline]
    goal: int | None = None

    @property
    def timeline(self) -> Timeline:
        """The first run, or the only one."""
        return next(iter(self.runs.values()))

    @property
    def index(self) -> int:
        """The present step."""
        return self.timeline.index

    @property
    def end(self) -> int:
        """The furthest step that `rewind` can go to."""
        return min(run.end for run in self.runs.values())

    @property
    def warning(self) -> Text | None:
        """What the reader should know while nothing is wrong."""
        return next((run.warning for run in self.runs.values() if run.warning), None)

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step, of the named parts alone when given."""
        first, *_ = [run.advance(parts) for run in self.runs.values()]
        return first

    def rewind(self, to: int) -> None:
        """Go to a step that the run has been at."""
        check_step(to, self.end)
        for run in self.runs.values():
            run.rewind(to)

    def reset(self) -> None:
        """Start again."""
        for run in self.runs.values():
            run.restart()

    @abstractmethod
    def observe(self, still: bool) -> Observation:
        """Look at the run, which stays as it was; ``still`` when nothing is under way."""

    def details(self) -> Mapping[str, Any]:
        """What the views are told besides the picture: plain JSON values."""
        return {}


def ask(subject: Subject, what: str, *arguments: Any) -> None:
    """Let a subject ``set``, ``branch`` or ``load``.

    Raises:
        SynthlabError: When it cannot do that at all, or not with these arguments.
    """
    act = getattr(subject, what, None)
    if act is None:
        raise SynthlabError(
            "This run has no settings to change."
            if what == "set"
            else "This run has no twin."
            if what == "branch"
            else "This run cannot be loaded from a text."
        )
    act(*arguments)


class WatchedRun(Subject):
    """The simplest subject: one run, what a picture shows of it, and its losses.

    Args:
        run: What a `Timeline` takes, usually without an end.
        observe: Makes an observation; it must leave the run as it was.
        samples: Arrays of a picture from a model whose sampling is dear: see `DearSamples`.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        run: Any,
        observe: Callable[[Any], Observation],
        samples: Callable[[Any], Mapping[str, Array]] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.runs = {"a": Timeline(run)}
        self._observe = observe
        self._samples = DearSamples(samples, clock) if samples is not None else None

    def observe(self, still: bool) -> Observation:
        """The picture with the losses beside it."""
        run = self.timeline.subject
        seen = self._observe(run)
        if self._samples is not None:
            values, arrays = self._samples(run.model, self.index, still)
            seen = Observation({**seen.values, **values}, {**seen.arrays, **arrays})
        return with_losses(seen, self.timeline)


def with_losses(seen: Observation, run: Timeline) -> Observation:
    """An observation with the names of a run's losses among its values, and with their series."""
    losses = run.losses.series()
    return Observation(
        {**seen.values, "losses": list(losses)},
        {**seen.arrays, **{f"loss:{name}": losses[name] for name in losses}},
    )


class Adjustable(Subject):
    """Experiments in the plane whose settings are chosen on the screen, and what is shown of them.

    Args:
        runs: The experiments by name, each with its past.
        layers: What a picture can show, from the back to the front.
        shown: What it shows at first; all of it without a word.

    Attributes:
        chosen: The run whose settings are changed.
        layers: What the picture shows now.
    """

    def __init__(
        self,
        runs: Mapping[str, Timeline],
        layers: tuple[str, ...],
        shown: tuple[str, ...] | None = None,
    ) -> None:
        self.runs, self.layers = dict(runs), shown or layers
        self.chosen = next(iter(self.runs))
        self._all_layers = layers
        self._drawing = ""  # the last drawing, to choose again after another source

    def begin(self, experiment: Any) -> Timeline:
        """The timeline of an experiment that starts."""
        return Timeline(experiment)

    def reset(self) -> None:
        """Start every run again, with its present settings."""
        for name, run in self.runs.items():
            self.runs[name] = self.begin(run.subject.again(run.subject.settings))

    def set(self, name: str, value: Any) -> None:
        """Change a setting of the chosen run, its source to a drawing, or what is shown."""
        if name == "layers":
            for layer in set(value) - set(self._all_layers):
                raise unknown("The picture has no layer called {name}.", layer, self._all_layers)
            self.layers = tuple(layer for layer in self._all_layers if layer in set(value))
            return
        if name == "drawing":
            self._drawing = f"{DRAWING}:{Drawing(value).text}"
        if name == "drawing" or (name, value) == ("source", DRAWING):
            if not self._drawing:
                raise SynthlabError("Draw some dots first.")
            name, value = "source", self._drawing
        self.change(name, value)

    def change(self, name: str, value: Any) -> None:
        """Change a setting of the chosen run; it starts again where the setting needs that."""
        run = self.runs[self.chosen]
        settings = run.subject.settings.changed(name, value)
        if settings.fields()[name].restarts:
            self.runs[self.chosen] = self.begin(run.subject.again(settings))
        else:
            run.set(name, value)

    def details(self) -> Mapping[str, Any]:
        """What is shown."""
        return {"layers": list(self.layers)}
