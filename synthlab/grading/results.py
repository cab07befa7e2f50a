"""What grading found, as plain values: one record a question, a submission, a class.

The gradebook says how many points count; the autograded notebook says why.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from synthlab.authoring.exercise import grade_id as name_of
from synthlab.grading.course import Course
from synthlab.grading.reasons import Finding, explain
from synthlab.grading.repair import grade_id
from synthlab.manifest import Unit
from synthlab.words import N_, translate

#: The states of a question in words; the first six are a verdict's.
STATUS = {
    "correct": N_("correct"),
    "partial": N_("partly correct"),
    "incorrect": N_("not correct"),
    "not-attempted": N_("not attempted"),
    "error": N_("error"),
    "timeout": N_("out of time"),
    "needs-person": N_("needs a person"),
    "no-response": N_("no response"),
    "graded": N_("graded by a person"),
}

#: What a report says of the way in which it came about: in a sandbox or not.
TRUST = {
    True: N_(
        "The students' code ran in a sandbox without a network, and the verdicts were made "
        "outside of it."
    ),
    False: N_(
        "Graded without a sandbox: the students' code ran as the grader, with the grader's files "
        "and network. The verdicts were made in another process."
    ),
}

#: What nbgrader's ids of our graded cells begin with.
_ROLES = ("check", "written")

#: States that need no further reason.
QUIET = ("not-attempted", "no-response", "needs-person")


@dataclass(frozen=True)
class QuestionResult:
    """One question of one submission.

    Attributes:
        question: The question's id; nbgrader's cell id for a cell that the course does not know.
        maximum: The points it is worth.
        points: The points it got; None while a person has not graded it.
        status: A key of `STATUS`.
        failed: The name of the first property that failed, or nothing.
        reason: Why points are missing, in the classroom's language, or nothing.
    """

    question: str
    maximum: float
    points: float | None
    status: str
    failed: str = ""
    reason: str = ""

    @property
    def unfinished(self) -> bool:
        """Whether points are missing, or not yet given."""
        return self.points is None or self.points < self.maximum

    @property
    def quiet(self) -> bool:
        """Whether the status says all there is to say."""
        return self.status in QUIET and not self.reason


@dataclass(frozen=True)
class SubmissionResult:
    """One submission.

    Attributes:
        student: nbgrader's id of the student.
        problem: Why it could not be graded, in the classroom's language; nothing when it was.
        notes: What was put right before it was graded.
        questions: In the order of the exercise; empty when it was not graded.
        penalty: Points that nbgrader takes off for a late submission.
        late: The rule behind the penalty, in the classroom's language; nothing without one.
        seconds: How long grading took.
    """

    student: str
    problem: str = ""
    notes: tuple[str, ...] = ()
    questions: tuple[QuestionResult, ...] = ()
    penalty: float = 0.0
    late: str = ""
    seconds: float = 0.0

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> SubmissionResult:
        """What `to_dict` wrote."""
        questions = tuple(QuestionResult(**question) for question in data["questions"])
        return cls(**{**data, "notes": tuple(data["notes"]), "questions": questions})

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)

    def agrees(self, grades: Grades) -> bool:
        """Whether the gradebook still says this; a person may have graded in the meantime."""
        if self.penalty != grades.penalty:
            return False
        for question in self.questions:
            ids = (question.question, *(name_of(r, question.question) for r in _ROLES))
            grade = next((grades.by_name[i] for i in ids if i in grades.by_name), None)
            if grade is None or question.points != grade.points:
                return False
            if (question.status == "graded") != (grade.manual is not None):
                return False
        return True

    @property
    def graded(self) -> bool:
        """Whether there are points at all."""
        return not self.problem

    @property
    def points(self) -> float:
        """The points so far, as nbgrader exports them."""
        return max(0.0, sum(q.points or 0.0 for q in self.questions) - self.penalty)

    @property
    def lost(self) -> tuple[QuestionResult, ...]:
        """The questions that lost points, with a reason of their own."""
        return tuple(q for q in self.questions if q.unfinished and not q.quiet)

    @property
    def quiet(self) -> dict[str, list[QuestionResult]]:
        """The questions without points whose status says all, by status."""
        found: dict[str, list[QuestionResult]] = {}
        for question in self.questions:
            if question.unfinished and question.quiet:
                found.setdefault(question.status, []).append(question)
        return found

    @property
    def needs_person(self) -> bool:
        """Whether a person still has to grade something."""
        return any(q.status == "needs-person" for q in self.questions)


@dataclass(frozen=True)
class ClassResult:
    """One assignment of a class.

    Attributes:
        unit: The unit, whose id is the assignment's.
        language: The language of every sentence in here.
        submissions: Sorted by student.
        sandboxed: Whether the students' code ran in a sandbox.
    """

    unit: Unit
    language: str
    submissions: tuple[SubmissionResult, ...]
    sandboxed: bool = True

    @property
    def graded(self) -> tuple[SubmissionResult, ...]:
        """The submissions that could be graded."""
        return tuple(s for s in self.submissions if s.graded)

    @property
    def maximum(self) -> float:
        """All points of the assignment."""
        found = [sum(q.maximum for q in s.questions) for s in self.graded]
        return max(found, default=float(self.unit.points))

    @property
    def questions(self) -> tuple[str, ...]:
        """The ids of the questions, in the order of the exercise."""
        for submission in self.graded:
            return tuple(q.question for q in submission.questions)
        return tuple(q.id for q in self.unit.questions)

    def title(self, question: str) -> str:
        """A question's title in the class's language, or its id where the course has none."""
        for known in self.unit.questions:
            if known.id == question:
                return translate("course", known.title, self.language)
        return question

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a JSON file."""
        return {
            "assignment": self.unit.id,
            "language": self.language,
            "maximum": self.maximum,
            "sandboxed": self.sandboxed,
            "submissions": [
                {
                    **asdict(s),
                    "graded": s.graded,
                    "points": s.points if s.graded else None,
                    "needs_person": s.needs_person,
                }
                for s in self.submissions
            ],
        }


@dataclass(frozen=True)
class _Grade:
    """A row of the gradebook."""

    maximum: float
    auto: float | None
    manual: float | None
    score: float
    needs_person: bool

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

    by_name: Mapping[str, _Grade]
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
    columns += [grade.score, grade.needs_manual_grade]
    rows: dict[str, dict[str, _Grade]] = {}
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
        for student, penalty, *times, name, maximum, auto, manual, score, needs in query:
            row = _Grade(float(maximum), auto, manual, float(score), bool(needs))
            rows.setdefault(student, {})[name] = row
            late[student] = float(penalty or 0.0), _seconds_late(*times)
    return {s: Grades(found, *late[s]) for s, found in rows.items() if s in students}


def _seconds_late(handed_in: Any, due: Any, extension: Any) -> float:
    if handed_in is None or due is None:
        return 0.0
    by = due if extension is None else due + extension
    return max(0.0, float((handed_in - by).total_seconds()))


def collect(
    course: Course, unit: Unit, student: str
) -> tuple[tuple[QuestionResult, ...], float, str]:
    """The questions of a submission that nbgrader has graded, its late penalty and the rule."""
    from synthlab.grading.late import Late  # imports nbgrader

    found = grades_of(course, unit, [student])[student]
    cells = _cells(course.folder("autograded", student, unit.id) / f"{unit.id}.ipynb")
    questions = tuple(
        _question(
            question,
            found.by_name[name],
            cells.get(name),
            cells.get(name_of("answer", question)),
            course.language,
        )
        for name, question in _names(unit, found.by_name).items()
    )
    return questions, found.penalty, Late(course.config).told(found, course.language)


def _names(unit: Unit, grades: Mapping[str, _Grade]) -> dict[str, str]:
    """Grade ids to question ids: the exercise's own in their order, then an instructor's."""
    own = {
        name_of("check" if question.automatic else "written", question.id): question.id
        for question in unit.questions
    }
    known = {name: question for name, question in own.items() if name in grades}
    return known | {name: name for name in sorted(grades) if name not in own}


def _cells(path: Path) -> dict[str, Mapping[str, Any]]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    named = ((grade_id(cell), cell) for cell in notebook["cells"])
    return {name: cell for name, cell in named if name is not None}


def _question(
    question: str,
    grade: _Grade,
    cell: Mapping[str, Any] | None,
    answer: Mapping[str, Any] | None,
    language: str,
) -> QuestionResult:
    if grade.manual is not None and not (cell and cell["cell_type"] == "code"):
        return QuestionResult(question, grade.maximum, grade.score, "graded")
    if grade.auto is None:
        return QuestionResult(question, grade.maximum, None, "needs-person")
    if not (cell and cell["cell_type"] == "code"):
        return QuestionResult(question, grade.maximum, grade.score, "no-response")
    finding: Finding = explain(cell, answer, grade.auto, grade.maximum, language)
    status = "graded" if grade.manual is not None else finding.status
    return QuestionResult(
        question, grade.maximum, grade.score, status, finding.failed, finding.reason
    )
