"""Declaration of a check: its properties, its targets, and the function that observes them.

How a check is written stands in `synthlab.checks.core`, from which authors import.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from synthlab.checks.changes import KINDS
from synthlab.errors import SynthlabError
from synthlab.words import Text

if TYPE_CHECKING:
    import numpy as np

    from synthlab.checks.properties import Observation

#: A check's function: (student, rng) -> observations.
CheckFunction = Callable[[Any, "np.random.Generator"], "Iterator[Observation]"]


@dataclass(frozen=True)
class Property:
    """One thing that a right answer satisfies.

    Args:
        name: Its name within the check, lower case with dashes.
        weight: Its share of the score, more than 0.
        goal: One sentence that says what holds of a right answer.
        nudge: The first hint: where to look.
        method: The second hint: how to do it.
        params: The values of their fields, where they have any.
    """

    name: str
    weight: float
    goal: str
    nudge: str
    method: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.weight > 0:
            raise SynthlabError(
                "The weight of property {name!r} must be more than 0.", name=self.name
            )

    def text(self, which: Literal["goal", "nudge", "method"]) -> Text:
        """One of the three sentences, translated when it is shown."""
        return Text(getattr(self, which), self.params)


@dataclass(frozen=True)
class Check:
    """A registered check; see the module's docstring for the meaning of the fields."""

    id: str
    targets: tuple[str, ...]
    single: bool
    properties: tuple[Property, ...]
    function: CheckFunction
    harness: Path | None = None
    arrays: Literal["torch", "numpy"] = "torch"
    seconds: float = 20.0
    false_fail: float = 0.0
    moves: Mapping[str, Mapping[int, Sequence[str]]] = field(default_factory=dict)
    keeps: Mapping[str, str] = field(default_factory=dict)

    @property
    def weight(self) -> float:
        """The total weight of all properties."""
        return sum(p.weight for p in self.properties)


#: What a training step may change of a network or an optimizer that it trains.
TRAINED = ("values", "gradient")
#: Of a network that a loss passes through on its way to another.
GRADIENT = ("gradient",)

#: What ``student.NAME`` means already.
_RESERVED = frozenset({"harness", "left_alone", "part", "randomize", "value"})

#: Every check by its id; `synthlab.checks.registry` loads those of a unit.
registered: dict[str, Check] = {}


def check(
    check_id: str,
    *,
    target: str | Sequence[str],
    properties: Iterable[Property],
    arrays: Literal["torch", "numpy"] = "torch",
    seconds: float = 20.0,
    false_fail: float = 0.0,
    moves: Mapping[str, Mapping[int, Sequence[str]]] | None = None,
    keeps: Mapping[str, str] | None = None,
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function as the check of one question.

    Args:
        check_id: The question's id in ``course.toml``, e.g. ``"gan.ring"``.
        target: The name, or names, that the learner defines.
        properties: What the function observes, in the order in which a learner reads it.
        arrays: What arrays are on the learner's side.
        seconds: The time that the learner's code may take in all. nbgrader gives a cell 30 s,
            so stay well below it.
        false_fail: The probability that a right answer fails; 0 for a deterministic check.
        moves: What a target may change, by the position of the argument: `TRAINED`, `GRADIENT`
            or other kinds of `synthlab.checks.changes`. Everything else stays as it was.
        keeps: The property that fails when a target changes something else, by the target or by
            the kind of the change; without it the next one that is observed.

    Raises:
        SynthlabError: When the declaration contradicts itself.
    """
    declared = tuple(properties)
    names = [p.name for p in declared]
    if not names or len(set(names)) != len(names):
        raise SynthlabError(
            "Check {check!r} must declare at least one property, each name once.", check=check_id
        )
    if not 0 <= false_fail <= 1e-2:
        raise SynthlabError(
            "Check {check!r}: false_fail must lie in [0, 0.01], not {false_fail}.",
            check=check_id,
            false_fail=false_fail,
        )
    single = isinstance(target, str)
    targets = (target,) if isinstance(target, str) else tuple(target)
    moves, keeps = moves or {}, keeps or {}
    known = {*moves} <= {*targets} and {*keeps} <= {*targets, *KINDS}
    if not known or not {*keeps.values()} <= {*names}:
        raise SynthlabError(
            "Check {check!r}: `moves` and `keeps` name its targets, and `keeps` its properties.",
            check=check_id,
        )
    taken = _RESERVED.intersection(targets)
    if taken:
        raise SynthlabError(
            "Check {check!r}: no target may be called {target!r}.",
            check=check_id,
            target=min(taken),
        )

    def register(function: CheckFunction) -> CheckFunction:
        earlier = registered.get(check_id)
        if earlier is not None and earlier.function.__module__ != function.__module__:
            raise SynthlabError("Two modules register the check {check!r}.", check=check_id)
        harness = Path(inspect.getfile(function)).with_name("harness.py")
        beside = harness if harness.is_file() else None
        registered[check_id] = Check(
            check_id,
            targets,
            single,
            declared,
            function,
            beside,
            arrays,
            seconds,
            false_fail,
            moves,
            keeps,
        )
        return function

    return register


def stable_seed(*words: str) -> int:
    """A number in [0, 2**63) from words: the same on every machine and in every process."""
    digest = hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def learner_seed(check_id: str) -> int:
    """The seed with which a learner's own ``check(check_id)`` runs; graders use others."""
    return stable_seed("learner", check_id)
