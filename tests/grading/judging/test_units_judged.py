"""Every unit's own answers, in the sandbox: nothing that they need is withheld from them."""

from __future__ import annotations

import pytest

from synthlab import manifest
from synthlab.authoring.exercise import exercise_notebook
from synthlab.authoring.source import read_source
from synthlab.checks.verdict import MIMETYPE
from synthlab.grading.demo import Student, fill
from synthlab.grading.judging.job import Job
from synthlab.grading.judging.judge import judge


@pytest.mark.parametrize("unit", [u.id for u in manifest.load().units])
def test_the_answers_of_a_unit_get_all_automatic_points(unit):
    automatic = [q for q in manifest.load().unit(unit).questions if q.automatic]
    student = Student("amal", {q.id: "answer" for q in automatic})
    notebook = fill(exercise_notebook(unit), student, read_source(unit))
    judged = judge(Job(notebook, unit, seed=7))
    verdicts = [
        output["data"][MIMETYPE]
        for cell in judged.cells
        for output in cell["outputs"]
        if MIMETYPE in output.get("data", {})
    ]
    assert {v["check"]: v["status"] for v in verdicts} == {q.id: "correct" for q in automatic}
    assert judged.restarts == 0
