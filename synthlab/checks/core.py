"""Declaration of a check: its properties, and the function that observes them.

A check is one generator function over black-box observations of the learner's code. It yields
one observation for each property that it declares:

    from synthlab.checks.core import Property, check
    from synthlab.checks.properties import holds, same
    from synthlab.words import N_

    @check(
        "gan.discriminator_loss",
        target="discriminator_loss",
        properties=[
            Property("value", weight=2, goal=N_("..."), nudge=N_("..."), method=N_("...")),
            Property("finite", weight=1, goal=N_("..."), nudge=N_("..."), method=N_("...")),
        ],
        arrays="torch",
        seconds=20,
    )
    def discriminator_loss(student, rng):
        real, fake = rng.normal(size=64), rng.normal(size=64)
        yield same("value", student(real, fake), expected)
        yield holds("finite", numpy.isfinite(student(real * 200, fake)))

**The student.** With one target, ``student`` is a proxy of it: call it, or reach into it
(``student(4).forward(x)``). With several targets, ``student.NAME`` is the proxy of each.

- A call sends and returns plain data: numbers, bools, text, None, lists, tuples, dicts, arrays.
  With ``arrays="torch"`` an array arrives as a tensor of the same dtype on the learner's side,
  and a tensor comes back as a detached array. Both sides hold copies: nothing that the learner
  changes in place changes yours.
- **Arguments stay as they are.** Whatever the learner's function is given, by you or by the
  harness, is compared before and after each call: numbers, parameters, buffers, gradients,
  ``requires_grad``, ``training``, an optimizer's settings. A change fails the property that
  ``keeps`` names, or else the next one observed, with a sentence of its own. What a step is there
  to change is declared: ``moves={"step": {0: TRAINED, 1: TRAINED}}``.
  ``yield student.left_alone("NAME")`` observes a property that is about nothing else.
- Anything else (a module, an optimizer, a function) stays on the learner's side. You get a
  proxy of it, to call, to reach into or to pass as an argument.
- ``student.value()`` is the target itself as plain data, ``student.value("NAME")`` one of
  several, and ``proxy.NAME.value()`` an attribute. A target that is missing, None or still
  raises NotImplementedError ends the check as *not attempted*.
- ``student.harness.NAME(...)`` calls a function of ``parts/harness.py``, or of the ``harness.py``
  beside the check's own file, beside the learner's code. A harness imports torch, numpy and the
  standard library alone.
- ``proxy.randomize(rng)`` gives every parameter of a module random, non-identity values.
- ``with student.part("value", "finite"):`` guards independent parts of one check. A fault
  inside ends that part alone, and the check goes on behind it.

**Observations** come from `synthlab.checks.properties`, and those of a training step from
`synthlab.checks.parts.steps`. A property may be observed several
times: it holds when it held each time. What was never observed counts as not passed. When the
learner's value cannot be used (None, the wrong shape, a string), the next property that was
not yet observed fails and says so; use `properties.as_array` before you slice a value.

**The verdict.** Score = passed weight / total weight; *correct* when all properties hold. An
exception in the learner's code keeps what was passed until then.

**Randomness.** ``rng`` is a numpy Generator, seeded from the check's id for a learner and from
the grader's seed for a grade. The global generators of the learner's process are seeded from
it too, and put back afterwards. A check that can fail a right answer by chance declares how
often: ``false_fail=1e-4``.
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
