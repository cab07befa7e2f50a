"""Report of a probe: what became of every mutant of a question, and which ones survived."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from synthlab.authoring.probe.around import around
from synthlab.authoring.probe.inside import inside, name_of
from synthlab.authoring.probe.judge import Bench, Judged, Question, arguments, differs, judged
from synthlab.authoring.probe.mutant import Mutant, normal, numbered, sample
from synthlab.authoring.source import Allowed, QuestionSource
from synthlab.errors import SynthlabError

#: Does a task for each job; None stands for one that took too long. `Bench.map`.
Each = Callable[[Callable[..., Any], Sequence[tuple[Any, ...]]], Iterable[Any]]

#: How many mutants of an answer that trains are judged, unless somebody asks for more.
_TRAINED = 40

#: The share of mutants that a check must not call correct.
GOAL = 0.95


@dataclass(frozen=True)
class Outcome:
    """A mutant and its verdicts.

    Attributes:
        verdicts: One a seed, up to the first that calls it correct; none when it was ended.
        fits: Whether, under every seed, a property failed that has to do with what was changed.
        difference: Where a mutant that survived differs from the answer; empty when nowhere.
        allowed: Why it is no wrong answer; empty when nobody said so.
    """

    mutant: Mutant
    verdicts: tuple[Judged, ...]
    fits: bool
    difference: str = ""
    allowed: str = ""

    @property
    def fate(self) -> str:
        """``raises``, ``ended``, ``killed``, ``equivalent``, ``allowed`` or ``survived``."""
        if not self.verdicts:
            return "ended"
        statuses = {verdict.status for verdict in self.verdicts}
        if statuses == {"error"}:
            return "raises"
        if "correct" not in statuses:
            return "killed"
        return "allowed" if self.allowed else "survived" if self.difference else "equivalent"


@dataclass
class Report:
    """Every outcome of a question."""

    question: str
    answer: str
    derived: int = 0
    outcomes: list[Outcome] = field(default_factory=list)
    stale: list[Allowed] = field(default_factory=list)

    def of(self, fate: str) -> list[Outcome]:
        """The outcomes of one fate."""
        return [outcome for outcome in self.outcomes if outcome.fate == fate]

    @property
    def killed(self) -> float:
        """The share that no seed calls correct, of those that run and are wrong."""
        killed, survived = len(self.of("killed")), len(self.of("survived"))
        return killed / (killed + survived) if killed + survived else 1.0

    @property
    def fitting(self) -> float:
        """The share of the same that fail a property which fits, under every seed."""
        killed, survived = self.of("killed"), len(self.of("survived"))
        fit = sum(outcome.fits for outcome in killed)
        return fit / (len(killed) + survived) if len(killed) + survived else 1.0

    @property
    def ok(self) -> bool:
        """Whether enough are killed, and every allowance is still about something."""
        return self.killed >= GOAL and not self.stale


def probe(
    questions: list[Question], *, seeds: int, limit: float, most: int | None = None
) -> Iterator[Report]:
    """Probe the checks of questions, one report each.

    Args:
        questions: What to probe.
        seeds: How many seeds judge each mutant.
        limit: The seconds that a mutant may take for all its seeds; then it is ended, and counts
            for nothing. What never ends is the check's to see, which has a limit of its own.
        most: How many mutants of a question are judged; by default all, and fewer of an answer
            that trains.
    """
    with Bench(min(2, os.cpu_count() or 1), limit) as bench:
        for question in questions:
            yield probed(question, bench.map, seeds, most)


def probed(question: Question, each: Each, seeds: int, most: int | None = None) -> Report:
    """Probe the check of one question; ``each`` does a task for every job, in their order."""
    (known,) = each(arguments, [(question,)])
    if known is None:
        raise SynthlabError("The answer to {question} takes too long.", question=question.id)
    source, answer = question.source.questions[question.id], question.answer
    derived = numbered([*inside(answer, known), *around(answer, known)], answer)
    mutants = sample(derived, most or (_TRAINED if question.trains else len(derived)))
    jobs = [(question, mutant.code, range(seeds)) for mutant in mutants]
    named = _named(source)
    report = Report(question.id, answer, len(derived))
    for mutant, verdicts in zip(mutants, each(judged, jobs), strict=True):
        fits = all(_fits(verdict, mutant, named) for verdict in verdicts or ())
        report.outcomes.append(Outcome(mutant, tuple(verdicts or ()), fits))
    _excuse(report, question, each, source.allowed)
    return report


def _excuse(report: Report, question: Question, each: Each, allowed: tuple[Allowed, ...]) -> None:
    """Say of each survivor where it differs, and whether a person allowed it."""
    alive = report.of("equivalent")
    jobs = [(question, outcome.mutant.code) for outcome in alive]
    used = set()
    for outcome, difference in zip(alive, each(differs, jobs), strict=True):
        text = "time that it takes" if difference is None else difference
        diff = outcome.mutant.diff(report.answer)
        why = next((a for a in allowed if text and a.matches(diff, text)), None)
        used.add(why)
        at = report.outcomes.index(outcome)
        report.outcomes[at] = Outcome(
            outcome.mutant, outcome.verdicts, outcome.fits, text, why.reason if why else ""
        )
    if len(report.outcomes) == report.derived:
        report.stale = [a for a in allowed if a not in used]


def _named(source: QuestionSource) -> dict[str, set[str]]:
    """The properties that known mistakes name, by the function or name that they change."""
    right = _definitions(source.answer)
    named: dict[str, set[str]] = {}
    for mistake in source.mistakes:
        theirs = _definitions(mistake.code)
        for where, text in right.items():
            if theirs.get(where) != text:
                named.setdefault(where, set()).update(mistake.fails)
    return named


def _definitions(code: str) -> dict[str, str]:
    """What the top of an answer defines, as code; what is defined twice counts last."""
    return {name_of(s): ast.unparse(s) for s in ast.parse(normal(code)).body}


def _fits(verdict: Judged, mutant: Mutant, named: dict[str, set[str]]) -> bool:
    """Whether a failed property has to do with what was changed.

    It does when a known mistake in the same function names it, or none in another one does, and
    its sentence is not an exception of Python's. Where none failed, what is missing was named.
    """
    if verdict.status in ("timeout", "error") or not verdict.failed:
        return True
    mine = named.get(mutant.where, set())
    others = set().union(*named.values()) - mine if mine else set()
    return verdict.plain and any(name not in others for name in verdict.failed)
