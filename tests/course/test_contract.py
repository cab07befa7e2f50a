"""The real course: the steps of `synthlab verify`, proofs aside, and what only a notebook shows."""

from __future__ import annotations

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from synthlab import locate, manifest
from synthlab.authoring.exercise import exercise_notebook, grade_id
from synthlab.authoring.lesson import lesson_notebook
from synthlab.authoring.project import Project
from synthlab.authoring.source import read_source
from synthlab.authoring.verify import Report, Step, plan
from synthlab.manifest import Unit

UNITS = manifest.load().units
LANGUAGES = manifest.load().languages
units = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)


@pytest.mark.parametrize("step", [s for s in plan(Project.here()) if s.clause != "proof"], ids=str)
def test_the_contract_holds(step: Step) -> None:
    report = Report()
    report.make(step)
    assert [str(finding) for finding in report.findings] == []


@units
@pytest.mark.parametrize("language", LANGUAGES)
def test_notebooks_are_valid(unit: Unit, language: str) -> None:
    exercise = nbformat.read(unit.exercise(language), as_version=4)
    for notebook in (exercise, lesson_notebook(unit.id, language)):
        nbformat.validate(notebook)
        assert notebook.metadata.synthlab == {"unit": unit.id, "language": language}
    MetadataValidator().validate_nb(exercise)
    ids = [c.metadata.nbgrader.grade_id for c in exercise.cells if "nbgrader" in c.metadata]
    wanted = []
    for question in unit.questions:
        roles = ("answer", "check") if question.automatic else ("written",)
        wanted += [grade_id(role, question.id) for role in roles]
    assert ids == wanted


@units
def test_code_is_the_same_in_every_language(unit: Unit) -> None:
    for make in (lesson_notebook, exercise_notebook):
        codes = [
            [(c.id, c.source) for c in make(unit.id, code).cells if c.cell_type == "code"]
            for code in LANGUAGES
        ]
        assert all(code == codes[0] for code in codes)


@units
def test_answers_put_in_are_the_sources_answers(unit: Unit) -> None:
    source = read_source(unit)
    answers = {name: question.answer for name, question in source.questions.items()}
    notebook = exercise_notebook(unit.id, answers=answers)
    found = {
        c.metadata.synthlab.question: c.source
        for c in notebook.cells
        if c.metadata.synthlab.get("role") in ("answer", "written")
    }
    assert found == answers


def test_the_repository_is_found_from_an_editable_install() -> None:
    root = locate.repository()
    assert root is not None
    assert locate.course() == root / "course"
    assert locate.exercises() == root / "exercises"
    assert locate.solutions() == root / "solutions"
