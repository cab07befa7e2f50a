"""The clauses of the course contract that are seen without running anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from synthlab.authoring import claims
from synthlab.authoring.build import compare
from synthlab.authoring.findings import Finding
from synthlab.authoring.lesson import read_lesson
from synthlab.authoring.project import Project
from synthlab.authoring.published import read_published
from synthlab.authoring.source import ExerciseSource
from synthlab.authoring.translate import all_coverage
from synthlab.manifest import Unit

POINTS = 20
MISTAKES = 3
ALTERNATIVES = 2
# In ethics more of the grade is an argument, which only a person can judge.
AUTOMATIC_SHARE = 0.7
AUTOMATIC_SHARE_ETHICS = 0.6


def generated_files(project: Project) -> Iterator[Finding]:
    """Every generated file is byte-identical to what its sources give."""
    for difference in compare(project):
        yield Finding("generated", difference.name, f"it {difference.advice}")


def published_ids(project: Project) -> Iterator[Finding]:
    """Every id that was ever published is still in the manifest."""
    published = read_published(project)
    units = {u.id for u in project.course.units}
    questions = {q.id for u in project.course.units for q in u.questions}
    for kind, before, now in (
        ("unit", published.units, units),
        ("question", published.questions, questions),
    ):
        for name in before:
            if name not in now:
                yield Finding(
                    "published",
                    name,
                    f"this {kind} was published and is no longer there; "
                    "gradebooks refer to it, so put it back in course.toml.",
                )


def points(unit: Unit) -> Iterator[Finding]:
    """A unit is worth 20 points, and a check gives most of them."""
    if unit.points != POINTS:
        yield Finding(
            "points", unit.id, f"its questions sum to {unit.points} points, not to {POINTS}."
        )
    least = AUTOMATIC_SHARE_ETHICS if unit.id.startswith("ethics") else AUTOMATIC_SHARE
    automatic = sum(q.counted for q in unit.questions if q.automatic)
    if automatic < least * unit.points:
        yield Finding(
            "points",
            unit.id,
            f"checks give {automatic} of its {unit.points} points; "
            f"at least {least:.0%} must be graded automatically.",
        )


def variants(source: ExerciseSource) -> Iterator[Finding]:
    """Every check is proven on known mistakes and on differently written right answers."""
    for question in source.unit.questions:
        if question.kind in ("prediction", "written"):
            continue
        found = source.questions[question.id]
        for role, least, known, words in (
            ("mistake", MISTAKES, found.mistakes, "known mistakes"),
            ("alternative", ALTERNATIVES, found.alternatives, "alternative answers"),
        ):
            if len(known) < least:
                yield Finding(
                    "variants",
                    question.id,
                    f"it has {len(known)} {words}; "
                    f"write at least {least}, tagged {role}:{question.id}:NAME.",
                )


def stated(project: Project, unit: Unit) -> Iterator[Finding]:
    """What a lesson claims can be evaluated, on any seed."""
    name = project.display(project.lesson(unit))
    for key, message in claims.lint(read_lesson(unit, project)):
        yield Finding("claims", f"{name}, cell {key!r}", message)


#: Calls whose result is a value without a name.
_BARE_CALLS = ("bool", "float", "int", "item", "print", "round", "str", "tolist")


def labelled_results(unit: Unit, project: Project) -> Iterator[Finding]:
    """What a lesson's cell shows has names: nobody has to count what was second."""
    for cell in read_lesson(unit, project):
        if not cell.markdown and _is_bare(cell.text):
            yield Finding(
                "results",
                f"{project.display(project.lesson(unit))}, cell {cell.key!r}",
                "its result has no name; show it as 'metrics.Result(name=value, …)'.",
            )


def _is_bare(code: str) -> bool:
    """Whether a cell shows a tuple, a list or a number that nothing labels."""
    last = ast.parse(code).body[-1:]
    if not last or not isinstance(last[0], ast.Expr) or code.rstrip().endswith(";"):
        return False
    value = last[0].value
    if isinstance(value, ast.Call):
        function = value.func
        name = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
        return name in _BARE_CALLS
    return isinstance(value, ast.Tuple | ast.List | ast.ListComp | ast.Compare | ast.BinOp)


def translations(project: Project) -> Iterator[Finding]:
    """What was once wholly translated still is, and a translation has its English's fields."""
    complete = read_published(project).complete
    for one in all_coverage(project):
        where = project.display(project.catalogue(one.domain, one.language))
        for message in one.broken:
            yield Finding(
                "translation",
                where,
                f"the translation of {message!r} does not have "
                "the same {fields} as the English; correct it.",
            )
        if one.domain in complete.get(one.language, ()) and one.missing:
            yield Finding(
                "translation",
                where,
                f"{one.missing} of {one.total} messages have no "
                "current translation, and this catalogue was complete; "
                f"run 'synthlab translate {one.language}' and translate them.",
            )
