"""A run that goes back: rewind to any step, and on from there.

>>> from synthlab.data import Ring
>>> from synthlab.models.gan import GAN
>>> from synthlab.training import train
>>> timeline = Timeline(train(GAN.mlp(), Ring(), steps=None))
>>> first = [timeline.advance().losses for _ in range(3)]
>>> timeline.rewind(1)
>>> timeline.index, timeline.end, timeline.advance().losses == first[1]
(1, 3, True)
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from synthlab.data.source import check_count
from synthlab.errors import SynthlabError
from synthlab.experiments.history import History
from synthlab.experiments.path import Change, Path, initials
from synthlab.experiments.sizes import blocks
from synthlab.training import Step
from synthlab.words import N_, Text

#: Steps from one kept state to the next, to begin with.
SPACING = 25
#: States, and bytes of them, that are kept at most; when there are more, every second one goes.
KEPT = 64
BUDGET = 64_000_000


@dataclass(frozen=True)
class _Moment:
    """A kept state and the charts up to it."""

    state: Mapping[str, Any]
    losses: History
    measures: History

    @cached_property
    def blocks(self) -> Mapping[int, int]:
        """The bytes of its arrays, by their place in memory."""
        return blocks((self.state, self.losses, self.measures))


class Timeline:
    """A run with its past.

    Every so many steps the state is kept; any other step is reached from the nearest kept one
    by doing again what was done. That gives the very same numbers, because a run draws all its
    randomness from its own generator. (A model that draws from torch's global one is taken
    back, too, but does not go the same way again.) The larger the states, the fewer are kept; the
    first one always is.

    Args:
        subject: A `synthlab.training.Run` or an experiment: anything with its ``index``, ``parts``,
            ``advance``, states and ``branch``. What it is now is where the timeline begins.
        measure: Named numbers to follow over time, taken every ``every`` steps.
        every: Steps between two measurements.
        budget: Bytes that the kept states may take; memory that they share counts once.

    Attributes:
        subject: The run at the present step.
        path: All that was done, also beyond the present step after a rewind.
        losses: The losses up to the present step.
        measures: The measurements up to the present step.
    """

    def __init__(
        self,
        subject: Any,
        measure: Callable[[Any], Mapping[str, float]] | None = None,
        every: int = 20,
        budget: int = BUDGET,
    ) -> None:
        self.subject: Any = subject
        self.every, self.budget = check_count(every, "every", 1), check_count(budget, "budget", 0)
        self._measure = measure
        self.path = Path()
        self.losses, self.measures = History(), History(first=0, every=self.every)
        self._first = int(subject.index)
        self._letters = initials(subject.parts)
        self._spacing = SPACING
        self._kept: dict[int, _Moment] = {}
        self._note()
        self._keep()

    @property
    def index(self) -> int:
        """The present step, counted from where the timeline begins."""
        return int(self.subject.index) - self._first

    @property
    def end(self) -> int:
        """The furthest step that `rewind` can go to."""
        return self.path.steps

    @property
    def here(self) -> Path:
        """What led to the present step."""
        return self.path.upto(self.index)

    @property
    def kept_bytes(self) -> int:
        """The bytes that the kept states take."""
        return _bytes(self._kept.values())

    @property
    def warning(self) -> Text | None:
        """What somebody should know before going back; None where there is nothing to say."""
        if _bytes([self._kept[0]]) + self._size <= self.budget:
            return None
        return Text(
            N_(
                "A state of this run takes {size} MB, and {budget} MB is all that may be kept of "
                "its past. So only its first state is: going back trains again from the start."
            ),
            {"size": f"{self._size / 1e6:.0f}", "budget": f"{self.budget / 1e6:.0f}"},
            domain="widgets",
        )

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step. After a rewind this is where the run goes another way.

        Raises:
            SynthlabError: For parts that the model does not have, or several that are not all.
        """
        letter = self._letter(parts)
        self._forget()
        path = self.path.stepped(letter)
        try:
            return self._advance(letter)
        finally:
            if self.index == path.steps:  # a step whose loss is not finite was made all the same
                self.path = path

    def _advance(self, letter: str) -> Step:
        step: Step = self.subject.advance(self._parts(letter))
        self.losses.add(self.index, step.losses)
        self._note()
        if self.index % self._spacing == 0:
            self._keep()
        return step

    def _letter(self, parts: Collection[str] | None) -> str:
        """The letter of a part; none for all of them."""
        names = {parts} if isinstance(parts, str) else set(parts or ())
        if not names or names == set(self._letters):
            return ""
        if len(names) > 1 or not names <= set(self._letters):
            raise SynthlabError(
                "A step is one of all parts, or of one of these alone: {parts}.",
                parts=", ".join(self._letters) or "–",
            )
        return self._letters[names.pop()]

    def set(self, name: str, value: Any) -> None:
        """Change a setting of the subject, from the present step on.

        Raises:
            SynthlabError: When the subject has no settings, or refuses this one.
        """
        if not hasattr(self.subject, "set"):
            raise SynthlabError("This run has no settings to change.")
        text = self.subject.set(name, value)
        self._forget()
        self.path = self.path.changed(name, text)
        if self.index in self._kept:
            self._keep()

    def do(self, act: str | Change) -> Step | None:
        """Do one act of a `Path`: a step, which is returned, or a change.

        Raises:
            SynthlabError: When this run cannot do it.
        """
        if isinstance(act, Change):
            self.set(act.name, act.value)
            return None
        return self.advance(self._parts(act))

    def check(self, path: Path) -> None:
        """Raise SynthlabError when this run of an experiment cannot go that way from its start."""
        settings = self.subject.start
        for act in path.acts:
            if isinstance(act, Change):
                settings = settings.changed_now(act.name, act.value)
                self.subject.check(settings)
            else:
                self._parts(act.part)

    def _parts(self, letter: str) -> tuple[str, ...] | None:
        """The part that has a letter; None, for all of them, without one."""
        parts = {known: (name,) for name, known in self._letters.items()}
        if letter and letter not in parts:
            raise SynthlabError(
                "No part of this model has the letter {letter}. It has these: {letters}.",
                letter=letter,
                letters=", ".join(parts) or "–",
            )
        return parts.get(letter)

    def rewind(self, to: int) -> None:
        """Go to a step, back or, after a rewind, forward again.

        Raises:
            SynthlabError: When the run has never been there.
        """
        check_step(to, self.end)
        nearest = max(step for step in self._kept if step <= to)
        if not nearest <= self.index <= to:
            self._load(self._kept[nearest])
        for act in self.path.between(self.index, to):
            if isinstance(act, Change):
                self.subject.set(act.name, act.value)
            else:
                self._advance(act)

    def restart(self) -> None:
        """Go back to the beginning and forget the rest."""
        self.rewind(0)
        self._forget()
        self._spacing = SPACING

    def branch(self) -> Self:
        """An independent timeline that shares the past and goes on from the present step."""
        self._forget()
        other = copy.copy(self)
        other.subject = self.subject.branch()
        other.losses, other.measures = self.losses.copy(), self.measures.copy()
        other._kept = dict(self._kept)
        return other

    def _forget(self) -> None:
        """Drop what lies beyond the present step."""
        if self.index < self.end:
            self.path = self.here
            self._kept = {step: kept for step, kept in self._kept.items() if step <= self.index}

    def _note(self) -> None:
        if self._measure is not None and self.index % self.every == 0:
            self.measures.add(self.index, self._measure(self.subject))

    def _keep(self) -> None:
        moment = _Moment(self.subject.state_dict(), self.losses.copy(), self.measures.copy())
        self._kept[self.index], self._size = moment, _bytes([moment])
        while len(self._kept) > 1 and self._crowded():
            self._spacing *= 2
            self._kept = {
                step: kept for step, kept in self._kept.items() if step % self._spacing == 0
            }

    def _crowded(self) -> bool:
        kept = self._kept.values()
        # what shares memory is looked for only where that could make a difference
        large = sum(_bytes([one]) for one in kept) > self.budget
        return len(kept) > KEPT or (large and self.kept_bytes > self.budget)

    def _load(self, moment: _Moment) -> None:
        self.subject.load_state_dict(moment.state)
        self.losses, self.measures = moment.losses.copy(), moment.measures.copy()


def _bytes(moments: Iterable[_Moment]) -> int:
    together: dict[int, int] = {}
    for moment in moments:
        together |= moment.blocks
    return sum(together.values())


def check_step(to: int, end: int) -> None:
    """Raise SynthlabError when a run whose furthest step is ``end`` has never been at ``to``."""
    if not 0 <= to <= end:
        raise SynthlabError(
            "This run has been at the steps 0 to {end}; it cannot go to {to}.", end=end, to=to
        )
