"""Results of grading, as plain values: one record a question, a submission, a class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from synthlab.authoring.exercise import grade_id
from synthlab.grading.gradebook.grades import Grades
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

#: A mark beside the word of every status, so that no colour carries meaning alone.
MARKS = {
    "correct": "✓",
    "partial": "◐",
    "incorrect": "✗",
    "not-attempted": "–",
    "error": "!",
    "timeout": "⧗",
    "needs-person": "✎",
    "no-response": "–",
    "graded": "✓",
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
        maximum: The points it is worth; for an extra question, the extra ones.
        points: The points it got; None while a person has not graded it.
        status: A key of `STATUS`.
        failed: The name of the first property that failed, or nothing.
        reason: Why points are missing, in the classroom's language, or nothing.
        extra: Whether its points come on top of the assignment's.
    """

    question: str
    maximum: float
    points: float | None
    status: str
    failed: str = ""
    reason: str = ""
    extra: bool = False

    @property
    def unfinished(self) -> bool:
        """Whether points are missing, or not yet given; an extra question may be left out."""
        if self.extra and self.quiet:
            return False
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
            ids = (question.question, *(grade_id(r, question.question) for r in _ROLES))
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
        """All points of the assignment, without the extra ones."""
        found = [sum(q.maximum for q in s.questions if not q.extra) for s in self.graded]
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
                title = translate("course", known.title, self.language)
                if not known.extra:
                    return title
                return translate("cli", N_("{title} (extra points)"), self.language, title=title)
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
