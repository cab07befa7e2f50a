"""``synthlab demo``: a class in a minute, made from the exercise's own answers and mistakes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from synthlab.authoring.notebooks import dumps
from synthlab.authoring.source import ExerciseSource, read_source
from synthlab.errors import SynthlabError
from synthlab.files import write_atomically
from synthlab.grading.autograde import grade_class
from synthlab.grading.gradebook.classroom import make_classroom
from synthlab.grading.gradebook.course import Course
from synthlab.grading.results.records import ClassResult, SubmissionResult
from synthlab.grading.results.report import report_html
from synthlab.words import N_

UNIT = "gan"

#: Where the report is written, in the classroom.
REPORT = "report.html"

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


# Six who try to get what they have not earned. tests/attacks holds the whole corpus.

# Turns every check cell into the number that it hopes for, before the kernel compiles it.
_REWRITES_CHECKS = """
get_ipython().input_transformers_cleanup.append(
    lambda lines: ["4.0\\n"] if lines and "check(" in lines[0] else lines
)
"""

# Equals everything, and is as small and as large as anybody wants.
_EQUALS_EVERYTHING = """
class Right:
    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return True

    def __array__(self, *args, **kwargs):
        raise AttributeError

    __hash__ = object.__hash__
    __le__ = __gt__ = __ge__ = __lt__


def discriminator_loss(real_logits, fake_logits):
    return Right()
"""

# Looks for the grader's files, writes where it can, and calls home.
_LOOKS_AROUND = """
import os
import socket
from pathlib import Path

found = []
for folder in ("/", "/root", "/home", "/etc", "/proc"):
    for path in Path(folder).glob("*"):
        try:
            found.append(path.read_text()[:100])
            path.write_text("mine")
        except (OSError, ValueError):
            pass
for address in (("127.0.0.1", 22), ("127.0.0.1", 8888)):
    try:
        socket.create_connection(address, timeout=1)
    except OSError:
        pass
"""

_ENDS_THE_KERNEL = """
import os

os._exit(0)
"""

_TAKES_ALL_MEMORY = """
hoard = []
while True:
    hoard.append(torch.ones(10_000_000))
"""

_TAKES_THE_ANSWER = """
from synthlab.models.gan import generator_loss
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
        tries: What a hostile student tries, in words; nothing for the others.
        deserves: The points that a hostile student has earned all the same.
    """

    id: str
    answers: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    spoil: Callable[[NotebookNode], str] = dumps
    tries: str = ""
    deserves: float = 0.0


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


def _answers(*right: str, **variants: str) -> dict[str, str]:
    """Answers by question: right ones, and the mistakes and alternatives that are named."""
    chosen = dict.fromkeys(right, "answer") | variants
    return {f"{UNIT}.{question}": name for question, name in chosen.items()}


_FORMULAS = ("prediction", "discriminator_loss", "generator_loss")
_WITHOUT_TRAINING = (*_FORMULAS, "training_step", "optimal_discriminator", "diagnosis")
_WRITTEN = "perfect_discriminator"

#: The class. Two of them train on the ring; the others leave it, or get it wrong at once.
STUDENTS = (
    Student("amal", _answers(*_WITHOUT_TRAINING, "ring", _WRITTEN)),
    Student(
        "bilal",
        _answers(
            "prediction",
            _WRITTEN,
            discriminator_loss="bce-with-logits",
            generator_loss="difference",
            training_step="freeze-and-thaw",
            optimal_discriminator="softmax",
            ring="one-loop",
            diagnosis="in-closed-form",
        ),
    ),
    Student("chen", _answers(*_FORMULAS)),
    Student(
        "dalia",
        _answers(
            "prediction",
            discriminator_loss="swapped-labels",
            generator_loss="minimax-by-default",
            ring="untrained",
        ),
    ),
    Student(
        "elena",
        _answers(
            *_WITHOUT_TRAINING,
            _WRITTEN,
            discriminator_loss="log-of-sigmoid",
            generator_loss="log-of-sigmoid",
            optimal_discriminator="exponentials",
        ),
    ),
    Student(
        "farid",
        _answers(
            *_WITHOUT_TRAINING,
            training_step="frozen-for-good",
            ring="one-mode",
            diagnosis="blames-the-detach",
        ),
    ),
    Student(
        "grace",
        _answers(
            *_WITHOUT_TRAINING,
            _WRITTEN,
            training_step="moves-both",
            ring="spread-on-the-circle",
            diagnosis="counts-the-logits",
        ),
    ),
    Student("hugo"),
    Student("iman", _answers(*_WITHOUT_TRAINING), spoil=_cut_short),
    Student("jonas", spoil=_of_another_course),
    Student("kira", _answers(*_FORMULAS, "diagnosis"), spoil=_without_a_check),
    Student("lena", _answers(*_FORMULAS), after=_NOISY),
    Student("mona", _answers(*_FORMULAS), before="import a_library_that_is_not_installed\n\n"),
    Student(
        "nils",
        _answers("discriminator_loss"),
        after=_REWRITES_CHECKS,
        tries=N_("turns its check cells into the points it wants"),
        deserves=2,
    ),
    Student(
        "olga",
        _answers(*_FORMULAS),
        after=_EQUALS_EVERYTHING,
        tries=N_("returns an object that equals everything"),
        deserves=4,
    ),
    Student(
        "pablo",
        _answers(*_FORMULAS),
        after=_LOOKS_AROUND,
        tries=N_("reads and writes the grader's files and opens connections"),
        deserves=6,
    ),
    Student(
        "rosa",
        _answers(*_FORMULAS),
        after=_ENDS_THE_KERNEL,
        tries=N_("ends the kernel in the middle of the notebook"),
        deserves=4,
    ),
    Student(
        "sami",
        _answers(*_FORMULAS),
        after=_TAKES_ALL_MEMORY,
        tries=N_("takes all memory"),
        deserves=4,
    ),
    Student(
        "tove",
        _answers("prediction", "discriminator_loss"),
        after=_TAKES_THE_ANSWER,
        tries=N_("imports the library's own answer"),
        deserves=3,
    ),
)


@dataclass(frozen=True)
class Demo:
    """What the demonstration made: the graded class and its report."""

    result: ClassResult
    report: Path
    students: tuple[Student, ...]

    def hostile(self) -> Iterator[tuple[Student, SubmissionResult]]:
        """Those who tried to get what they have not earned, with what they got."""
        results = {result.student: result for result in self.result.submissions}
        for student in self.students:
            if student.tries:
                yield student, results[student.id]


def run_demo(
    directory: Path | str,
    language: str = "en",
    on_result: Callable[[SubmissionResult, int], None] | None = None,
    students: Sequence[Student] = STUDENTS,
) -> Demo:
    """Make a classroom, hand in a score of submissions, grade them and write the report.

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
            "{directory} holds the work of other students; name a new folder for the demo.",
            directory=directory,
        )
    read: Any = nbformat.read  # untyped
    release = read(course.folder("release", ".", UNIT) / f"{UNIT}.ipynb", as_version=4)
    for student in students:
        path = course.folder("submitted", student.id, UNIT) / f"{UNIT}.ipynb"
        write_atomically(path, student.spoil(fill(copy.deepcopy(release), student, source)))
    result = grade_class(room.root, UNIT, on_result=on_result)
    report = room.root / REPORT
    write_atomically(report, report_html(result))
    return Demo(result, report, tuple(students))


def fill(notebook: NotebookNode, student: Student, source: ExerciseSource) -> NotebookNode:
    """Write a student's answers into the released notebook."""
    for cell in notebook.cells:
        about = cell.metadata.get("synthlab", {})
        question = about.get("question")
        if about.get("role") == "check" or question not in student.answers:
            continue
        known, name = source.questions[question], student.answers[question]
        variants = {v.name: v.code for v in (*known.alternatives, *known.mistakes)}
        code = known.answer if name == "answer" else variants[name]
        if question == "gan.discriminator_loss":
            code = student.before + code + student.after
        cell.source = code
    return notebook
