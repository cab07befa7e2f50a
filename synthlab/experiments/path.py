"""The path of a run: so many steps, a change, then more steps, in the order in which it was made.

As text it is a line of words: ``400`` is four hundred steps, ``D5`` five steps of one part alone,
the one whose letter is D among those of the model, ``g_lr=0.01`` a change.

>>> path = Path.parse("400 D5 g_lr=0.01 100")
>>> path.steps, str(path), str(path.upto(402))
(505, '400 D5 g_lr=0.01 100', '400 D2')
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from string import ascii_uppercase

from synthlab.errors import SynthlabError

#: More steps than anybody makes by hand: a text from elsewhere may say what it likes.
MOST_STEPS = 1_000_000


@dataclass(frozen=True)
class Steps:
    """So many steps of all parts, or of one part alone, by its letter."""

    count: int
    part: str = ""

    def __str__(self) -> str:
        return f"{self.part}{self.count}"


@dataclass(frozen=True)
class Change:
    """A setting that was changed; the value as text."""

    name: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


@dataclass(frozen=True)
class Path:
    """Steps and changes in the order in which they were made."""

    acts: tuple[Steps | Change, ...] = ()

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return sum(act.count for act in self.acts if isinstance(act, Steps))

    def stepped(self, part: str = "") -> Path:
        """One step further: of all parts, or of the one with this letter."""
        last = self.acts[-1] if self.acts else None
        if isinstance(last, Steps) and last.part == part:
            return Path((*self.acts[:-1], replace(last, count=last.count + 1)))
        return Path((*self.acts, Steps(1, part)))

    def changed(self, name: str, value: str) -> Path:
        """One change further; of the changes of one setting in a row, the last two remain.

        Two, because a way back can matter: an optimiser that is chosen again remembers nothing.
        """
        same: list[Change] = []
        for act in reversed(self.acts):
            if not isinstance(act, Change):
                break
            if act.name == name:
                same.append(act)
        if same and same[0].value == value:
            return self
        dropped = {id(act) for act in same[1:]}
        return Path((*(act for act in self.acts if id(act) not in dropped), Change(name, value)))

    def upto(self, step: int) -> Path:
        """The beginning that leads to a step, with the changes made there."""
        acts: list[Steps | Change] = []
        index = 0
        for act in self.acts:
            if index > step:
                break
            if isinstance(act, Steps):
                count = min(step - index, act.count)
                if count:
                    acts.append(replace(act, count=count))
                index += act.count
            else:
                acts.append(act)
        return Path(tuple(acts))

    def between(self, start: int, end: int) -> Iterator[str | Change]:
        """The single acts from the state at one step to the state at a later one.

        Yields:
            The letter of a part, or "" for a step of all; or a change. The changes made at
            ``start`` belong to the state there, so they are not among them.
        """
        index = 0
        for act in self.acts:
            if isinstance(act, Change):
                if start < index <= end:
                    yield act
                continue
            first, last = max(start, index), min(end, index + act.count)
            for _ in range(first, last):
                yield act.part
            index += act.count

    def shared(self, other: Path) -> int:
        """The last step at which both paths have done the same."""
        step = 0
        pairs = zip(self.between(-1, self.steps), other.between(-1, other.steps), strict=False)
        for mine, theirs in pairs:
            if mine != theirs:
                break
            step += not isinstance(mine, Change)
        return step

    def __str__(self) -> str:
        return " ".join(str(act) for act in self.acts)

    @classmethod
    def parse(cls, text: str) -> Path:
        """Read what `str` wrote.

        Raises:
            SynthlabError: When a word is neither steps nor a change.
        """
        acts: list[Steps | Change] = []
        for word in text.split():
            steps = re.fullmatch(r"((?:[A-Z][a-z]*)?)([0-9]{1,7})", word)
            name, equals, value = word.partition("=")
            if steps:
                acts.append(Steps(int(steps[2]), steps[1]))
            elif equals and name.isidentifier() and value:
                acts.append(Change(name, value))
            else:
                raise SynthlabError(
                    "{word} is no part of a path: write 400 for steps, D5 for steps of the "
                    "part D alone, or a change such as g_lr=0.01.",
                    word=word,
                )
        path = cls(tuple(act for act in acts if not isinstance(act, Steps) or act.count))
        if path.steps > MOST_STEPS:
            raise SynthlabError(
                "A path has at most {most} steps; this one has more.", most=MOST_STEPS
            )
        return path


def initials(parts: Iterable[str]) -> dict[str, str]:
    """A letter for each part, or the fewest letters that tell it from the others.

    Names that no Latin letters tell apart get those of the alphabet, in their order.

    >>> initials(["discriminator", "generator"]), initials(["prior", "posterior"])
    ({'discriminator': 'D', 'generator': 'G'}, {'prior': 'Pr', 'posterior': 'Po'})
    >>> initials(["critic1", "critic2"])
    {'critic1': 'A', 'critic2': 'B'}
    """
    names = list(parts)
    words = [re.sub("[^a-z]", "", name.lower()) for name in names]
    for length in range(1, 1 + max(map(len, words), default=0)):
        letters = [word[:length].capitalize() for word in words]
        if all(letters) and len(set(letters)) == len(names):
            return dict(zip(names, letters, strict=True))
    return {name: ascii_uppercase[i % 26] + "a" * (i // 26) for i, name in enumerate(names)}
