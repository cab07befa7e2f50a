"""The hint ladder: what is not right yet, a nudge, the method. Counted, never a cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from synthlab.progress.record import Record, Tried
from synthlab.words import Text

#: The steps of the ladder, in order.
STEPS = ("nudge", "method")


@dataclass(frozen=True)
class Ladder:
    """The hints of one question as far as they were asked for, in the reader's language.

    Args:
        goal: What does not hold yet; None before the first check and when all is right.
        shown: The hints that were asked for.
        left: How many there are still.
    """

    goal: str | None
    shown: tuple[str, ...]
    left: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"goal": self.goal, "shown": list(self.shown), "left": self.left}


def ladder(record: Record, question: str, language: str) -> Ladder:
    """How far a question's ladder was climbed."""
    tried = record.tried(question)
    found = _sentences(tried, language)
    if found is None:
        return Ladder(None, (), 0)
    shown = min(max(tried.hinted, 0), len(STEPS))
    steps = tuple(found[step] for step in STEPS)
    return Ladder(found["goal"], steps[:shown], len(STEPS) - shown)


def _sentences(tried: Tried, language: str) -> dict[str, str] | None:
    if tried.open is None:
        return None
    try:
        return {key: Text.from_dict(tried.open[key]).render(language) for key in ("goal", *STEPS)}
    except (KeyError, TypeError, AttributeError, ValueError, IndexError):
        return None  # written by somebody else's hand
