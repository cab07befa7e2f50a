"""Generated notebooks: their bytes are a function of their source."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from synthlab.authoring.prose import ALIGNED, directed, render
from synthlab.authoring.wording import Wording
from synthlab.words import direction

_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def new_notebook(unit: str, language: str, cells: list[NotebookNode]) -> NotebookNode:
    """A notebook of the course, without outputs.

    ``metadata.synthlab`` says which unit it is and in which language.
    """
    if direction(language) == "rtl" and cells and cells[0].cell_type == "markdown":
        cells[0].source = ALIGNED + cells[0].source
    v4: Any = nbformat.v4  # untyped
    notebook: NotebookNode = v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": dict(_KERNEL),
            "language_info": {"name": "python"},
            "synthlab": {"unit": unit, "language": language},
        },
    )
    return notebook


def new_cell(
    part: str, key: str, text: str, *, markdown: bool, metadata: dict[str, Any] | None = None
) -> NotebookNode:
    """A cell whose id and ``metadata.synthlab.key`` follow from its place in the source.

    Args:
        part: ``"lesson"`` or ``"exercise"``.
        key: Unique in the notebook.
        text: The source.
        markdown: Whether it is a Markdown cell.
        metadata: Anything further; its ``synthlab`` entry is merged with ours.
    """
    more = dict(metadata or {})
    more["synthlab"] = {"key": key, **more.get("synthlab", {})}
    v4: Any = nbformat.v4  # untyped
    make = v4.new_markdown_cell if markdown else v4.new_code_cell
    cell: NotebookNode = make(source=text, id=cell_id(part, key), metadata=more)
    return cell


def cell_id(part: str, key: str) -> str:
    """A valid notebook cell id (at most 64 letters, digits, ``-`` and ``_``)."""
    name = f"{part}-{re.sub(r'[^A-Za-z0-9_-]', '-', key)}"
    if len(name) <= 64:
        return name
    digest = hashlib.sha256(f"{part}/{key}".encode()).hexdigest()[:8]
    return f"{name[:55]}-{digest}"


def prose(part: str, key: str, text: str, wording: Wording) -> str:
    """A prose cell's text in the wording's language."""
    from_right = direction(wording.language) == "rtl"
    said = render(text, lambda m: wording.of(f"{part}/{key}", m), from_right=from_right)
    return directed(said, wording.language) if from_right else said


def dumps(notebook: NotebookNode) -> str:
    """The notebook as the text of its file, always the same for the same notebook."""
    nbformat.validate(notebook)
    writes: Any = nbformat.writes  # untyped
    return str(writes(notebook, version=4)).rstrip("\n") + "\n"
