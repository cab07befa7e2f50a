"""Look at a submitted notebook before anything runs it, and say in words what is wrong with it.

A notebook that nbgrader could not read is refused with a reason; one that it can be helped to
read (`reading`, `repair`) is graded, with a note about what was put right.
"""

from __future__ import annotations

import copy
import glob
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import parse_utc

from synthlab.grading.intake.reading import Reading, nbgrader_reads, read
from synthlab.grading.intake.recognition import ReleasedCell, recognise
from synthlab.grading.intake.repair import Repairs, repair
from synthlab.words import N_, Text

#: What nbgrader's file patterns give a meaning to.
GLOB = re.compile(r"[*?[]")
#: When a submission came, as nbgrader's exchange writes it.
TIMESTAMP = "timestamp.txt"
#: Notebooks of one submission that are looked at when none has the right name.
_CANDIDATES = 10


@dataclass(frozen=True)
class Inspection:
    """What was seen in one submission.

    Attributes:
        problem: Why the submission cannot be graded; None when it can.
        notes: What is put right before it is graded, one sentence each.
        notebook: The notebook, settled but not yet restored; None with a problem.
        as_it_is: Whether nbgrader can read the folder as it was handed in.
    """

    problem: Text | None = None
    notes: tuple[Text, ...] = ()
    notebook: NotebookNode | None = None
    as_it_is: bool = True


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
    notes = []
    reading: Reading | Text
    if path.is_file():
        reading = read(path)
        if isinstance(reading, Reading):
            problem = _foreign(reading, path.name, unit, expected)
            reading = problem or reading
    else:
        found = _misnamed(folder, unit, expected)
        if isinstance(found, Text):
            return Inspection(found)
        path, reading = found
        text = N_("The notebook was called {name}; it was graded as {expected}.")
        shown = path.relative_to(folder).as_posix()
        notes.append(say(text, name=shown, expected=f"{unit}.ipynb"))
    if isinstance(reading, Text):
        return Inspection(reading)
    notes += reading.notes
    notes += _notes(repair(copy.deepcopy(reading.notebook.cells), expected)[1], expected)
    if odd := links(folder):
        text = N_("What is no ordinary file was left out, for a link may lead anywhere: {names}.")
        notes.append(say(text, names=", ".join(odd)))
    timed = has_time(folder)
    if not timed:
        text = N_("{name} holds no time, so the submission counts as handed in on time.")
        notes.append(say(text, name=TIMESTAMP))
    right = path == folder / f"{unit}.ipynb"
    as_it_is = right and timed and nbgrader_reads(path, reading.notebook)
    return Inspection(None, tuple(notes), reading.notebook, as_it_is)


def links(folder: Path) -> list[str]:
    """Patterns of what nbgrader must not copy: a link of a student's may lead anywhere.

    nbgrader copies what a submission holds besides its notebook, and follows links to do so.
    """
    odd = (p for p in folder.rglob("*") if p.is_symlink() or not (p.is_file() or p.is_dir()))
    return sorted({glob.escape(path.name) for path in odd})


def _misnamed(
    folder: Path, unit: str, expected: Sequence[ReleasedCell]
) -> tuple[Path, Reading] | Text:
    """The one notebook in a folder that is this exercise under another name."""
    paths = sorted(_notebooks(folder))
    if not paths:
        return say(
            N_("The submission holds no notebook; {name} was expected."), name=f"{unit}.ipynb"
        )
    fitting = []
    for path in paths[:_CANDIDATES]:
        reading = read(path)
        if isinstance(reading, Reading) and _foreign(reading, path.name, unit, expected) is None:
            fitting.append((path, reading))
    if len(fitting) == 1 and len(paths) <= _CANDIDATES:
        return fitting[0]
    return say(
        N_("The submission holds no {name}; it holds {others} instead."),
        name=f"{unit}.ipynb",
        others=", ".join(path.relative_to(folder).as_posix() for path in paths[:_CANDIDATES]),
    )


def _notebooks(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*.ipynb"):
        within = path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and ".ipynb_checkpoints" not in within:
            yield path


def _foreign(
    reading: Reading, name: str, unit: str, expected: Sequence[ReleasedCell]
) -> Text | None:
    """Why this notebook belongs elsewhere, or None.

    Some editors drop the notebook's metadata. It is then known by its cells.
    """
    about = reading.notebook.metadata.get("synthlab")
    origin = about.get("unit") if isinstance(about, dict) else None
    if isinstance(origin, str) and origin != unit:
        return say(
            N_("{name} is the notebook of another exercise, {origin!r}; {unit!r} was expected."),
            name=name,
            origin=origin[:40],
            unit=unit,
        )
    if origin is None and not recognise(reading.notebook.cells, expected).of:
        return say(
            N_("{name} is not a notebook of this course: it has none of the exercise's cells."),
            name=name,
        )
    return None


def has_time(folder: Path) -> bool:
    """Whether the time of a submission can be read, where one is given."""
    path = folder / TIMESTAMP
    if not path.is_file():
        return True
    try:
        text = path.read_text(encoding="utf-8").strip()
        return not text or parse_utc(text) is not None
    except (OSError, ValueError, OverflowError, TypeError, AttributeError):
        return False


def _notes(repairs: Repairs, expected: Sequence[ReleasedCell]) -> list[Text]:
    answers = {cell.grade_id for cell in expected if cell.answer}
    groups = (
        (
            [name for name in repairs.missing if name not in answers],
            N_("A check cell was missing and was put back: {ids}."),
        ),
        (
            [name for name in repairs.missing if name in answers],
            N_("An answer cell was missing and was put back as it was released: {ids}."),
        ),
        (repairs.copied, N_("A cell was there more than once, and the last copy counts: {ids}.")),
        (repairs.edited, N_("A check cell was changed and its own text was put back: {ids}.")),
        (repairs.retyped, N_("A cell had another type and was given its own back: {ids}.")),
        (repairs.moved, N_("A cell stood elsewhere and was put back in its order: {ids}.")),
        (repairs.found, N_("A cell had lost its marks and was known by what it holds: {ids}.")),
    )
    return [say(msgid, ids=", ".join(names)) for names, msgid in groups if names]
