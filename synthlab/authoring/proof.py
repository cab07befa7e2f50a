"""Proof of an exercise: its checks judge what its source says of each answer.

One engine judges an answer: `prove`, with the seeds as its argument. ``synthlab verify``, the tests
and ``python -m benchmarks pipeline`` all call it, and differ in their seeds alone.

Every program here is the course's own (answers, alternatives, known mistakes), so it runs in
this process, cell by cell as a learner would have run it.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from synthlab.authoring.findings import Finding
from synthlab.authoring.source import ExerciseSource, Variant

if TYPE_CHECKING:
    from synthlab.checks.verdict import Verdict

#: Judges a namespace: (check id, namespace, seed) -> Verdict. `synthlab.checks.run.evaluate`.
Judge = Callable[[str, Mapping[str, object], "int | None"], "Verdict"]

#: A namespace, and the first exception on the way in words (empty when there was none).
Ran = tuple[dict[str, Any], str]

Role = Literal["answer", "alternative", "stub", "mistake"]

#: How many seeds prove a program of each role. A check that takes seconds, and one that takes
#: whatever is predicted, has one; hundreds are the benchmark's.
SEEDS: Mapping[Role, int] = {"answer": 3, "alternative": 2, "stub": 1, "mistake": 1}


def default_judge() -> Judge:
    """The judge of the learner's ``check`` and of the grade."""
    from synthlab.checks.run import evaluate

    return evaluate


@dataclass(frozen=True)
class Case:
    """One program to judge, and what the source says of it."""

    source: ExerciseSource
    question: str
    role: Role
    variant: Variant

    def __str__(self) -> str:
        """The question and the program's name, as ``gan.ring:untrained``."""
        return f"{self.question}:{self.variant.name}"

    @property
    def quick(self) -> bool:
        """Whether its check takes milliseconds.

        One that trains or tests for seconds says so by a rate of false fails of 1e-4.
        """
        from synthlab.checks import declaration, registry

        registry.load_unit(self.source.unit.id)
        check = declaration.registered.get(self.question)
        return check is None or check.false_fail < 1e-4

    @property
    def seeds(self) -> range:
        """The seeds that prove it in ``synthlab verify`` and ``make test``."""
        (asked,) = [q for q in self.source.unit.questions if q.id == self.question]
        several = asked.prediction is None and self.quick
        return range(SEEDS[self.role] if several else 1)

    def run(self) -> Ran:
        """Run the program up to its question's check."""
        answer = None if self.role == "stub" else self.variant.code
        return run(self.source.program(self.question, answer), self.question)

    def judge(self, ran: Ran, judge: Judge, seed: int) -> str:
        """How the verdict on what has run differs from the source's; empty when it does not."""
        namespace, raised = ran
        complaint = self._complaint(raised, judge(self.question, namespace, seed))
        name = "" if self.role in ("answer", "stub") else f" {self.variant.name!r}"
        return complaint and f"the {self.role}{name} {complaint} (seed {seed})"

    def _complaint(self, raised: str, verdict: Verdict) -> str:
        if self.role == "mistake":
            if raised:
                return f"cannot be run: {raised}; a mistake is code that a learner may believe in"
            return _missed(self.variant, verdict)
        if self.role == "stub":  # what raises on the way is what learners see too
            if verdict.status != "not-attempted":
                return f"must be not attempted and is {_said(verdict)}"
            return "" if verdict.score == 0 else f"must score 0 and scores {verdict.score:g}"
        if raised:
            return f"cannot be run: {raised}"
        return "" if verdict.status == "correct" else f"must be correct and is {_said(verdict)}"


def cases(source: ExerciseSource) -> Iterator[Case]:
    """Every program that proves an exercise."""
    for question in source.unit.questions:
        if not question.automatic:
            continue
        known = source.questions[question.id]
        programs: list[tuple[Role, Iterable[Variant]]] = [
            ("answer", [Variant("answer", known.answer)]),
            ("alternative", known.alternatives),
            ("stub", [Variant("stub", known.stub)]),
            ("mistake", known.mistakes),
        ]
        for role, variants in programs:
            for variant in variants:
                yield Case(source, question.id, role, variant)


def prove(case: Case, judge: Judge, seeds: Iterable[int] | None = None) -> Iterator[Finding]:
    """Judge a program under seeds, its own when None; yields the first that does not hold."""
    ran = case.run()
    for seed in case.seeds if seeds is None else seeds:
        complaint = case.judge(ran, judge, seed)
        if complaint:
            yield Finding("proof", case.question, f"{complaint}.")
            return


def _missed(mistake: Variant, verdict: Verdict) -> str:
    """How a verdict differs from what a mistake claims of itself; empty when it does not."""
    if mistake.fails == ("error",):
        return "" if verdict.status == "error" else f"must raise and is {_said(verdict)}"
    states = {p.name: p.passed for p in verdict.properties}
    for name in mistake.fails:
        if name not in states:
            known = ", ".join(repr(n) for n in states) or "none"
            return f"names the property {name!r}, which its check does not have; it has {known}"
        if verdict.status not in ("partial", "incorrect"):
            return f"must fail the property {name!r} and is {_said(verdict)}"
        if states[name] is not False:
            return f"must fail the property {name!r}, and does not; it is {_said(verdict)}"
    return ""


def _said(verdict: Verdict) -> str:
    failed = [p.name for p in verdict.properties if p.passed is False]
    status = f"{verdict.status}".replace("-", " ")
    return f"{status} (failing: {', '.join(failed)})" if failed else status


def run(cells: list[str], name: str) -> Ran:
    """Run code cells one after another in one namespace, as a notebook does.

    A cell that raises does not stop the next, and nothing is printed.
    """
    namespace: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__}
    raised = ""
    for number, code in enumerate(cells, 1):
        file = f"<{name}, cell {number}>"
        # inspect.getsource and tracebacks find the code here, as they do in IPython
        linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
        try:
            with _silence():
                exec(compile(code, file, "exec"), namespace)  # noqa: S102 - the course's own code
        except Exception as error:
            raised = raised or f"{type(error).__name__}: {error} (in code cell {number})"
    return namespace, raised


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    sink = io.StringIO()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(sink))
        stack.enter_context(contextlib.redirect_stderr(sink))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        yield
