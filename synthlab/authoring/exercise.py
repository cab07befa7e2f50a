"""From an exercise source to the notebook that a learner or nbgrader gets."""

from __future__ import annotations

from collections.abc import Mapping

from nbformat.notebooknode import NotebookNode

from synthlab.authoring.notebooks import new_cell, new_notebook, prose
from synthlab.authoring.project import Project
from synthlab.authoring.source import ExerciseSource, SourceCell, read_source
from synthlab.authoring.wording import Wording, read_wording
from synthlab.errors import unknown
from synthlab.words import check_language

PART = "exercise"


def grade_id(role: str, question: str) -> str:
    """Nbgrader's name for a question's cell; its ids allow no dots.

    >>> grade_id("answer", "gan.discriminator_loss")
    'answer-gan-discriminator_loss'
    """
    return f"{role}-{question.replace('.', '-')}"


def exercise_notebook(
    unit: str,
    language: str = "en",
    answers: Mapping[str, str] | None = None,
    project: Project | None = None,
) -> NotebookNode:
    """The exercise notebook of a unit, made from its source.

    Args:
        unit: A unit's id.
        language: The language of the prose; code cells are the same in all.
        answers: Question ids to what stands in their answer cells instead of the stub; written
            questions too.
        project: Where the course is; this installation's by default.

    Raises:
        SynthlabError: On an unknown unit, language or question, or a damaged source.
    """
    project = project or Project.here()
    source = read_source(unit, project)
    path = project.catalogue(source.unit.id, check_language(language))
    return make_notebook(source, language, read_wording(path, language), answers)


def make_notebook(
    source: ExerciseSource,
    language: str,
    wording: Wording,
    answers: Mapping[str, str] | None = None,
) -> NotebookNode:
    """`exercise_notebook` for a source and a wording that are already read."""
    answers = answers or {}
    for question in answers:
        if question not in source.questions:
            raise unknown(
                "There is no question called {name} in unit {unit!r}.",
                question,
                source.questions,
                unit=source.unit.id,
            )
    cells = [_cell(cell, source, wording, answers) for cell in source.cells]
    return new_notebook(source.unit.id, language, cells)


def _cell(
    cell: SourceCell, source: ExerciseSource, wording: Wording, answers: Mapping[str, str]
) -> NotebookNode:
    if cell.question is None:
        text = prose(PART, cell.key, cell.text, wording) if cell.markdown else cell.text
        return new_cell(PART, cell.key, text, markdown=cell.markdown)
    if cell.role == "check":
        text = cell.text
    else:
        text = answers.get(cell.question, source.questions[cell.question].stub)
    key = grade_id(cell.role, cell.question)
    metadata = {
        "nbgrader": _nbgrader(cell, key, source),
        "synthlab": {"question": cell.question, "role": cell.role},
        # What nbgrader's LockCells sets too: learners on their own keep the cell as well.
        "deletable": False,
    }
    if cell.role == "check":
        metadata["editable"] = False
    return new_cell(PART, key, text, markdown=cell.markdown, metadata=metadata)


def _nbgrader(cell: SourceCell, key: str, source: ExerciseSource) -> dict[str, object]:
    """Complete schema-3 metadata; the checksum is nbgrader's own to compute.

    An answer is a solution, a check is graded and locked, a written answer is graded (by a
    person) and a solution.
    """
    metadata: dict[str, object] = {
        "schema_version": 3,
        "grade_id": key,
        "grade": cell.role in ("check", "written"),
        "solution": cell.role in ("answer", "written"),
        "locked": cell.role == "check",
        "task": False,
        "cell_type": "markdown" if cell.markdown else "code",
    }
    if metadata["grade"]:
        question = next(q for q in source.unit.questions if q.id == cell.question)
        metadata["points"] = question.counted
    return metadata
