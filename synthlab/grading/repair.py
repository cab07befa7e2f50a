"""Put a submitted notebook right before nbgrader reads it: an nbgrader preprocessor.

nbgrader 0.9.6 gives up on a whole submission when one cell was copied (its remedy leaves an
empty ``nbgrader`` entry, which its own schema check refuses), when a cell came from another
assignment, or when an answer was deleted together with its check. The gradebook knows every
cell that was released, so such a notebook can be restored: what the student wrote stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nbformat import v4
from nbformat.notebooknode import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from synthlab.grading.course import ReleasedCell, released_cells


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Give every released cell its place and its metadata back, once."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Restore ``nb`` from the gradebook that ``resources`` names."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            expected = released_cells(gradebook, about["notebook"], about["assignment"])
        nb.cells = restore(nb.cells, expected)
        return nb, resources


def grade_id(cell: Mapping[str, Any]) -> str | None:
    """The cell's nbgrader id, or None where it has none that could be one."""
    metadata = cell.get("metadata")
    entry = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    value = entry.get("grade_id") if isinstance(entry, Mapping) else None
    return value if isinstance(value, str) else None


def restore(cells: Sequence[NotebookNode], expected: Sequence[ReleasedCell]) -> list[NotebookNode]:
    """The cells with every expected one present exactly once, with its own type and metadata.

    Of several copies the last one counts, as in nbgrader: it ran last. The others stay as
    ordinary cells. A missing cell is inserted, as released, behind the one that precedes it;
    without one, in front of the first that is there.
    """
    known = {cell.grade_id: cell for cell in expected}
    seen: set[str] = set()
    for cell in reversed(cells):
        name = grade_id(cell)
        cell.metadata.pop("nbgrader", None)
        if name in known and name not in seen:
            seen.add(name)
            cell.metadata["nbgrader"] = _node(known[name].metadata)
            _retype(cell, known[name].cell_type)
    restored = list(cells)
    position = next((i for i, cell in enumerate(restored) if grade_id(cell)), len(restored))
    for wanted in expected:
        if wanted.grade_id in seen:
            ids = [grade_id(cell) for cell in restored]
            position = max(position, ids.index(wanted.grade_id) + 1)
        else:
            restored.insert(position, _released(wanted))
            position += 1
    return restored


def _retype(cell: NotebookNode, cell_type: str) -> None:
    """A code cell that was made Markdown is one again: nobody runs or judges Markdown."""
    if cell.cell_type == cell_type:
        return
    cell.cell_type = cell_type
    if cell_type == "code":
        cell.outputs, cell.execution_count = [], None
        cell.pop("attachments", None)
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _released(cell: ReleasedCell) -> NotebookNode:
    cells: Any = v4  # untyped
    make = cells.new_code_cell if cell.cell_type == "code" else cells.new_markdown_cell
    made: NotebookNode = make(cell.source, id=f"restored-{cell.grade_id}"[:64])
    made.metadata["nbgrader"] = _node(cell.metadata)
    return made


def _node(metadata: Mapping[str, Any]) -> NotebookNode:
    make: Any = from_dict  # untyped
    node: NotebookNode = make(dict(metadata))
    return node
