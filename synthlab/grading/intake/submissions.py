"""Intake of a submission: found, read and repaired once, with a sentence for what is wrong with it.

A notebook that nbgrader could not read is refused with a reason; one that it can be helped to
read (`reading`, `repair`) is graded, with a note about what was put right. nbgrader never reads
the folder itself: it gets a copy with the repaired notebook (`copied`), and the student's folder
stays as it was handed in.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.utils import parse_utc

from synthlab.grading.intake.reading import Reading, read
from synthlab.grading.intake.recognition import ReleasedCell, recognise
from synthlab.grading.intake.repair import Repairs, repair
from synthlab.grading.untrusted.notebook import mapping
from synthlab.words import N_, Text

#: What nbgrader's file patterns give a meaning to.
GLOB = re.compile(r"[*?[]")
#: When a submission came, as nbgrader's exchange writes it.
TIMESTAMP = "timestamp.txt"
#: Notebooks of one submission that are looked at when none has the right name.
_CANDIDATES = 10
_CHECKPOINTS = ".ipynb_checkpoints"


@dataclass(frozen=True)
class Submission:
    """What a student handed in.

    Attributes:
        problem: Why it cannot be graded; None when it can.
        notes: What was put right, one sentence each.
        notebook: The repaired notebook, as plain data; empty with a problem.
        files: The ordinary files beside it that count, by their place in the folder.
    """

    problem: Text | None = None
    notes: tuple[Text, ...] = ()
    notebook: dict[str, Any] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)


def say(msgid: str, **params: object) -> Text:
    """A sentence of the command line's catalogue."""
    return Text(msgid, params, domain="cli")


def take_in(folder: Path, unit: str, expected: Sequence[ReleasedCell]) -> Submission:
    """Take in the submission in ``folder``, which should hold ``<unit>.ipynb``.

    Args:
        folder: One student's folder for the assignment.
        unit: The unit's id, which is the name of the notebook.
        expected: The cells that the gradebook keeps of the released notebook.
    """
    if GLOB.search(folder.parent.name):
        text = N_(
            "nbgrader takes the characters *, ? and [ in a student's id for a pattern; "
            "rename the folder {name}."
        )
        return Submission(say(text, name=folder.parent.name))
    files, odd = _survey(folder)
    notes = []
    name = f"{unit}.ipynb"
    reading: Reading | Text
    if (folder / name).is_file():
        reading = _fitting(folder / name, unit, expected)
    else:
        found = _misnamed(files, unit, expected)
        if isinstance(found, Text):
            return Submission(found)
        shown, reading = found
        text = N_("The notebook was called {name}; it was graded as {expected}.")
        notes.append(say(text, name=shown, expected=name))
    if isinstance(reading, Text):
        return Submission(reading)
    cells, repairs = repair(reading.notebook.cells, expected)
    notes += [*reading.notes, *_notes(repairs, expected)]
    if odd:
        text = N_("What is no ordinary file was left out, for a link may lead anywhere: {names}.")
        notes.append(say(text, names=", ".join(odd)))
    if TIMESTAMP in files and not _has_time(files[TIMESTAMP]):
        text = N_("{name} holds no time, so the submission counts as handed in on time.")
        notes.append(say(text, name=TIMESTAMP))
        del files[TIMESTAMP]
    others = {at: path for at, path in files.items() if path.suffix != ".ipynb"}
    notebook = json.loads(json.dumps({**reading.notebook, "cells": cells}))
    return Submission(None, tuple(notes), notebook, others)


@contextlib.contextmanager
def copied(home: Path, submission: Submission, unit: str, student: str) -> Iterator[Path]:
    """A folder for nbgrader to read: the repaired notebook, and the ordinary files beside it.

    Args:
        home: The folder in which the copy is made, and removed again.
        submission: What was taken in.
        unit: The unit's id, which is the name that nbgrader knows the notebook by.
        student: The student's id.
    """
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="prepared-", dir=home) as made:
        target = Path(made) / student / unit
        target.mkdir(parents=True)
        for at, path in submission.files.items():
            copy = target / at
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        notebook = json.dumps(submission.notebook)
        (target / f"{unit}.ipynb").write_text(notebook, encoding="utf-8")
        yield Path(made)


def entries(folder: Path) -> list[Path]:
    """All that lies in a submission's folder but folders; no link is followed."""
    return sorted(p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir())


def _survey(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """The ordinary files of a folder by their place in it, and the names of what is none."""
    files, odd = {}, set()
    for path in entries(folder):
        if path.is_symlink() or not path.is_file():
            odd.add(path.name)
        else:
            files[path.relative_to(folder).as_posix()] = path
    return files, sorted(odd)


def _fitting(path: Path, unit: str, expected: Sequence[ReleasedCell]) -> Reading | Text:
    """A notebook of this exercise, or why it is none.

    Some editors drop the notebook's metadata. It is then known by its cells.
    """
    reading = read(path)
    if isinstance(reading, Text):
        return reading
    origin = mapping(reading.notebook.metadata.get("synthlab")).get("unit")
    if isinstance(origin, str) and origin != unit:
        return say(
            N_("{name} is the notebook of another exercise, {origin!r}; {unit!r} was expected."),
            name=path.name,
            origin=origin[:40],
            unit=unit,
        )
    if origin is None and not recognise(reading.notebook.cells, expected).of:
        return say(
            N_("{name} is not a notebook of this course: it has none of the exercise's cells."),
            name=path.name,
        )
    return reading


def _misnamed(
    files: Mapping[str, Path], unit: str, expected: Sequence[ReleasedCell]
) -> tuple[str, Reading] | Text:
    """The one notebook that is this exercise under another name, with its name."""
    names = [n for n in files if n.endswith(".ipynb") and _CHECKPOINTS not in n.split("/")]
    if not names:
        text = N_("The submission holds no notebook; {name} was expected.")
        return say(text, name=f"{unit}.ipynb")
    looked = {name: _fitting(files[name], unit, expected) for name in names[:_CANDIDATES]}
    fitting = [(name, found) for name, found in looked.items() if isinstance(found, Reading)]
    if len(fitting) == 1 and len(names) <= _CANDIDATES:
        return fitting[0]
    text = N_("The submission holds no {name}; it holds {others} instead.")
    return say(text, name=f"{unit}.ipynb", others=", ".join(looked))


def _has_time(path: Path) -> bool:
    """Whether the time of a submission can be read; an empty file gives none."""
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
