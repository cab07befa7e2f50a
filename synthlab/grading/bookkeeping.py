"""Between the judge and nbgrader: what a submission looks like before it is judged, and after.

A worker judges a notebook that was put right without a gradebook. nbgrader then puts the same
notebook right in its own way, and instead of executing it takes over what the judge found; a
check makes sure that both were the same notebook.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Unicode

from synthlab.errors import SynthlabError
from synthlab.grading.course import Course, ReleasedCell
from synthlab.grading.extra import give_extra
from synthlab.grading.job import Job, Judged
from synthlab.grading.ledger import seed_for
from synthlab.grading.neutral.verdicts import mark_judged
from synthlab.grading.nodes import node
from synthlab.grading.repair import grade_id, restore


def put_right(notebook: NotebookNode, cells: Sequence[ReleasedCell]) -> dict[str, Any]:
    """A submitted notebook as nbgrader's own first pass leaves it, as plain data."""
    right = copy.deepcopy(notebook)
    right.cells = restore(right.cells, cells)
    plain: dict[str, Any] = json.loads(json.dumps(right))
    return plain


def fingerprint(notebook: Any) -> str:
    """Of a notebook's code: two with the same one are judged alike."""
    code = [[grade_id(c), c["source"]] for c in notebook["cells"] if c["cell_type"] == "code"]
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()


def job_for(judge: Any, notebook: NotebookNode, resources: dict[str, Any]) -> Job:
    """The job of a notebook that nbgrader's own ``autograde`` hands to the judge."""
    about = resources["nbgrader"]
    parent = judge.parent
    while not hasattr(parent, "coursedir"):
        parent = parent.parent
    course = Course(Path(parent.coursedir.root))
    folder = course.folder("submitted", about["student"], about["assignment"])
    return Job(
        notebook=json.loads(json.dumps(notebook)),
        unit=about["assignment"],
        language=course.language,
        seed=seed_for(course.root, about["assignment"], about["student"]),
        submission=str(folder),
    )


class Recorded(NbGraderPreprocessor):  # type: ignore[misc]
    """Stands where nbgrader executes a notebook, and takes over what the judge found."""

    file = Unicode(help="A file with a `Judged` and the fingerprint of its notebook.").tag(
        config=True
    )

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Fill in outputs and execution counts."""
        entry = json.loads(Path(self.file).read_text(encoding="utf-8"))["entry"]
        judged = Judged.from_dict(entry["judged"])
        if judged.fingerprint != fingerprint(nb):
            raise SynthlabError("The notebook that was judged is not the one that is recorded.")
        code = [cell for cell in nb.cells if cell.cell_type == "code"]
        for cell, found in zip(code, judged.cells, strict=True):
            cell.outputs = [node(output) for output in found["outputs"]]
            cell.execution_count = found["execution_count"]
        mark_judged(nb, resources)
        give_extra(nb, resources)
        return nb, resources
