"""Run a check against a learner's code and turn what happens into a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from synthlab.checks.changes import Change
from synthlab.checks.core import Check, learner_seed, stable_seed
from synthlab.checks.describe import number
from synthlab.checks.faults import (
    Crashed,
    ErrorReport,
    Fault,
    LearnerError,
    NotWritten,
    TimedOut,
    Unusable,
)
from synthlab.checks.properties import Observation
from synthlab.checks.proxy import Session, unusable
from synthlab.checks.registry import find
from synthlab.checks.transport import LocalTransport, Transport
from synthlab.checks.verdict import PropertyVerdict, Status, Verdict
from synthlab.errors import SynthlabError
from synthlab.words import N_, Text


def evaluate(check_id: str, namespace: Mapping[str, object], seed: int | None = None) -> Verdict:
    """Check what a namespace holds, in this process.

    Args:
        check_id: A question's id, e.g. ``"gan.ring"``.
        namespace: The learner's names.
        seed: A grader's seed, at least 0; None stands for the learner's own.

    Raises:
        SynthlabError: When there is no such check; the sentence names the nearest ids.
    """
    return run(find(check_id), LocalTransport(namespace), seed)


def run(check: Check, transport: Transport, seed: int | None = None) -> Verdict:
    """Run a check over a transport; see `evaluate`.

    KeyboardInterrupt passes through, after the learner's side was put back as it was.
    """
    if seed is not None and seed < 0:
        raise SynthlabError("A seed is a whole number of at least 0, not {seed}.", seed=seed)
    own = learner_seed(check.id) if seed is None else stable_seed("grade", check.id, str(seed))
    # The other side gets a seed of its own, from which nobody can work back to the inputs.
    session = Session(transport, check, stable_seed("learner's side", str(own)))
    record = _Record(check, session.changes)
    ended: Fault | TimedOut | None = None
    printed = ""
    try:
        session.open()
        _drive(check, session, record, np.random.default_rng(own))
    except (Fault, TimedOut) as fault:
        ended = fault
    finally:
        printed = session.close()
    return record.verdict(session.faults, ended, printed, own)


def _drive(check: Check, session: Session, record: _Record, rng: np.random.Generator) -> None:
    if all(session.missing(name) for name in check.targets):
        session.require(check.targets[0])
    try:
        for observation in check.function(session.student(), rng):
            record.add(observation)
    except (Fault, SynthlabError):
        raise
    except Exception as error:
        raise unusable(session, error) from error


class _Record:
    """Observations so far, by the declared property."""

    def __init__(self, check: Check, changes: list[Change]) -> None:
        self.check = check
        self.changes = changes
        self.observations: dict[str, Observation] = {}
        self.latest: str | None = None
        self._blamed = False

    def add(self, observation: Any) -> None:
        if not isinstance(observation, Observation):
            raise SynthlabError(
                "Check {check!r} yielded something else than a property.", check=self.check.id
            )
        if observation.name not in {p.name for p in self.check.properties}:
            raise SynthlabError(
                "Check {check!r} yields {name!r}, which it does not declare.",
                check=self.check.id,
                name=observation.name,
            )
        self.latest = observation.name
        self._keep(observation)
        self._blame_change(observation.name)

    def _keep(self, observation: Observation) -> None:
        earlier = self.observations.get(observation.name)
        if earlier is None or earlier.passed:
            self.observations[observation.name] = observation

    def _keeping(self, change: Change) -> str | None:
        """The property that is declared for a change."""
        keeps = self.check.keeps
        return keeps.get(change.kind, keeps.get(change.function))

    def _blame_change(self, name: str) -> None:
        """Let the first change that no property is declared for fail this one, and only this."""
        loose = [c for c in self.changes if self._keeping(c) is None]
        if loose and not self._blamed:
            self._blamed = True
            self._keep(Observation(name, False, loose[0].text))

    def all_passed(self) -> bool:
        return len(self.observations) == len(self.check.properties) and all(
            observation.passed for observation in self.observations.values()
        )

    def blame(self, fault: Unusable, guarded: tuple[str, ...]) -> None:
        """Let a value that cannot be used fail the property that was being looked at.

        Of those that a part guards it is the first that was not observed yet, or the first of all;
        without a part the first that was not observed, or the last that was.
        """
        names = guarded or tuple(p.name for p in self.check.properties)
        waiting = (name for name in names if name not in self.observations)
        name = next(waiting, guarded[0] if guarded else self.latest or names[-1])
        self._keep(Observation(name, False, fault.text))

    def verdict(
        self,
        kept: list[tuple[Fault, tuple[str, ...]]],
        ended: Fault | TimedOut | None,
        printed: str,
        seed: int,
    ) -> Verdict:
        faults: list[tuple[Fault | TimedOut, tuple[str, ...]]] = [*kept]
        if ended is not None:
            faults.append((ended, ()))
        for fault, guarded in faults:
            if isinstance(fault, Unusable):
                self.blame(fault, guarded)
        self._blame_change(self.latest or self.check.properties[0].name)
        for change in self.changes:
            name = self._keeping(change)
            if name is not None:
                self._keep(Observation(name, False, change.text))
        if faults and self.latest and self.all_passed():
            del self.observations[self.latest]  # a second look at it came to a bad end
        properties = tuple(self._property(i) for i in range(len(self.check.properties)))
        earned = sum(p.weight for p in properties if p.passed)
        status, summary, error = _status(properties, [fault for fault, _ in faults])
        if status is Status.TIMEOUT:
            late = N_(
                "Your code did not finish within {n} second.",
                "Your code did not finish within {n} seconds.",
            )
            summary = Text(late, {"n": number(self.check.seconds)})
        return Verdict(
            check=self.check.id,
            status=status,
            score=1.0 if status is Status.CORRECT else earned / self.check.weight,
            properties=properties,
            summary=summary,
            error=error,
            printed=printed,
            seed=seed,
        )

    def _property(self, i: int) -> PropertyVerdict:
        declared = self.check.properties[i]
        found = self.observations.get(declared.name)
        return PropertyVerdict(
            name=declared.name,
            passed=None if found is None else found.passed,
            weight=declared.weight,
            goal=declared.text("goal"),
            detail=None if found is None else found.detail,
            nudge=declared.text("nudge"),
            method=declared.text("method"),
        )


def _status(
    properties: tuple[PropertyVerdict, ...], faults: list[Fault | TimedOut]
) -> tuple[Status, Text | None, ErrorReport | None]:
    """The one word for what happened; the gravest fault wins."""
    passed = sum(bool(p.passed) for p in properties)
    for fault in faults:
        if isinstance(fault, TimedOut):
            return Status.TIMEOUT, None, None
    for fault in faults:
        if isinstance(fault, Crashed):
            text = N_("The process that runs your code ended before the check was done.")
            return Status.ERROR, Text(text), None
        if isinstance(fault, LearnerError):
            return Status.ERROR, _summary(fault.report), fault.report
    unwritten = [fault for fault in faults if isinstance(fault, NotWritten)]
    summary = unwritten[0].text if unwritten else None
    if passed == len(properties) and not faults:
        return Status.CORRECT, None, None
    if passed:
        return Status.PARTIAL, summary, None
    if unwritten and all(p.passed is None for p in properties):
        return Status.NOT_ATTEMPTED, summary, None
    return Status.INCORRECT, summary, None


def _summary(report: ErrorReport) -> Text:
    params: dict[str, object] = {"type": report.type, "message": report.message}
    if report.line is None:
        return Text(N_("Your code raised {type}: {message}"), params)
    params.update(line=str(report.line), function=report.function)
    if report.function in ("", "<module>", "<lambda>"):
        return Text(N_("Your code raised {type} in line {line}: {message}"), params)
    return Text(N_("{function} raised {type} in line {line}: {message}"), params)
