"""The notebooks that learners get, by unit and part: what workspaces and language swaps use.

Lessons are made from their Markdown; exercises are read as they were generated, because an
installed synthlab has no sources to make them from.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from synthlab.authoring.lesson import lesson_notebook
from synthlab.authoring.notebooks import dumps
from synthlab.authoring.project import Project
from synthlab.errors import SynthlabError
from synthlab.manifest import Unit

Part = Literal["lesson", "exercise"]


def released_text(project: Project, unit: Unit, part: Part, language: str) -> str:
    """The text of a released notebook.

    Raises:
        SynthlabError: When it does not exist.
    """
    if part == "lesson":
        return dumps(lesson_notebook(unit.id, language, project))
    path = project.exercise(unit, language)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise SynthlabError(
            "The exercise notebook {file} cannot be read ({reason}); install synthlab "
            "again, or run 'synthlab build' in a clone of the repository.",
            file=project.display(path),
            reason=error.strerror,
        ) from None


def load_notebook(path: Path) -> dict[str, Any]:
    """A notebook's JSON as it stands in its file.

    Raises:
        SynthlabError: When the file cannot be read or is no notebook with cells.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SynthlabError(
            "{file} cannot be read: {reason}.", file=path, reason=error.strerror
        ) from None
    except (ValueError, RecursionError):
        raise SynthlabError(
            "{file} is damaged: it is not valid JSON, as every notebook is.", file=path
        ) from None
    if not is_notebook(data):
        raise SynthlabError(
            "{file} is damaged: it is JSON, but not a Jupyter notebook of format 4.", file=path
        )
    notebook: dict[str, Any] = data
    return notebook


def is_notebook(data: Any) -> bool:
    """Whether JSON of unknown origin has the parts of a notebook of format 4 that we read."""
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        return False
    if data.get("nbformat") != 4 or not isinstance(data.get("metadata"), dict):
        return False
    return all(_is_cell(cell) for cell in data["cells"])


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata"), dict):
        return False
    if not isinstance(cell.get("id", ""), str):  # notebooks before format 4.5 have no ids
        return False
    source = cell.get("source")
    if isinstance(source, list):
        whole = all(isinstance(line, str) for line in source)
    else:
        whole = isinstance(source, str)
    return whole and cell.get("cell_type") in ("code", "markdown", "raw")
