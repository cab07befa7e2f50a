"""``course/course.toml``: units, lessons, exercises, questions and their points.

The manifest stands at the bottom of the import order because everybody asks it: a check for
its points, the command line for its units, the builder for its order.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from synthlab import locate
from synthlab.errors import SynthlabError, unknown

#: The kinds of question. All but ``written`` are graded automatically.
KINDS = ("formula", "component", "pipeline", "diagnosis", "measurement", "prediction", "written")


@dataclass(frozen=True)
class Prediction:
    """Numbers that count as a prediction: those of a range, some choices, or any.

    Args:
        target: The name that the learner sets.
        range: The lowest and the highest number.
        whole: Whether it must be a whole number.
        choices: The numbers to choose from, where there is no range.
    """

    target: str
    range: tuple[float, float] | None = None
    whole: bool = False
    choices: tuple[float, ...] = ()


@dataclass(frozen=True)
class Question:
    """One thing that an exercise asks: its id never changes once published.

    ``predict`` is the prediction of the lesson that asks the same, if one does: what was answered
    there is filled in here. ``extra`` points come on top of the unit's: nobody needs them for all
    of its points.
    """

    id: str
    kind: str
    points: int
    title: str
    predict: str | None = None
    extra: bool = False
    prediction: Prediction | None = None

    @property
    def automatic(self) -> bool:
        """Whether a check gives the points; otherwise a person does."""
        return self.kind != "written"

    @property
    def needed(self) -> bool:
        """Whether a unit is done only when a check found this right."""
        return self.automatic and not self.extra

    @property
    def counted(self) -> int:
        """The points that count towards all points of the exercise."""
        return 0 if self.extra else self.points


@dataclass(frozen=True)
class Unit:
    """A lesson and its exercise notebook.

    ``withheld`` names the modules of the library that hold the exercise's answers: while it is
    graded they cannot be imported.
    """

    id: str
    folder: str
    title: str
    minutes: int
    prerequisites: tuple[str, ...]
    widgets: tuple[str, ...]
    withheld: tuple[str, ...]
    questions: tuple[Question, ...]

    @property
    def module(self) -> str:
        """Its name in Python: of the package of its checks, for one."""
        return self.id.replace("-", "_")

    @property
    def widget_modules(self) -> tuple[str, ...]:
        """The folders of its widgets: ``gan_arena`` for ``GanArena``."""
        return tuple(map(widget_module, self.widgets))

    @property
    def lesson(self) -> Path:
        """The lesson's Markdown notebook."""
        return locate.course() / self.folder / "lesson.md"

    @property
    def lesson_file(self) -> str:
        """Where a workspace keeps the lesson's notebook, relative to it."""
        return f"lessons/{self.folder}.ipynb"

    @property
    def exercise_file(self) -> str:
        """Where a workspace keeps the exercise's notebook, relative to it."""
        return f"exercises/{self.id}.ipynb"

    @property
    def points(self) -> int:
        """All points of the exercise, without the extra ones."""
        return sum(q.counted for q in self.questions)

    def exercise(self, language: str) -> Path:
        """The generated student notebook in one language."""
        return locate.exercises() / language / f"{self.id}.ipynb"


def widget_module(name: str) -> str:
    """The folder of a widget's files, in Python and in TypeScript, from the name of its class.

    >>> widget_module("GanArena"), widget_module("RealNVPLab")
    ('gan_arena', 'real_nvp_lab')
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@dataclass(frozen=True)
class Course:
    """The whole manifest, units in reading order."""

    title: str
    languages: tuple[str, ...]
    units: tuple[Unit, ...]

    def unit(self, name: str) -> Unit:
        """The unit with this id; an unknown id raises with the nearest valid ones."""
        for unit in self.units:
            if unit.id == name:
                return unit
        raise unknown("There is no unit called {name}.", name, [u.id for u in self.units])

    def question(self, name: str) -> Question:
        """The question with this id; an unknown id raises with the nearest valid ones."""
        questions = [q for unit in self.units for q in unit.questions]
        for question in questions:
            if question.id == name:
                return question
        raise unknown("There is no check called {name}.", name, [q.id for q in questions])


def parse(text: str) -> Course:
    """Read a manifest from TOML; raise SynthlabError on the first thing that is wrong."""
    try:
        data = tomllib.loads(text)
        units = tuple(_unit(row) for row in data["unit"])
        course = Course(data["title"], tuple(data["languages"]), units)
    except tomllib.TOMLDecodeError as error:
        raise SynthlabError("course.toml is not valid TOML: {reason}.", reason=error) from None
    except KeyError as error:
        raise SynthlabError("course.toml lacks the key {key}.", key=error) from None
    _check(course)
    return course


def _unit(row: dict[str, Any]) -> Unit:
    return Unit(
        id=row["id"],
        folder=row["folder"],
        title=row["title"],
        minutes=row["minutes"],
        prerequisites=tuple(row.get("prerequisites", ())),
        widgets=tuple(row.get("widgets", ())),
        withheld=tuple(row.get("withheld", ())),
        questions=tuple(_question(q) for q in row["question"]),
    )


def _question(row: dict[str, Any]) -> Question:
    name, kind = row["id"], row["kind"]
    found = Question(
        name, kind, row["points"], row["title"], row.get("predict"), row.get("extra", False)
    )
    if kind == "prediction":
        return replace(found, prediction=_prediction(row))
    if given := row.keys() & {"predict", "target", "range", "whole", "choices"}:
        raise SynthlabError(
            "course.toml: {question} is no prediction, so it has no {key}.",
            question=repr(name),
            key=repr(min(given)),
        )
    return found


def _prediction(row: dict[str, Any]) -> Prediction:
    name = repr(row["id"])
    target, limits, choices = row.get("target"), row.get("range"), row.get("choices", [])
    if not isinstance(target, str) or not target.isidentifier():
        raise SynthlabError(
            "course.toml: the prediction {question} needs a 'target', the name that the learner "
            "sets.",
            question=name,
        )
    if limits is not None and not (_numbers(limits) == 2 and limits[0] < limits[1]):
        raise SynthlabError(
            "course.toml: the 'range' of the prediction {question} is not [low, high].",
            question=name,
        )
    if choices and (limits is not None or _numbers(choices) < 2):
        raise SynthlabError(
            "course.toml: the prediction {question} has either a 'range' or at least two "
            "'choices', all of them numbers.",
            question=name,
        )
    within = None if limits is None else (limits[0], limits[1])
    return Prediction(target, within, row.get("whole", False), tuple(choices))


def _numbers(values: Any) -> int:
    """The length of a list of numbers; 0 for anything else."""
    listed = isinstance(values, list) and all(type(value) in (int, float) for value in values)
    return len(values) if listed else 0


def _check(course: Course) -> None:
    seen: set[str] = set()
    for unit in course.units:
        for name in (unit.id, *(q.id for q in unit.questions)):
            if name in seen:
                raise SynthlabError("course.toml uses the id {name!r} twice.", name=name)
            seen.add(name)
        for question in unit.questions:
            if not question.id.startswith(f"{unit.id}."):
                raise SynthlabError(
                    "course.toml: question {question!r} must start with '{unit}.'.",
                    question=question.id,
                    unit=unit.id,
                )
            if question.kind not in KINDS:
                raise unknown(
                    "There is no kind of question called {name} ({question}).",
                    question.kind,
                    KINDS,
                    question=question.id,
                )
            if question.extra and not question.automatic:
                raise SynthlabError(
                    "course.toml: {question!r} is extra, so a check must give its points.",
                    question=question.id,
                )
        for module in unit.withheld:
            if not module.startswith("synthlab."):
                raise SynthlabError(
                    "course.toml: unit {unit!r} withholds {module!r}, which is no module of "
                    "synthlab.",
                    unit=unit.id,
                    module=module,
                )
    for unit in course.units:
        for name in unit.prerequisites:
            if name not in {u.id for u in course.units}:
                raise unknown(
                    "There is no unit called {name} (a prerequisite of {unit}).",
                    name,
                    seen,
                    unit=unit.id,
                )


@lru_cache(maxsize=1)
def load() -> Course:
    """The course of this installation."""
    return parse((locate.course() / "course.toml").read_text(encoding="utf-8"))
