"""``synthlab grade DIR ASSIGNMENT``: grade a class through nbgrader, one submission at a time.

`grade_submission` is a plain function of plain values (paths and ids in, a record out), so that
a pool of processes can call it as well as the loop in `grade_class`. The verdicts come from the
submission's own kernel and are labelled untrusted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from synthlab import manifest
from synthlab.errors import SynthlabError, unknown
from synthlab.grading.course import Course, Outcome
from synthlab.grading.results import ClassResult, SubmissionResult, collect
from synthlab.grading.submissions import inspect, say
from synthlab.words import N_, Text


def grade_class(
    directory: Path | str,
    assignment: str,
    students: Sequence[str] | None = None,
    on_result: Callable[[SubmissionResult, int], None] | None = None,
) -> ClassResult:
    """Grade the submissions of one assignment, again where they were graded before.

    A submission that cannot be graded is reported with the reason; the others are graded.

    Args:
        directory: The classroom.
        assignment: The assignment's id, which is a unit's.
        students: Ids of the students to grade; all who handed something in by default.
        on_result: Called after each submission with its result and the number of all.

    Raises:
        SynthlabError: When there is no such classroom, assignment or student, or when nobody
            handed anything in.
    """
    course = Course.open(directory)
    unit = manifest.load().unit(assignment)
    if unit.id not in course.assignments():
        raise SynthlabError(
            f"{directory} has no assignment {unit.id!r} yet; "
            "run 'synthlab classroom' on it again to add new assignments."
        )
    everybody = course.students(unit.id)
    chosen = everybody if students is None else list(students)
    for student in chosen:
        if student not in everybody:
            raise unknown(f"student who handed in {unit.id!r}", student, everybody)
    if not chosen:
        folder = course.folder("submitted", "STUDENT", unit.id)
        raise SynthlabError(f"Nobody has handed in {unit.id!r}: there is no folder {folder}.")
    results = []
    for student in chosen:
        result = grade_submission(course.root, unit.id, student)
        results.append(result)
        if on_result is not None:
            on_result(result, len(chosen))
    results.sort(key=lambda result: result.student)
    return ClassResult(unit, course.language, tuple(results))


def grade_submission(root: Path, assignment: str, student: str) -> SubmissionResult:
    """Inspect, execute and grade one submission, and say what came of it.

    Args:
        root: The classroom's folder.
        assignment: The assignment's id.
        student: The student's id.

    Returns:
        The record of the submission. It never raises for what a student handed in.
    """
    started = time.perf_counter()
    course = Course(root)
    unit = manifest.load().unit(assignment)
    cells = course.released_cells(unit.id, unit.id)
    inspection = inspect(course.folder("submitted", student, unit.id), unit.id, cells)
    problem = inspection.problem
    if problem is None:
        outcome = course.autograde(unit.id, student)
        problem = None if outcome.success else _failure(outcome)
    if problem is not None:
        return SubmissionResult(
            student,
            problem=problem.render(course.language),
            seconds=time.perf_counter() - started,
        )
    questions, penalty = collect(course, unit, student)
    return SubmissionResult(
        student,
        notes=tuple(note.render(course.language) for note in inspection.notes),
        questions=questions,
        penalty=penalty,
        seconds=time.perf_counter() - started,
    )


def _failure(outcome: Outcome) -> Text:
    """One sentence from the log of a converter that failed."""
    log = "\n".join(outcome.log)
    if "DeadKernelError" in log:
        return say(
            N_(
                "The kernel died while it ran the notebook: the code ended its own process "
                "or used all memory."
            )
        )
    if "UnresponsiveKernelError" in log or "iopub" in log.lower():
        return say(N_("The kernel stopped answering, and it could not be interrupted."))
    traces = [entry for entry in outcome.log if entry.startswith("Traceback")]
    last = (traces[-1] if traces else log).strip().splitlines()[-1]
    return say(N_("nbgrader could not grade the notebook: {error}"), error=last[:300])
