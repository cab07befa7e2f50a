"""Look at a submitted notebook before anything runs it, and say in words what is wrong with it.

A notebook that nbgrader could not read is refused with a reason; one that it can be helped to
read (`synthlab.grading.repair`) is graded, with a note about what was put right.
"""

from __future__ import annotations

import glob
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthlab.authoring.released import is_notebook
from synthlab.grading.course import ReleasedCell
from synthlab.grading.repair import grade_id
from synthlab.words import N_, Text

#: Bytes of the largest notebook that is read. A full answer with its pictures has under 2 MB.
MAX_BYTES = 50_000_000


#: What nbgrader's file patterns give a meaning to.
GLOB = re.compile(r"[*?[]")


@dataclass(frozen=True)
class Inspection:
    """What was seen in one submission.

    Attributes:
        problem: Why the submission cannot be graded; None when it can.
        notes: What will be put right before it is graded, one sentence each.
    """

    problem: Text | None = None
    notes: tuple[Text, ...] = ()


def say(msgid: str, **params: object) -> Text:
    """A sentence of the command line's catalogue."""
    return Text(msgid, params, domain="cli")


def inspect(folder: Path, unit: str, expected: Sequence[ReleasedCell]) -> Inspection:
    """Inspect the submission in ``folder``, which should hold ``<unit>.ipynb``.

    Args:
        folder: One student's folder for the assignment.
        unit: The unit's id, which is the name of the notebook.
        expected: The cells that the gradebook keeps of the released notebook.
    """
    if GLOB.search(folder.parent.name):
        return Inspection(
            say(
                N_(
                    "nbgrader takes the characters *, ? and [ in a student's id for a pattern; "
                    "rename the folder {name}."
                ),
                name=folder.parent.name,
            )
        )
    path = folder / f"{unit}.ipynb"
    if not path.is_file():
        return Inspection(_missing(folder, path.name))
    notebook = _read(path)
    if isinstance(notebook, Text):
        return Inspection(notebook)
    problem = _foreign(notebook, path.name, unit, expected)
    if problem is not None:
        return Inspection(problem)
    notes = _notes(notebook["cells"], expected)
    if odd := links(folder):
        text = N_("What is no ordinary file was left out, for a link may lead anywhere: {names}.")
        notes.append(say(text, names=", ".join(odd)))
    return Inspection(notes=tuple(notes))


def links(folder: Path) -> list[str]:
    """Patterns of what nbgrader must not copy: a link of a student's may lead anywhere.

    nbgrader copies what a submission holds besides its notebook, and follows links to do so.
    """
    odd = (p for p in folder.rglob("*") if p.is_symlink() or not (p.is_file() or p.is_dir()))
    return sorted({glob.escape(path.name) for path in odd})


def _read(path: Path) -> dict[str, Any] | Text:
    """The notebook as plain data, or why it is none."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return say(
                N_("{name} has more than {most} MB, which no notebook of this course has."),
                name=path.name,
                most=MAX_BYTES // 1_000_000,
            )
        notebook = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        return say(N_("{name} cannot be read: {error}."), name=path.name, error=error.strerror)
    except (ValueError, RecursionError):
        return say(
            N_("{name} is damaged: it is not valid JSON, as every notebook is."), name=path.name
        )
    if not is_notebook(notebook):
        return say(
            N_("{name} is damaged: it is JSON, but not a Jupyter notebook of format 4."),
            name=path.name,
        )
    data: dict[str, Any] = notebook
    return data


def _missing(folder: Path, name: str) -> Text:
    others = sorted(path.name for path in folder.glob("*.ipynb"))
    if not others:
        return say(N_("The submission holds no notebook; {name} was expected."), name=name)
    return say(
        N_("The submission holds no {name}; it holds {others} instead."),
        name=name,
        others=", ".join(others),
    )


def _foreign(
    notebook: Mapping[str, Any], name: str, unit: str, expected: Sequence[ReleasedCell]
) -> Text | None:
    """Why this notebook belongs elsewhere, or None.

    Some editors drop the notebook's metadata. It is then known by its cells.
    """
    about = notebook["metadata"].get("synthlab")
    origin = about.get("unit") if isinstance(about, dict) else None
    if isinstance(origin, str) and origin != unit:
        return say(
            N_("{name} is the notebook of another exercise, {origin!r}; {unit!r} was expected."),
            name=name,
            origin=origin[:40],
            unit=unit,
        )
    known = {cell.grade_id for cell in expected}
    if origin is None and not any(grade_id(cell) in known for cell in notebook["cells"]):
        return say(
            N_("{name} is not a notebook of this course: it has none of the exercise's cells."),
            name=name,
        )
    return None


def _notes(cells: Sequence[Mapping[str, Any]], expected: Sequence[ReleasedCell]) -> list[Text]:
    counts = Counter(grade_id(cell) for cell in cells)
    found = {grade_id(cell): cell for cell in cells}
    notes = []
    missing = [cell for cell in expected if counts[cell.grade_id] == 0]
    copied = [cell for cell in expected if counts[cell.grade_id] > 1]
    edited = [
        cell
        for cell in expected
        if cell.locked and cell.grade_id in found and _text(found[cell.grade_id]) != cell.source
    ]
    checks = [cell for cell in missing if not cell.answer]
    answers = [cell for cell in missing if cell.answer]
    for group, msgid in (
        (checks, N_("A check cell was missing and was put back: {ids}.")),
        (answers, N_("An answer cell was missing and was put back as it was released: {ids}.")),
        (copied, N_("A cell was there more than once, and the last copy counts: {ids}.")),
        (edited, N_("A check cell was changed and its own text was put back: {ids}.")),
    ):
        if group:
            notes.append(say(msgid, ids=", ".join(cell.grade_id for cell in group)))
    return notes


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
