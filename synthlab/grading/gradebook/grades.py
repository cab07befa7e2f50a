"""Grades of nbgrader's gradebook, as plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from synthlab.grading.gradebook.course import Course
from synthlab.manifest import Unit


def number(value: float) -> str:
    """Points with at most two decimals and no trailing zeros.

    >>> number(2.0), number(1.6666), number(0.5)
    ('2', '1.67', '0.5')
    """
    return f"{round(value, 2):g}"


@dataclass(frozen=True)
class Grade:
    """A row of the gradebook."""

    maximum: float
    auto: float | None
    manual: float | None
    score: float
    needs_person: bool
    extra: float = 0.0

    @property
    def points(self) -> float | None:
        """What it is worth so far; None while a person has not graded it."""
        return None if self.auto is None and self.manual is None else self.score


@dataclass(frozen=True)
class Grades:
    """What the gradebook says of one submission.

    Attributes:
        by_name: By nbgrader's ids of the cells.
        penalty: Points that it takes off for a late submission.
        seconds_late: How long after the deadline and its extension it came.
    """

    by_name: Mapping[str, Grade]
    penalty: float
    seconds_late: float = 0.0

    @property
    def score(self) -> float:
        """All points, before anything is taken off."""
        return sum(grade.score for grade in self.by_name.values())


def grades_of(course: Course, unit: Unit, students: Collection[str]) -> dict[str, Grades]:
    """What the gradebook says of some submissions, read in one go."""
    from nbgrader import api

    grade, notebook, submission = api.Grade, api.SubmittedNotebook, api.SubmittedAssignment
    columns: list[Any] = [submission.student_id, notebook.late_submission_penalty]
    columns += [submission.timestamp, api.Assignment.duedate, submission.extension]
    columns += [api.BaseCell.name, grade.max_score, grade.auto_score, grade.manual_score]
    columns += [grade.score, grade.needs_manual_grade, grade.extra_credit]
    rows: dict[str, dict[str, Grade]] = {}
    late: dict[str, tuple[float, float]] = {}
    with course.gradebook() as gradebook:
        query = gradebook.db.query(*columns).select_from(grade)
        query = query.join(notebook, grade.notebook_id == notebook.id)
        query = query.join(submission, notebook.assignment_id == submission.id)
        query = query.join(api.Assignment, submission.assignment_id == api.Assignment.id)
        query = query.join(api.BaseCell, grade.cell_id == api.BaseCell.id)
        query = query.filter(api.Assignment.name == unit.id)
        if len(students) == 1:
            query = query.filter(submission.student_id == next(iter(students)))
        for student, penalty, *times, name, maximum, auto, manual, score, needs, extra in query:
            row = Grade(
                float(maximum), auto, manual, float(score), bool(needs), float(extra or 0.0)
            )
            rows.setdefault(student, {})[name] = row
            late[student] = float(penalty or 0.0), _seconds_late(*times)
    return {s: Grades(found, *late[s]) for s, found in rows.items() if s in students}


def _seconds_late(handed_in: Any, due: Any, extension: Any) -> float:
    if handed_in is None or due is None:
        return 0.0
    by = due if extension is None else due + extension
    return max(0.0, float((handed_in - by).total_seconds()))
