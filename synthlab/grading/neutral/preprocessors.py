"""The places in nbgrader's pipelines where a submission is made harmless.

`NeutralNotebook` stands at the end of ``Autograde``: what it does to an answer would look like
work to nbgrader's comparison with the release. `NeutralFeedback` stands in ``GenerateFeedback``,
also for notebooks that were graded without us.
"""

from __future__ import annotations

from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from synthlab.grading.neutral.cells import harmless_cell, harmless_metadata, unique_ids
from synthlab.grading.neutral.verdicts import is_judged, shown_verdict, was_judged
from synthlab.words import language


class NeutralNotebook(NbGraderPreprocessor):  # type: ignore[misc]
    """Make a notebook harmless, as it is stored and shown. No score changes."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Replace the cells and the metadata of ``nb``."""
        code = language()
        made = []
        for position, cell in enumerate(nb.cells):
            new = harmless_cell(cell, position, code)
            if new.cell_type == "code" and is_grade(cell) and not is_solution(cell):
                judged = self.judged(cell, resources)
                new.outputs = shown_verdict(cell.get("outputs") or [], code, judged=judged)
            made.append(new)
        unique_ids(made)
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
