"""Extra points: nbgrader's extra credit for the questions that the manifest calls extra.

A cell of such a question is worth nothing in nbgrader, so an assignment's maximum stays what it
is, and nobody loses by leaving it out. What the judge finds it worth becomes the extra credit of
that cell, which nbgrader adds to the score and an instructor sees and changes in formgrader.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab import manifest
from synthlab.authoring.exercise import grade_id
from synthlab.grading.untrusted.notebook import id_of
from synthlab.grading.untrusted.verdicts import is_judged, read_verdict


def give_extra(notebook: NotebookNode, resources: Mapping[str, Any]) -> None:
    """Write the extra credit of a judged notebook into the gradebook.

    Args:
        notebook: With the judge's outputs.
        resources: nbgrader's, marked by `synthlab.grading.untrusted.verdicts.mark_judged`. Without
            nbgrader there is no gradebook and nothing to do.
    """
    about = resources.get("nbgrader", {})
    found = _found(notebook, resources) if "db_url" in about else {}
    if not found:
        return
    from nbgrader.api import Gradebook

    with Gradebook(about["db_url"]) as gradebook:
        for name, points in found.items():
            grade = gradebook.find_grade(
                name, about["notebook"], about["assignment"], about["student"]
            )
            grade.extra_credit = points
        gradebook.db.commit()


def _found(notebook: NotebookNode, resources: Mapping[str, Any]) -> dict[str, float]:
    """Points by cell; 0 where nothing was judged, so that none stay from an earlier submission."""
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
