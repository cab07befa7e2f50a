"""From a graded submission to its record.

The gradebook says how many points count; the autograded notebook says why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synthlab.authoring.exercise import grade_id
from synthlab.grading.gradebook.course import Course
from synthlab.grading.gradebook.grades import Grade, grades_of
from synthlab.grading.gradebook.late import Late
from synthlab.grading.results.reasons import Finding, explain
from synthlab.grading.results.records import QuestionResult
from synthlab.grading.untrusted.notebook import id_of
from synthlab.manifest import Unit


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
    finding: Finding = explain(cell, answer, auto, maximum, language)
    status = "graded" if grade.manual is not None else finding.status
    return QuestionResult(
        question, maximum, grade.score, status, finding.failed, finding.reason, extra is not None
    )
