"""The record of a graded submission: how many points count, and why some are missing.

The gradebook says how many; the outputs of the autograded check cells say why. They come from a
process in which the student's code ran, so they are taken for what they are: data of unknown
intent. A verdict is read within limits of size and shape, its sentences are formatted only where
that cannot do harm, and nothing here raises for what is in them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthlab.authoring.exercise import grade_id
from synthlab.checks.verdict import PropertyVerdict, Status, Verdict
from synthlab.grading.gradebook.course import Course
from synthlab.grading.gradebook.grades import Grade, grades_of, number
from synthlab.grading.gradebook.late import Late
from synthlab.grading.judging.losses import NOTE, TIMEOUT
from synthlab.grading.results.records import QuestionResult
from synthlab.grading.untrusted.notebook import id_of
from synthlab.grading.untrusted.text import one_line
from synthlab.grading.untrusted.verdicts import read_verdict, sentence
from synthlab.manifest import Unit
from synthlab.words import N_, Text


def collect(
    course: Course, unit: Unit, student: str
) -> tuple[tuple[QuestionResult, ...], float, str]:
    """The questions of a submission that nbgrader has graded, its late penalty and the rule."""
    found = grades_of(course, unit, [student])[student]
    cells = _cells(course.folder("autograded", student, unit.id) / f"{unit.id}.ipynb")
    extra = {question.id: question.points for question in unit.questions if question.extra}
    questions = tuple(
        _question(
            question,
            found.by_name[name],
            cells.get(name),
            cells.get(grade_id("answer", question)),
            course.language,
            extra.get(question),
        )
        for name, question in _names(unit, found.by_name).items()
    )
    late = Late(course.config).told(found.seconds_late, found.penalty, course.language)
    return questions, found.penalty, late


def _names(unit: Unit, grades: Mapping[str, Grade]) -> dict[str, str]:
    """Grade ids to question ids: the exercise's own in their order, then an instructor's."""
    own = {
        grade_id("check" if question.automatic else "written", question.id): question.id
        for question in unit.questions
    }
    known = {name: question for name, question in own.items() if name in grades}
    return known | {name: name for name in sorted(grades) if name not in own}


def _cells(path: Path) -> dict[str, Mapping[str, Any]]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    named = ((id_of(cell), cell) for cell in notebook["cells"])
    return {name: cell for name, cell in named if name is not None}


def _question(
    question: str,
    grade: Grade,
    cell: Mapping[str, Any] | None,
    answer: Mapping[str, Any] | None,
    language: str,
    extra: int | None,
) -> QuestionResult:
    if grade.manual is not None and not (cell and cell["cell_type"] == "code"):
        return QuestionResult(question, grade.maximum, grade.score, "graded")
    if grade.auto is None:
        return QuestionResult(question, grade.maximum, None, "needs-person")
    if not (cell and cell["cell_type"] == "code"):
        return QuestionResult(question, grade.maximum, grade.score, "no-response")
    maximum = grade.maximum if extra is None else float(extra)
    auto = grade.auto if extra is None else grade.extra
    finding = explain(cell, answer, auto, maximum, language)
    status = "graded" if grade.manual is not None else finding.status
    return QuestionResult(
        question, maximum, grade.score, status, finding.failed, finding.reason, extra is not None
    )


@dataclass(frozen=True)
class Finding:
    """What a check cell says.

    Attributes:
        status: A verdict's status; ``"error"`` where there is no verdict.
        failed: The name of the first property that failed, or nothing.
        reason: One or two sentences in the asked language, or nothing when nothing is missing.
    """

    status: str
    failed: str = ""
    reason: str = ""


def explain(
    cell: Mapping[str, Any],
    answer: Mapping[str, Any] | None,
    points: float,
    maximum: float,
    language: str,
) -> Finding:
    """Read an executed check cell.

    Args:
        cell: The check cell of the autograded notebook.
        answer: The answer cell in front of it. Where it stopped with an exception, the check
            found no answer, and the exception is the reason.
        points: What nbgrader counted for the check.
        maximum: What it is worth.
        language: The language of the reason.
    """
    outputs = _outputs(cell)
    verdict = read_verdict(outputs)
    if verdict is None:
        return _without_verdict(outputs, points, language)
    failed = next((p for p in verdict.properties if p.passed is False), None)
    if abs(verdict.points(maximum) - points) > 0.01:
        reason = _disagreement(outputs, verdict.points(maximum), points, language)
    elif verdict.status is Status.CORRECT:
        reason = ""
    elif verdict.status is Status.NOT_ATTEMPTED:
        stopped = _stopped(
            _outputs(answer or {}), N_("The answer cell stopped with {type}: {message}")
        )
        reason = stopped.render(language) if stopped else ""
    else:
        reason = _reason(verdict, failed, language)
    return Finding(str(verdict.status), one_line(failed.name, 60) if failed else "", reason)


def _outputs(cell: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [output for output in cell.get("outputs", []) if isinstance(output, Mapping)]


def _reason(verdict: Verdict, failed: PropertyVerdict | None, language: str) -> str:
    if verdict.summary is not None:
        return sentence(verdict.summary, language)
    if failed is None:
        return ""
    parts = [failed.goal] if failed.detail is None else [failed.goal, failed.detail]
    return " ".join(sentence(part, language) for part in parts)


def _without_verdict(outputs: list[Mapping[str, Any]], points: float, language: str) -> Finding:
    stopped = _stopped(outputs, N_("The check cell stopped with {type}: {message}"))
    if stopped is None:
        stopped = _say(
            N_(
                "The check cell gave no verdict, and nbgrader counted {n} point for it. "
                "Look at the notebook: its code may have got in the way.",
                "The check cell gave no verdict, and nbgrader counted {n} points for it. "
                "Look at the notebook: its code may have got in the way.",
            ),
            n=number(points),
        )
    late = any(output.get("ename") == TIMEOUT for output in outputs)
    return Finding("timeout" if late else "error", reason=stopped.render(language))


def _stopped(outputs: list[Mapping[str, Any]], msgid: str) -> Text | None:
    """The exception that ended a cell, in the words of ``msgid``."""
    errors = [output for output in outputs if output.get("output_type") == "error"]
    if not errors:
        return None
    if any(error.get("ename") == TIMEOUT for error in errors):
        return _say(N_("A cell did not finish in time and was interrupted."))
    kind, message = str(errors[0].get("ename")), str(errors[0].get("evalue"))
    if note := next((e for e in errors if e.get("ename") == NOTE), None):
        return Text("{note}", {"note": one_line(str(note.get("evalue")), 300)})
    return _say(msgid, type=one_line(kind, 60), message=one_line(message, 300))


def _disagreement(
    outputs: list[Mapping[str, Any]], verdict: float, points: float, language: str
) -> str:
    if any(output.get("name") == "stderr" for output in outputs):
        msgid = N_(
            "Something wrote to stderr in the check cell, so nbgrader counted {n} point; "
            "the verdict says {verdict}.",
            "Something wrote to stderr in the check cell, so nbgrader counted {n} points; "
            "the verdict says {verdict}.",
        )
    else:
        msgid = N_(
            "nbgrader counted {n} point, but the verdict says {verdict}. "
            "Look at the notebook: its code may have got in the way.",
            "nbgrader counted {n} points, but the verdict says {verdict}. "
            "Look at the notebook: its code may have got in the way.",
        )
    return _say(msgid, n=number(points), verdict=number(verdict)).render(language)


def _say(msgid: str, **params: object) -> Text:
    return Text(msgid, params, domain="cli")
