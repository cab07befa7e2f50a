"""The proof of an exercise: its checks judge what its source says of each answer.

Every program here is the course's own (answers, alternatives, known mistakes), so it runs in
this process, cell by cell as a learner would have run it.
"""

from __future__ import annotations

import contextlib
import io
import linecache
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from synthlab.authoring.findings import Finding
from synthlab.authoring.source import ExerciseSource, QuestionSource, Variant

if TYPE_CHECKING:
    from synthlab.checks.verdict import Verdict

#: Judges a namespace: (check id, namespace, seed) -> Verdict. `synthlab.checks.run.evaluate`.
Judge = Callable[[str, Mapping[str, object], "int | None"], "Verdict"]

#: Seeds on which every right answer is judged; the benchmark of false fails uses hundreds.
SEEDS = (1, 2)


def default_judge() -> Judge:
    """The judge of the learner's ``check`` and of the grade."""
    from synthlab.checks.run import evaluate

    return evaluate


def proofs(
    source: ExerciseSource, judge: Judge, seeds: tuple[int, ...] = SEEDS
) -> Iterator[tuple[str, Callable[[], Iterator[Finding]]]]:
    """Every judgement that proves an exercise: its question, and what makes it."""
    for question, known in _automatic(source):
        right = [("the answer", known.answer)]
        right += [(f"the alternative {v.name!r}", v.code) for v in known.alternatives]
        for name, code in right:
            for seed in seeds[:1] if _is_prediction(source, question) else seeds:
                yield question, partial(_right, source, question, name, code, judge, seed)
        yield question, partial(_stub, source, question, judge, seeds[0])
        for mistake in known.mistakes:
            yield question, partial(_mistake, source, question, mistake, judge, seeds[0])


def _automatic(source: ExerciseSource) -> list[tuple[str, QuestionSource]]:
    return [(q.id, source.questions[q.id]) for q in source.unit.questions if q.automatic]


def _is_prediction(source: ExerciseSource, question: str) -> bool:
    return any(q.id == question and q.kind == "prediction" for q in source.unit.questions)


def _right(
    source: ExerciseSource, question: str, name: str, code: str, judge: Judge, seed: int
) -> Iterator[Finding]:
    namespace, raised = run(source.program(question, code), question)
    if raised:
        yield Finding("proof", question, f"{name} cannot be run: {raised}.")
        return
    verdict = judge(question, namespace, seed)
    if verdict.status != "correct":
        yield Finding(
            "proof", question, f"{name} must be correct and is {_said(verdict)} (seed {seed})."
        )


def _stub(source: ExerciseSource, question: str, judge: Judge, seed: int) -> Iterator[Finding]:
    """As released, every answer is a stub; what raises on the way is what learners see too."""
    namespace, _ = run(source.program(question), question)
    verdict = judge(question, namespace, seed)
    if verdict.status != "not-attempted":
        yield Finding("proof", question, f"the stub must be not attempted and is {_said(verdict)}.")
    elif verdict.score != 0:
        yield Finding("proof", question, f"the stub must score 0 and scores {verdict.score:g}.")


def _mistake(
    source: ExerciseSource, question: str, mistake: Variant, judge: Judge, seed: int
) -> Iterator[Finding]:
    namespace, raised = run(source.program(question, mistake.code), question)
    if raised:
        complaint = f"cannot be run: {raised}; a mistake is code that a learner may believe in"
    else:
        complaint = _missed(mistake, judge(question, namespace, seed))
    if complaint:
        yield Finding("proof", question, f"the mistake {mistake.name!r} {complaint}.")


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


def run(cells: list[str], name: str) -> tuple[dict[str, Any], str]:
    """Run code cells one after another in one namespace, as a notebook does.

    A cell that raises does not stop the next, and nothing is printed.

    Returns:
        The namespace, and the first exception in words (empty when there was none).
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
