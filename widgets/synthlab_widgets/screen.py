"""Observations, statuses and screens: the words that `LiveRun` and the widgets share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from synthlab.words import Text
    from synthlab_widgets.frames import Keyframe


@dataclass(frozen=True)
class Observation:
    """What a picture shows of a run: plain JSON values, and arrays of a frame."""

    values: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Status:
    """How a live run stands.

    Attributes:
        state: ``"paused"``, ``"running"`` or ``"failed"``.
        step: The present step.
        end: The furthest step that one can rewind to.
        speed: Steps in a second at most; 0 for as many as there can be.
        message: What went wrong, for the learner; None while nothing did.
        replies: By view, the number of its last command that was handled.
        details: What this kind of run tells besides: plain JSON values.
    """

    state: str
    step: int
    end: int
    speed: float
    message: Text | None = None
    replies: Mapping[str, int] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


class Screen(Protocol):
    """Where a live run shows itself. The worker thread calls these methods."""

    def frame(self, frame: Keyframe) -> None:
        """Send a keyframe to the views."""

    def status(self, status: Status) -> None:
        """Tell the views how the run stands."""

    def settled(self, frame: Keyframe) -> None:
        """The run has been still for a moment: time for a picture that lasts."""
