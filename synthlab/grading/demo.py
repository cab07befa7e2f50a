"""``synthlab demo``: a class in a minute, made from the exercise's own answers and mistakes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from synthlab.authoring.notebooks import dumps
from synthlab.authoring.source import ExerciseSource, read_source
from synthlab.errors import SynthlabError, unknown
from synthlab.files import write_atomically
from synthlab.grading.autograde import grade_class
from synthlab.grading.classroom import make_classroom
from synthlab.grading.course import Course
from synthlab.grading.report import report_html
from synthlab.grading.results import ClassResult, SubmissionResult

UNIT = "gan"

#: Where the report is written, in the classroom.
REPORT = "report.html"

_WRITTEN = "gan.perfect_discriminator"

# A right answer that also talks on stderr, as libraries do when they warn.
_NOISY = """
import sys
import warnings


def _noisy(function):
    def wrapped(*args, **kwargs):
        warnings.warn("this build of the library is slow", stacklevel=2)
        print("a line on stderr", file=sys.stderr)
        return function(*args, **kwargs)

    return wrapped


discriminator_loss = _noisy(discriminator_loss)
"""


@dataclass(frozen=True)
class Student:
    """A made-up student: what stands in the answer cells, and what happened to the file.

    Attributes:
        id: nbgrader's id.
        answers: Question ids to ``"answer"``, or to the name of a mistake or an alternative.
            Questions that are not named keep their stub.
        before: Code in front of the first answer.
        after: Code behind the answer of the discriminator's loss.
        spoil: What happened to the text of the finished notebook.
    """

    id: str
    answers: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    spoil: Callable[[NotebookNode], str] = dumps


def _cut_short(notebook: NotebookNode) -> str:
    text = dumps(notebook)
    return text[: len(text) // 2]


def _without_a_check(notebook: NotebookNode) -> str:
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") != "check-gan-generator_loss"
    ]
    return dumps(notebook)


def _of_another_course(notebook: NotebookNode) -> str:
    notebook.cells = [cell for cell in notebook.cells if not cell.metadata.get("nbgrader")]
    notebook.metadata.pop("synthlab")
    return dumps(notebook)


_FORMULAS = {
    "gan.prediction": "answer",
    "gan.discriminator_loss": "answer",
    "gan.generator_loss": "answer",
}
_WITHOUT_TRAINING = _FORMULAS | {
    "gan.training_step": "answer",
    "gan.optimal_discriminator": "answer",
    "gan.diagnosis": "answer",
}

#: The class. Two of them train on the ring; the others leave it, or get it wrong at once.
STUDENTS = (
    Student("amal", _WITHOUT_TRAINING | {"gan.ring": "answer", _WRITTEN: "answer"}),
    Student(
        "bilal",
        {
            "gan.prediction": "answer",
            "gan.discriminator_loss": "bce-with-logits",
            "gan.generator_loss": "difference",
            "gan.training_step": "freeze-and-thaw",
            "gan.optimal_discriminator": "softmax",
            "gan.ring": "one-loop",
            "gan.diagnosis": "in-closed-form",
            _WRITTEN: "answer",
        },
    ),
    Student("chen", _FORMULAS),
    Student(
        "dalia",
        _FORMULAS
        | {
            "gan.discriminator_loss": "swapped-labels",
            "gan.generator_loss": "minimax-by-default",
            "gan.ring": "untrained",
        },
    ),
    Student(
        "elena",
        _WITHOUT_TRAINING
        | {
            "gan.discriminator_loss": "log-of-sigmoid",
            "gan.generator_loss": "log-of-sigmoid",
            "gan.optimal_discriminator": "exponentials",
            _WRITTEN: "answer",
        },
    ),
    Student(
        "farid",
        _WITHOUT_TRAINING
        | {
            "gan.training_step": "frozen-for-good",
            "gan.ring": "one-mode",
            "gan.diagnosis": "blames-the-detach",
        },
    ),
    Student(
        "grace",
        _WITHOUT_TRAINING
        | {
            "gan.training_step": "moves-both",
            "gan.ring": "spread-on-the-circle",
            "gan.diagnosis": "counts-the-logits",
            _WRITTEN: "answer",
        },
    ),
    Student("hugo"),
    Student("iman", _WITHOUT_TRAINING, spoil=_cut_short),
    Student("jonas", spoil=_of_another_course),
    Student("kira", _FORMULAS | {"gan.diagnosis": "answer"}, spoil=_without_a_check),
    Student("lena", _FORMULAS, after=_NOISY),
    Student("mona", _FORMULAS, before="import a_library_that_is_not_installed\n\n"),
)


@dataclass(frozen=True)
class Demo:
    """What the demonstration made: the graded class and its report."""

    result: ClassResult
    report: Path


def run_demo(
    directory: Path | str,
    language: str = "en",
    on_result: Callable[[SubmissionResult, int], None] | None = None,
    students: Sequence[Student] = STUDENTS,
) -> Demo:
    """Make a classroom, hand in a dozen submissions, grade them and write the report.

    Args:
        directory: A new or empty folder, or one of an earlier demonstration.
        language: The language of the class.
        on_result: Called after each submission with its result and the number of all.
        students: Who is in the class.

    Raises:
        SynthlabError: When the folder holds something else or cannot be written, or when the
            exercise sources are missing (they are not part of an installed wheel).
    """
    source = read_source(UNIT)
    room = make_classroom(directory, language, [UNIT])
    course = Course.open(room.root)
    others = set(course.students(UNIT)) - {student.id for student in students}
    if others:
        raise SynthlabError(
            f"{directory} holds the work of other students; name a new folder for the demo."
        )
    read: Any = nbformat.read  # untyped
    release = read(course.folder("release", ".", UNIT) / f"{UNIT}.ipynb", as_version=4)
    for student in students:
        path = course.folder("submitted", student.id, UNIT) / f"{UNIT}.ipynb"
        write_atomically(path, student.spoil(fill(copy.deepcopy(release), student, source)))
    result = grade_class(room.root, UNIT, on_result=on_result)
    report = room.root / REPORT
    write_atomically(report, report_html(result))
    return Demo(result, report)


def fill(notebook: NotebookNode, student: Student, source: ExerciseSource) -> NotebookNode:
    """Write a student's answers into the released notebook."""
    for cell in notebook.cells:
        about = cell.metadata.get("synthlab", {})
        question = about.get("question")
        if about.get("role") == "check" or question not in student.answers:
            continue
        code = _code(source, question, student.answers[question])
        if question == "gan.discriminator_loss":
            code = student.before + code + student.after
        cell.source = code
    return notebook


def _code(source: ExerciseSource, question: str, name: str) -> str:
    known = source.questions[question]
    if name == "answer":
        return known.answer
    variants = {v.name: v.code for v in (*known.alternatives, *known.mistakes)}
    if name not in variants:
        raise unknown(f"mistake or alternative of {question}", name, variants)
    return variants[name]
