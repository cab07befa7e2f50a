"""A copy of a submission that nbgrader can read, where it could not read the folder itself.

The student's folder stays as it was handed in.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from synthlab.grading.intake.submissions import TIMESTAMP, Inspection, has_time


@contextlib.contextmanager
def prepared(
    home: Path, folder: Path, unit: str, student: str, inspection: Inspection
) -> Iterator[Path | None]:
    """The folder to read instead of ``submitted``; None where that will do.

    Args:
        home: An existing folder in which the copy is made, and removed again.
        folder: The student's folder for the assignment.
        unit: The unit's id, which is the name that nbgrader knows the notebook by.
        student: The student's id.
        inspection: What was seen in the folder.
    """
    if inspection.as_it_is or inspection.notebook is None:
        yield None
        return
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="prepared-", dir=home) as made:
        root = Path(made)
        _copy(folder, root / student / unit, f"{unit}.ipynb", inspection.notebook)
        yield root


def _copy(folder: Path, target: Path, name: str, notebook: NotebookNode) -> None:
    """Copy ordinary files; no link, no other notebook, and no time that is none."""
    target.mkdir(parents=True)
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file() or path.suffix == ".ipynb":
            continue
        if any(parent.is_symlink() for parent in path.parents if parent != folder):
            continue
        if path == folder / TIMESTAMP and not has_time(folder):
            continue
        copy = target / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    (target / name).write_text(json.dumps(notebook), encoding="utf-8")
