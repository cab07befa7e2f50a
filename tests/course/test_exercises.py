"""Whole exercise notebooks in a real kernel: full marks with answers, none as released.

What the answers are worth is proven in `test_proof`, and in the sandbox in
``tests/grading/judging/test_units_judged.py``. Here nbgrader reads a kernel's own ``check``; so
answers that train stay out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

from synthlab import manifest
from synthlab.authoring.exercise import exercise_notebook
from synthlab.authoring.source import read_source
from synthlab.manifest import Unit

VERDICT = "application/vnd.synthlab.verdict+json"

units = pytest.mark.parametrize("unit", manifest.load().units, ids=lambda unit: unit.id)


def execute(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """Run a notebook as nbgrader does: on through cells that raise."""
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=120,
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
    ).execute()


def marks(notebook: nbformat.NotebookNode) -> dict[str, float]:
    """What nbgrader reads from each check cell."""
    return {
        cell.metadata.synthlab.question: determine_grade(cell)[0]
        for cell in notebook.cells
        if cell.metadata.synthlab.get("role") == "check"
    }


def statuses(notebook: nbformat.NotebookNode) -> set[Any]:
    """The statuses of all verdicts that the notebook shows."""
    return {
        output.data[VERDICT]["status"]
        for cell in notebook.cells
        if cell.metadata.synthlab.get("role") == "check"
        for output in cell.outputs
        if output.output_type == "execute_result"
    }


@units
def test_answers_get_full_marks(unit: Unit, tmp_path: Path) -> None:
    source = read_source(unit)
    given = {q.id: q.counted for q in unit.questions if q.automatic and q.kind != "pipeline"}
    answers = {name: source.questions[name].answer for name in given}
    notebook = exercise_notebook(unit.id, answers=answers)
    execute(notebook, tmp_path)
    left = {q.id: 0.0 for q in unit.questions if q.kind == "pipeline"}
    assert marks(notebook) == given | left
    assert statuses(notebook) == {"correct"} | ({"not-attempted"} if left else set())


@units
def test_as_released_nothing_is_attempted(unit: Unit, tmp_path: Path) -> None:
    notebook = nbformat.read(unit.exercise(manifest.load().languages[-1]), as_version=4)
    execute(notebook, tmp_path)
    assert marks(notebook) == {q.id: 0.0 for q in unit.questions if q.automatic}
    assert statuses(notebook) == {"not-attempted"}
