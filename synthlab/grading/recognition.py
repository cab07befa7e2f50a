"""Which cell of a submitted notebook is which released one.

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
from synthlab.grading.course import ReleasedCell


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
        name = grade_id(cell)
        if name in known:
            places.setdefault(str(name), []).append(place)
    of = {found[-1]: name for name, found in places.items()}
    copied = tuple(name for name, found in places.items() if len(found) > 1)
    # What carries an id, be it another exercise's, has been spoken for.
    free = [place for place, cell in enumerate(cells) if grade_id(cell) is None]
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


def grade_id(cell: Mapping[str, Any]) -> str | None:
    """The cell's nbgrader id, or None where it has none that could be one."""
    metadata = cell.get("metadata")
    entry = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    value = entry.get("grade_id") if isinstance(entry, Mapping) else None
    return value if isinstance(value, str) else None


def source_of(cell: Mapping[str, Any]) -> str:
    """A cell's text, which a file may hold as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


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
        same = [place for place in code if source_of(cells[place]).strip() == text]
        return same[-1] if same else None
    names = _defined(wanted.source)
    if not names:
        return None
    written = [place for place in code if names <= _defined(source_of(cells[place]))]
    return written[-1] if written else None


def _defined(source: str) -> frozenset[str]:
    """The names of the functions and classes that a cell defines."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))
