"""Standing of a learner in the course: how far a unit is, and what comes next."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from synthlab.manifest import Course, Question, Unit
from synthlab.progress.record import Record


class Standing(StrEnum):
    """How far a unit is."""

    NOT_BEGUN = "not-begun"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True)
class Step:
    """What to do next.

    Args:
        unit: The unit it belongs to.
        question: The question to answer; None for reading the lesson.
        notebook: The notebook to open, relative to the workspace.
    """

    unit: Unit
    question: Question | None
    notebook: str


def standing(unit: Unit, record: Record) -> Standing:
    """How far a unit is: done when every question that a check judges was right once.

    Extra questions are not needed.

    It has begun when its lesson or exercise was opened, or one of its questions checked.
    """
    needed = [question for question in unit.questions if question.needed]
    if needed and all(record.tried(question.id).solved for question in needed):
        return Standing.DONE
    opened = {unit.lesson_file, unit.exercise_file} & record.opened.keys()
    checked = any(record.tried(question.id).checks for question in unit.questions)
    return Standing.BEGUN if opened or checked else Standing.NOT_BEGUN


def earned(question: Question, record: Record) -> float:
    """The best points so far, to two decimals and rounded down, as a verdict gives them."""
    best = record.tried(question.id).best
    if best >= 1.0:
        return float(question.points)
    return math.floor(best * question.points * 100 + 1e-9) / 100


def next_step(course: Course, record: Record) -> Step | None:
    """The first thing that is not done, in reading order; None when everything is."""
    for unit in course.units:
        state = standing(unit, record)
        if state is Standing.DONE:
            continue
        if state is Standing.NOT_BEGUN:
            return Step(unit, None, unit.lesson_file)
        for question in unit.questions:
            if question.needed and not record.tried(question.id).solved:
                return Step(unit, question, unit.exercise_file)
    return None


def resume(course: Course, record: Record, workspace: Path) -> str:
    """The notebook to open: where the learner was, else what comes next, else the first lesson."""
    if record.place is not None:
        place = (workspace / record.place.notebook).resolve()
        if place.is_file() and place.is_relative_to(workspace.resolve()):
            return record.place.notebook
    step = next_step(course, record)
    return course.units[0].lesson_file if step is None else step.notebook
