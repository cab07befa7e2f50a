"""Learner's code as a check sees it: proxies that send and get plain data.

A `Session` is one check's conversation with an `Executor` through a transport. A `Proxy` is a
name or an object on the learner's side. Using a proxy as if it were plain data (adding it,
indexing it) is what happens when a learner returns the wrong thing, so it raises `Unusable`,
which becomes a failing property.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from synthlab.checks import changes, wire
from synthlab.checks.core import Check
from synthlab.checks.describe import clean, describe
from synthlab.checks.faults import (
    Crashed,
    ErrorReport,
    Fault,
    LearnerError,
    NotWritten,
    TimedOut,
    Unusable,
)
from synthlab.checks.observation import Observation
from synthlab.checks.transport import Transport
from synthlab.words import N_, Text

#: The part of the harness that every check has whose arrays are tensors.
_SHARED = Path(__file__).resolve().parent / "parts" / "harness.py"
#: Stands for what was returned before anything was.
_NOTHING = object()


class Session:
    """One check's conversation with the learner's side.

    Args:
        transport: Carries the frames.
        check: What is checked: its targets, harness, arrays and time limit.
        seed: Seeds the global generators of the learner's process.
    """

    def __init__(self, transport: Transport, check: Check, seed: int) -> None:
        self._transport = transport
        self._check = check
        self._seed = seed
        self._deadline = time.monotonic() + check.seconds
        self._states: dict[str, str] = {}
        #: What the last request returned, for the words of a verdict.
        self.last: object = _NOTHING
        #: Faults that a `part` kept to itself, with the properties it guarded.
        self.faults: list[tuple[Fault, tuple[str, ...]]] = []
        #: What the learner's functions changed although it was not theirs to change.
        self.changes: list[changes.Change] = []

    def open(self) -> None:
        """Begin: prepare the learner's side and learn which targets exist."""
        files = [_SHARED] if self._check.arrays == "torch" else []
        if self._check.harness is not None:
            files.append(self._check.harness)
        self._states = self.request(
            do="open",
            targets=list(self._check.targets),
            moves={
                name: {str(i): list(kinds) for i, kinds in allowed.items()}
                for name, allowed in self._check.moves.items()
            },
            harness={path.parent.name: path.read_text(encoding="utf-8") for path in files},
            arrays=self._check.arrays,
            seed=self._seed,
        )
        self.last = _NOTHING

    def close(self) -> str:
        """End, whatever happened before; returns what the learner's code printed."""
        self._deadline = time.monotonic() + 5.0
        try:
            return clean(self.request(do="close"), 5_000, lines=True)
        except (Fault, TimedOut):
            return ""

    def student(self) -> Student:
        """What the check's function gets as its first argument."""
        return Student(self, self._check)

    def missing(self, name: str) -> bool:
        """Whether the learner has not defined this target yet."""
        return self._states.get(name) != "ready"

    def require(self, name: str) -> None:
        """Raise `NotWritten` unless the learner has defined this target."""
        state = self._states.get(name)
        if state == "missing":
            text = N_("{name} is not defined. Run the cell that defines it, then check again.")
            raise NotWritten(name, Text(text, {"name": name}))
        if state == "none":
            raise NotWritten(name, Text(N_("{name} is still None."), {"name": name}))

    def request(self, **request: Any) -> Any:
        """Send one request and return the reply's value.

        Raises:
            LearnerError, NotWritten, Crashed, TimedOut: See `synthlab.checks.faults`.
        """
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimedOut
        frame = self._transport.request(wire.encode(request, _reference), left)
        try:
            reply = wire.decode(frame, self._proxy)
        except wire.MalformedError as error:
            raise Crashed(str(error)) from None
        if type(reply) is dict and "value" in reply:
            self.changes += changes.read(reply.get("changes"))
            self.last = reply["value"]
            return self.last
        raise _fault(reply)

    def _proxy(self, reference: wire.Reference) -> Proxy:
        name = reference.get("name")
        if reference.get("in") != "objects" or type(name) is not int:
            raise wire.MalformedError("a reference to nothing")
        return Proxy(self, {"in": "objects", "name": name}, Text(*_words(reference)))


def _words(reference: wire.Reference) -> tuple[str, dict[str, object]]:
    kind, size = clean(reference.get("type"), 100), clean(reference.get("size"), 100)
    if size:
        return N_("an array of shape {shape}, which is too large"), {"shape": size}
    return N_("an object of type {type}"), {"type": kind}


def _fault(reply: Any) -> Fault:
    error = reply.get("error") if type(reply) is dict else None
    if type(error) is not dict:
        return Crashed("a reply that is neither a value nor an error")
    line = error.get("line")
    report = ErrorReport(
        type=clean(error.get("type"), 100),
        message=clean(error.get("message"), 500),
        function=clean(error.get("function"), 100),
        line=line if type(line) is int else None,
        source=clean(error.get("source"), 200),
    )
    if error.get("stub") is True:
        name = report.function
        return NotWritten(
            name, Text(N_("{name} still raises NotImplementedError."), {"name": name})
        )
    return LearnerError(report)


def _reference(value: object) -> wire.Reference:
    if isinstance(value, Proxy):
        return value._reference()
    raise TypeError(f"a check may not send an object of type {type(value).__name__}")


class Proxy:
    """A name or an object on the learner's side: call it, reach into it, pass it on."""

    __slots__ = ("_node", "_path", "_session", "_what")

    def __init__(
        self, session: Session, node: wire.Reference, what: Text, path: tuple[str, ...] = ()
    ) -> None:
        self._session = session
        self._node = node
        self._what = what
        self._path = path

    def _reference(self) -> wire.Reference:
        return {**self._node, "path": list(self._path)}

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Call it with plain data and proxies; returns plain data or a proxy."""
        if self._node["in"] == "targets":
            self._session.require(self._node["name"])
        watched = self._node["in"] != "harness"
        return self._session.request(
            do="call", function=self, args=list(args), kwargs=kwargs, watched=watched
        )

    def value(self) -> Any:
        """The object itself as plain data; a proxy again when it is not plain."""
        if self._node["in"] == "targets":
            self._session.require(self._node["name"])
        return self._session.request(do="get", object=self)

    def randomize(self, rng: np.random.Generator, scale: float = 0.5) -> Proxy:
        """Give every parameter of this module N(0, scale^2) values; returns the module.

        A freshly made layer is often the identity, which hides every mistake in it.
        """
        module = self if self._node["in"] == "objects" and not self._path else self.value()
        harness = _harness(self._session)
        arrays = harness.parameters(module)
        drawn = {
            k: rng.normal(scale=scale, size=a.shape).astype(a.dtype) for k, a in arrays.items()
        }
        harness.set_parameters(module, drawn)
        return module

    def __getattr__(self, name: str) -> Proxy:
        if name.startswith("__"):
            raise AttributeError(name)
        return Proxy(self._session, self._node, self._what, (*self._path, name))

    def __repr__(self) -> str:
        return f"<proxy of {self._what.msgid.format(**self._what.params)}>"

    __hash__ = object.__hash__


def _not_plain(self: Proxy, *args: object, **kwargs: object) -> NoReturn:
    raise Unusable(Text(N_("Expected plain numbers, got {measured}."), {"measured": self._what}))


for _name in (
    *("array", "iter", "len", "getitem", "contains", "bool", "float", "int", "index", "complex"),
    *("add", "sub", "mul", "truediv", "matmul", "pow", "mod", "floordiv", "neg", "pos", "abs"),
    *("radd", "rsub", "rmul", "rtruediv", "rmatmul", "rpow", "rmod", "rfloordiv", "invert"),
    *("eq", "ne", "lt", "le", "gt", "ge", "and", "or", "xor", "rand", "ror", "rxor"),
):
    setattr(Proxy, f"__{_name}__", _not_plain)


def _harness(session: Session) -> Proxy:
    return Proxy(session, {"in": "harness"}, Text("the harness"))


class Student(Proxy):
    """The learner's target, or all targets by name, with the harness beside them."""

    __slots__ = ("_check",)

    def __init__(self, session: Session, check: Check) -> None:
        name = check.targets[0]
        super().__init__(session, {"in": "targets", "name": name}, Text(name))
        self._check = check

    def __getattr__(self, name: str) -> Proxy:
        if self._check.single:
            return super().__getattr__(name)
        if name not in self._check.targets:
            raise AttributeError(f"{name!r} is not a target of check {self._check.id!r}")
        return Proxy(self._session, {"in": "targets", "name": name}, Text(name))

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Call the only target."""
        if not self._check.single:
            raise TypeError(f"check {self._check.id!r} has several targets: call one by its name")
        return super().__call__(*args, **kwargs)

    def value(self, name: str | None = None) -> Any:
        """A target as plain data: the only one, or the one of this name."""
        if name is None and self._check.single:
            return super().value()
        if name not in self._check.targets:
            raise TypeError(f"{name!r} is not a target of check {self._check.id!r}")
        return Proxy(self._session, {"in": "targets", "name": name}, Text(name)).value()

    @property
    def harness(self) -> Proxy:
        """The functions of the check's harness, which run beside the learner's code."""
        return _harness(self._session)

    def left_alone(self, name: str) -> Observation:
        """Observe that no call so far changed what it was given, but for the check's ``moves``."""
        found = self._session.changes
        return Observation(name, not found, found[0].text if found else Text(_LEFT_ALONE))

    @contextlib.contextmanager
    def part(self, *properties: str) -> Iterator[None]:
        """Guard a part of a check that stands on its own.

        A fault inside ends the part, not the check. The first of the named properties that was
        not yet observed takes the blame when a value could not be used.
        """
        try:
            yield
        except Fault as fault:
            self._session.faults.append((fault, properties))
        except Exception as error:
            self._session.faults.append((unusable(self._session, error), properties))


_LEFT_ALONE = N_("Everything that your code was given is as it was.")

#: What using a value of the wrong kind raises in a check; anything else is a mistake of ours.
_OF_VALUES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RuntimeError)


def unusable(session: Session, error: Exception) -> Unusable:
    """What to say when a check's own code stumbled over what the learner's code returned."""
    if session.last is _NOTHING or not isinstance(error, _OF_VALUES):
        raise error
    text = N_("This check cannot work with what your code returned, {measured}: {problem}.")
    problem = clean(f"{type(error).__name__}: {error}", 300).rstrip(".")
    return Unusable(Text(text, {"measured": describe(session.last), "problem": problem}))
