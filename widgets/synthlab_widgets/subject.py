"""What a live run drives: a training run that can be gone through, changed, and looked at."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol

from synthlab.errors import SynthlabError
from synthlab.experiments.timeline import Timeline
from synthlab.training import Run, Step
from synthlab_widgets.screen import Observation


class Subject(Protocol):
    """What `LiveRun` needs. It alone calls these methods, one at a time."""

    @property
    def index(self) -> int:
        """The present step."""

    @property
    def end(self) -> int:
        """The furthest step that `rewind` can go to."""

    @property
    def goal(self) -> int | None:
        """The step to which a loaded state still has to train; None when there is none."""

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step, of the named parts alone when given."""

    def rewind(self, to: int) -> None:
        """Go to a step that the run has been at."""

    def reset(self) -> None:
        """Start again."""

    def set(self, name: str, value: Any) -> None:
        """Change a setting; raises SynthlabError, and changes nothing, when it cannot be."""

    def branch(self, action: str) -> None:
        """Begin, keep or drop a twin."""

    def load(self, text: str) -> None:
        """Go to the state that a text tells."""

    def observe(self, still: bool) -> Observation:
        """Look at the run, which stays as it was; ``still`` when nothing is under way."""

    def details(self) -> Mapping[str, Any]:
        """What the views are told besides the picture: plain JSON values."""


class WatchedRun:
    """The simplest subject: one run, what a picture shows of it, and its losses.

    Args:
        run: The run, usually without an end.
        observe: Makes an observation; it must leave the run as it was.
    """

    goal: int | None = None

    def __init__(self, run: Run, observe: Callable[[Run], Observation]) -> None:
        self.timeline = Timeline(run)
        self._observe = observe

    @property
    def index(self) -> int:
        """The present step."""
        return self.timeline.index

    @property
    def end(self) -> int:
        """The furthest step that `rewind` can go to."""
        return self.timeline.end

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step."""
        return self.timeline.advance(parts)

    def rewind(self, to: int) -> None:
        """Go to a step that the run has been at."""
        self.timeline.rewind(to)

    def reset(self) -> None:
        """Start again."""
        self.timeline.restart()

    def set(self, name: str, value: Any) -> None:
        """Nothing can be set."""
        raise SynthlabError("This run has no settings to change.")

    def branch(self, action: str) -> None:
        """There are no twins."""
        raise SynthlabError("This run has no twin.")

    def load(self, text: str) -> None:
        """There is no text."""
        raise SynthlabError("This run cannot be loaded from a text.")

    def observe(self, still: bool) -> Observation:
        """The picture with the losses beside it."""
        seen = self._observe(self.timeline.subject)
        losses = self.timeline.losses.series()
        return Observation(
            {**seen.values, "losses": list(losses)},
            {**seen.arrays, **{f"loss:{name}": losses[name] for name in losses}},
        )

    def details(self) -> Mapping[str, Any]:
        """Nothing more."""
        return {}
