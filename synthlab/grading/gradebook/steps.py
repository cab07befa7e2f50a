"""Steps of nbgrader's pipelines that are ours, by the names that ``nbgrader_config.py`` gives.

``Autograde`` restores a notebook (`RestoreCells`), has it judged (`JudgeNotebook`) and makes it
harmless (`NeutralNotebook`, at the end: what it does to an answer would look like work to
nbgrader's comparison with the release). ``GenerateFeedback`` makes it harmless again
(`NeutralFeedback`), also where it was graded without us.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Unicode

from synthlab import manifest
from synthlab.authoring.exercise import grade_id
from synthlab.errors import SynthlabError
from synthlab.grading.gradebook.course import Course, released_cells
from synthlab.grading.gradebook.ledger import seed_for
from synthlab.grading.intake.reading import settle
from synthlab.grading.intake.repair import repair
from synthlab.grading.judging.job import Job, Judged, fingerprint
from synthlab.grading.untrusted.cells import harmless_cells, harmless_metadata
from synthlab.grading.untrusted.notebook import id_of, node
from synthlab.grading.untrusted.verdicts import (
    is_judged,
    mark_judged,
    read_verdict,
    shown_verdict,
    was_judged,
)
from synthlab.words import language

_Processed = tuple[NotebookNode, dict[str, Any]]


class RestoreCells(NbGraderPreprocessor):  # type: ignore[misc]
    """Give every released cell its place and its metadata back, once."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> _Processed:
        """Restore ``nb`` from the gradebook that ``resources`` names."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            expected = released_cells(gradebook, about["notebook"], about["assignment"])
        settled = settle(nb)
        if settled is not None:
            nb.metadata, nb.cells = settled.notebook.metadata, settled.notebook.cells
            nb.nbformat_minor = settled.notebook.nbformat_minor
        nb.cells, _ = repair(nb.cells, expected)
        return nb, resources


class JudgeNotebook(NbGraderPreprocessor):  # type: ignore[misc]
    """The judge where nbgrader executes a notebook; what it found already is taken over."""

    file = Unicode(help="A file of the ledger with what the judge found; empty to judge now.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> _Processed:
        """Fill in outputs, execution counts and extra credit.

        Raises:
            SynthlabError: When another notebook was judged, or when no sandbox can be built.
        """
        if self.file:
            entry = json.loads(Path(self.file).read_text(encoding="utf-8"))["entry"]
            judged = Judged(**entry["judged"])
        else:
            from synthlab.grading.judging.judge import judge  # torch, for those who judge

            judged = judge(self._job(nb, resources["nbgrader"]))
        if judged.fingerprint != fingerprint(nb):
            raise SynthlabError("The notebook that was judged is not the one that is recorded.")
        code = [cell for cell in nb.cells if cell.cell_type == "code"]
        for cell, found in zip(code, judged.cells, strict=True):
            cell.outputs = [node(output) for output in found["outputs"]]
            cell.execution_count = found["execution_count"]
        mark_judged(nb, resources)
        give_extra(nb, resources)
        return nb, resources

    def _job(self, notebook: NotebookNode, about: dict[str, Any]) -> Job:
        """The job of a notebook that nbgrader's own ``autograde`` hands over."""
        parent: Any = self.parent
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


def give_extra(notebook: NotebookNode, resources: Mapping[str, Any]) -> None:
    """Write the extra points of a judged notebook into the gradebook, as extra credit.

    A cell of an extra question is worth nothing in nbgrader, so an assignment's maximum stays
    what it is, and nobody loses by leaving it out. nbgrader adds the extra credit of the cell to
    the score, and an instructor sees and changes it in formgrader.

    Args:
        notebook: With the judge's outputs.
        resources: nbgrader's, marked by `mark_judged`.
    """
    about, found = resources["nbgrader"], extra_points(notebook, resources)
    if not found:
        return
    with Gradebook(about["db_url"]) as gradebook:
        for name, points in found.items():
            grade = gradebook.find_grade(
                name, about["notebook"], about["assignment"], about["student"]
            )
            grade.extra_credit = points
        gradebook.db.commit()


def extra_points(notebook: NotebookNode, resources: Mapping[str, Any]) -> dict[str, float]:
    """Extra points by cell; 0 where nothing was judged, so that no earlier submission's stay."""
    questions = (q for unit in manifest.load().units for q in unit.questions if q.extra)
    extra = {grade_id("check", question.id): question for question in questions}
    found = {}
    for cell in notebook.cells:
        name = id_of(cell)
        if name in extra:
            judged = is_judged(resources, name)
            verdict = read_verdict(cell.outputs) if judged else None
            found[name] = verdict.points(extra[name].points) if verdict is not None else 0.0
    return found


class NeutralNotebook(NbGraderPreprocessor):  # type: ignore[misc]
    """Make a notebook harmless, as it is stored and shown. No score changes."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> _Processed:
        """Replace the cells and the metadata of ``nb``."""
        code = language()
        made = harmless_cells(nb.cells, code)
        for cell, new in zip(nb.cells, made, strict=True):
            if new.cell_type == "code" and is_grade(cell) and not is_solution(cell):
                judged = self.judged(cell, resources)
                new.outputs = shown_verdict(cell.get("outputs") or [], code, judged=judged)
        nb.cells, nb.metadata = made, harmless_metadata(nb.get("metadata"))
        return nb, resources

    def judged(self, cell: NotebookNode, resources: dict[str, Any]) -> bool:
        """Whether the judge wrote this check cell's outputs."""
        return is_judged(resources, cell.metadata["nbgrader"]["grade_id"])


class NeutralFeedback(NeutralNotebook):
    """The same for the feedback, made later from the notebook that autograding stored."""

    def judged(self, cell: NotebookNode, resources: dict[str, Any]) -> bool:
        """Whether the stored outputs were marked as the judge's."""
        return was_judged(cell.get("outputs") or [])
