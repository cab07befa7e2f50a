"""Repair of a submitted notebook: every released cell is there once, in its place, as released.

nbgrader 0.9.6 gives up on a whole submission when one cell was copied (its remedy leaves an
empty ``nbgrader`` entry, which its own schema check refuses), when a cell came from another
assignment, or when an answer was deleted together with its check. The gradebook knows every
cell that was released, so such a notebook can be restored: what the student wrote stays.

Which cell is which is the business of `synthlab.grading.intake.recognition`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import v4
from nbformat.notebooknode import NotebookNode

from synthlab.grading.intake.recognition import ReleasedCell, recognise
from synthlab.grading.untrusted.notebook import id_of, joined, node


@dataclass(frozen=True)
class Repairs:
    """What was put right in a notebook's cells: ids of released cells, in their order.

    Attributes:
        missing: Put back as released.
        copied: Of several copies, the last one counts.
        edited: A locked cell that got its own text back.
        retyped: Got their own type back.
        moved: Stand again where they belong.
        found: Had lost their metadata, and were known by their id, text or names.
    """

    missing: tuple[str, ...] = ()
    copied: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    retyped: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


def repair(
    cells: Sequence[NotebookNode], expected: Sequence[ReleasedCell]
) -> tuple[list[NotebookNode], Repairs]:
    """The cells with every expected one present exactly once, in order, with its own metadata.

    Of several copies the last one counts, as in nbgrader: it ran last. The others stay as
    ordinary cells. As few cells as possible are moved, answers rather not, and each to behind
    the one that precedes it in the release; so is a missing one, which is inserted as released.

    Args:
        cells: The notebook's cells, which are changed in place.
        expected: The cells that the gradebook keeps, in their order.
    """
    named = recognise(cells, expected)
    known = {cell.grade_id: cell for cell in expected}
    order = {cell.grade_id: place for place, cell in enumerate(expected)}
    edited, retyped = [], []
    at: dict[str, NotebookNode] = {}
    for place, cell in enumerate(cells):
        cell.metadata.pop("nbgrader", None)
        name = named.of.get(place)
        if name is None:
            continue
        wanted = known[name]
        at[name] = cell
        if cell.cell_type != wanted.cell_type:
            retyped.append(name)
            _retype(cell, wanted.cell_type)
        if wanted.locked and joined(cell.source) != wanted.source:
            edited.append(name)
            cell.source = wanted.source
        cell.metadata["nbgrader"] = node(wanted.metadata)
    sequence = [named.of[place] for place in sorted(named.of)]
    moved = [n for n in sequence if n not in _kept(sequence, order, known)]
    restored = [cell for cell in cells if id_of(cell) not in moved]
    _insert(restored, expected, {name: at[name] for name in moved})

    def ordered(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted(names, key=order.__getitem__))

    return restored, Repairs(
        missing=tuple(name for name in known if name not in at),
        copied=ordered(named.copied),
        edited=ordered(edited),
        retyped=ordered(retyped),
        moved=ordered(moved),
        found=ordered(named.found),
    )


def _insert(
    restored: list[NotebookNode],
    expected: Sequence[ReleasedCell],
    moved: Mapping[str, NotebookNode],
) -> None:
    """Put what is missing and what is moved behind what precedes it in the release."""
    there = {id_of(cell) for cell in restored}
    position = next((i for i, cell in enumerate(restored) if id_of(cell)), len(restored))
    for wanted in expected:
        name = wanted.grade_id
        if name in there:
            ids = [id_of(cell) for cell in restored]
            position = max(position, ids.index(name) + 1)
        else:
            restored.insert(position, moved.get(name) or _released(wanted))
            position += 1


def _kept(
    sequence: Sequence[str], order: Mapping[str, int], known: Mapping[str, ReleasedCell]
) -> set[str]:
    """The heaviest part of a sequence that is in order; an answer weighs more than a check."""
    best: list[tuple[int, tuple[str, ...]]] = []
    for i, name in enumerate(sequence):
        before = [best[j] for j in range(i) if order[sequence[j]] < order[name]]
        weight, chain = max(before, default=(0, ()), key=lambda found: found[0])
        best.append((weight + (3 if known[name].answer else 2), (*chain, name)))
    return set(max(best, default=(0, ()), key=lambda found: found[0])[1])


def _retype(cell: NotebookNode, kind: str) -> None:
    """Make a cell one of another type; code in a Markdown fence comes out of it."""
    cell.cell_type = kind
    if kind == "code":
        lines = joined(cell.source).strip().splitlines()
        if len(lines) > 1 and lines[0].startswith("```") and lines[-1] == "```":
            cell.source = "\n".join(lines[1:-1])
        cell.pop("attachments", None)
        cell.outputs, cell.execution_count = [], None
    else:
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def _released(cell: ReleasedCell) -> NotebookNode:
    cells: Any = v4  # untyped
    make = cells.new_code_cell if cell.cell_type == "code" else cells.new_markdown_cell
    made: NotebookNode = make(cell.source, id=f"restored-{cell.grade_id}"[:64])
    made.metadata["nbgrader"] = node(cell.metadata)
    return made
