"""Progress of a learner: one local file per workspace, written by all who know of it.

The learner's `check` and `hint`, the widgets and the JupyterLab extension write the same file,
``.synthlab/progress.json`` in the workspace; ``synthlab progress`` and ``synthlab next`` read it.
Nothing of it leaves the machine. A kernel that grades never writes it.

>>> from synthlab.progress import of_folder
>>> of_folder() is None  # nobody's workspace, so there is nothing to keep
True
"""

from __future__ import annotations

from synthlab.progress.record import Answer, Place, Record, Tried
from synthlab.progress.standing import (
    Standing,
    Step,
    earned,
    next_step,
    resume,
    standing,
)
from synthlab.progress.store import FOLDER, QUIET, Progress, allowed, of_folder

__all__ = [
    "FOLDER",
    "QUIET",
    "Answer",
    "Place",
    "Progress",
    "Record",
    "Standing",
    "Step",
    "Tried",
    "allowed",
    "earned",
    "next_step",
    "of_folder",
    "resume",
    "standing",
]
