"""Recognition of the released cells among those of a submitted notebook.

Some editors drop a cell's metadata, and some people copy cells into a new notebook. So a cell is
known by nbgrader's id in its metadata; else by the cell id that the exercise gave it; else a
check by its text, and an answer by the names that it defines.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synthlab.authoring.notebooks import cell_id
from synthlab.grading.untrusted.notebook import id_of, joined


@dataclass(frozen=True)
class ReleasedCell:
    """A cell that nbgrader keeps in its gradebook: what a submission must hold.

    Attributes:
        grade_id: nbgrader's id of the cell.
        cell_type: ``"code"`` or ``"markdown"``.
        source: The text of the cell as it was released.
        metadata: The complete schema-3 value of the cell's ``nbgrader`` metadata.
    """

    grade_id: str
    cell_type: str
    source: str
    metadata: Mapping[str, Any]

    @property
    def locked(self) -> bool:
        """Whether nbgrader puts the released source back before it runs the cell."""
        return bool(self.metadata["locked"])

    @property
    def answer(self) -> bool:
        """Whether the learner writes in this cell."""
        return bool(self.metadata["solution"])


@dataclass(frozen=True)
class Recognised:
    """The cells that were recognised.

    Attributes:
        of: nbgrader's id by the place in the notebook; of copies, the last.
        copied: Ids that were there more than once.
        found: Ids that were recognised without nbgrader's metadata.
    """

    of: Mapping[int, str]
    copied: tuple[str, ...]
    found: tuple[str, ...]


def recognise(cells: Sequence[Mapping[str, Any]], expected: Sequence[ReleasedCell]) -> Recognised:
    """Recognise the released cells among those of a notebook."""
    known = {cell.grade_id: cell for cell in expected}
    places: dict[str, list[int]] = {}
    for place, cell in enumerate(cells):
        name = id_of(cell)
        if name in known:
            places.setdefault(str(name), []).append(place)
    of = {found[-1]: name for name, found in places.items()}
    copied = tuple(name for name, found in places.items() if len(found) > 1)
    # What carries an id, be it another exercise's, has been spoken for.
    free = [place for place, cell in enumerate(cells) if id_of(cell) is None]
    found = []
    for name, wanted in known.items():
        if name in places:
            continue
        known_by = _find(cells, free, wanted)
        if known_by is not None:
            of[known_by] = name
            free.remove(known_by)
            found.append(name)
    return Recognised(of, copied, tuple(found))


def _find(
    cells: Sequence[Mapping[str, Any]], free: Sequence[int], wanted: ReleasedCell
) -> int | None:
    own = cell_id("exercise", wanted.grade_id)
    by_id = [place for place in free if cells[place].get("id") == own]
    if by_id:
        return by_id[-1]
    code = [place for place in free if cells[place].get("cell_type") == "code"]
    if wanted.cell_type != "code":
        return None
    if wanted.locked:
        text = wanted.source.strip()
        same = [place for place in code if joined(cells[place].get("source")).strip() == text]
        return same[-1] if same else None
    names = _defined(wanted.source)
    if not names:
        return None
    written = [place for place in code if names <= _defined(joined(cells[place].get("source")))]
    return written[-1] if written else None


def _defined(source: str) -> frozenset[str]:
    """The names of the functions and classes that a cell defines."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))
