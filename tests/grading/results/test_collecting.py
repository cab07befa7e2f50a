"""Reading verdicts that an honest check wrote, and those that nobody should believe."""

from __future__ import annotations

import time

import nbformat
import pytest
from nbgrader.utils import determine_grade

from synthlab.checks.faults import ErrorReport
from synthlab.checks.notebook import CheckResult
from synthlab.checks.verdict import MIMETYPE, PropertyVerdict, Status, Verdict
from synthlab.grading.results.collecting import explain
from synthlab.grading.untrusted.verdicts import MAX_VERDICT
from synthlab.sentence import isolate
from synthlab.words import Text

#: For each status a verdict, and the points of 3 that it is worth.
VERDICTS = {
    Status.CORRECT: (1.0, 3.0),
    Status.PARTIAL: (0.5, 1.5),
    Status.INCORRECT: (0.0, 0.0),
    Status.NOT_ATTEMPTED: (0.0, 0.0),
    Status.ERROR: (0.25, 0.75),
    Status.TIMEOUT: (0.0, 0.0),
}


def _verdict(status: Status, score: float, goal: str = "It is even.", **params: str) -> Verdict:
    goals = Text(goal, params)
    detail = Text("Measured {a}, expected {b}.", {"a": "3", "b": "2"})
    hint = Text("Look.")
    passed = status is Status.CORRECT
    found = PropertyVerdict("even", passed, 1, goals, detail, hint, hint)
    quiet = status in (Status.CORRECT, Status.PARTIAL, Status.INCORRECT)
    error = ErrorReport("ValueError", "no") if status is Status.ERROR else None
    summary = None if quiet else Text(f"The status is {status}.")
    return Verdict("gan.ring", status, score, (found,), summary, error)


def _cell(*outputs: dict) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell('check("gan.ring")', id="c")
    cell.outputs = list(outputs)
    cell.metadata["nbgrader"] = {
        "grade": True,
        "solution": False,
        "locked": True,
        "points": 3,
        "grade_id": "check-gan-ring",
    }
    return cell


def _result(verdict: dict | Verdict, points: str = "0.0") -> dict:
    data = verdict.to_dict() if isinstance(verdict, Verdict) else verdict
    return {
        "output_type": "execute_result",
        "metadata": {},
        "execution_count": 1,
        "data": {"text/plain": points, MIMETYPE: data},
    }


@pytest.mark.parametrize("status", Status)
def test_every_status_through_nbgraders_own_grade(status):
    score, points = VERDICTS[status]
    verdict = _verdict(status, score)
    shown = CheckResult(verdict.points(3), verdict)._repr_mimebundle_()
    cell = _cell(nbformat.v4.new_output("execute_result", shown))
    assert determine_grade(cell) == (points, 3.0)
    finding = explain(cell, None, points, 3, "en")
    assert finding.status == status
    expected = {
        Status.CORRECT: "",
        Status.PARTIAL: "It is even. Measured 3, expected 2.",
        Status.INCORRECT: "It is even. Measured 3, expected 2.",
        Status.NOT_ATTEMPTED: "",
    }
    assert finding.reason == expected.get(status, f"The status is {status}.")


def test_an_answer_that_stopped_is_the_reason_for_what_is_missing():
    answer = _cell(nbformat.v4.new_output("error", ename="ImportError", evalue="no lib"))
    cell = _cell(_result(_verdict(Status.NOT_ATTEMPTED, 0.0)))
    finding = explain(cell, answer, 0.0, 3, "en")
    assert finding.reason == "The answer cell stopped with ImportError: no lib"


def test_a_cell_that_ran_out_of_time():
    cell = _cell(nbformat.v4.new_output("error", ename="CellTimeoutError", evalue=""))
    finding = explain(cell, None, 0.0, 3, "en")
    assert (finding.status, finding.reason) == (
        "timeout",
        "A cell did not finish in time and was interrupted.",
    )


def test_full_marks_without_a_verdict_are_reported():
    cell = _cell()
    points, _ = determine_grade(cell)
    assert points == 3  # nbgrader: no output at all is full marks
    finding = explain(cell, None, points, 3, "en")
    assert finding.status == "error"
    assert "gave no verdict, and nbgrader counted 3 points" in finding.reason


def test_points_that_the_verdict_does_not_bear_out_are_reported():
    noise = nbformat.v4.new_output("stream", name="stderr", text="careful")
    right = _result(_verdict(Status.CORRECT, 1.0), "3.0")
    assert determine_grade(_cell(noise, right))[0] == 0
    assert "wrote to stderr" in explain(_cell(noise, right), None, 0.0, 3, "en").reason
    forged = _cell(_result(_verdict(Status.INCORRECT, 0.0), "3.0"))
    assert "may have got in the way" in explain(forged, None, 3.0, 3, "en").reason


@pytest.mark.parametrize(
    ("goal", "params"),
    [
        ("{a:>9999999999}", {"a": "x"}),  # ten gigabytes of spaces
        ("{a.__class__.__mro__}", {"a": "x"}),
        ("{a[0]}", {"a": "x"}),
        ("{missing}", {}),
        ("{", {}),
        ("\x1b[2J\u202egoal", {}),
    ],
)
def test_a_hostile_sentence_is_shown_as_it_is(goal, params):
    started = time.perf_counter()
    finding = explain(
        _cell(_result(_verdict(Status.INCORRECT, 0.0, goal, **params))), None, 0.0, 3, "en"
    )
    assert time.perf_counter() - started < 1
    assert finding.reason.endswith("Measured 3, expected 2.")
    assert finding.reason.startswith(goal.replace("\x1b", "").replace("\u202e", " ").strip()[:4])
    assert "\x1b" not in finding.reason
    assert "\u202e" not in finding.reason
    assert len(finding.reason) < 1000


def test_a_hostile_domain_reads_no_file():
    data = _verdict(Status.INCORRECT, 0.0).to_dict()
    data["properties"][0]["goal"]["domain"] = "../../../../tmp/evil"
    reason = explain(_cell(_result(data)), None, 0.0, 3, "ar").reason
    assert reason.startswith(isolate("It is even."))


def _nested(depth: int) -> dict:
    data = _verdict(Status.INCORRECT, 0.0).to_dict()
    goal = data["properties"][0]["goal"]
    for _ in range(depth):
        goal["params"] = {"a": {"msgid": "{a}", "params": {}, "domain": "checks"}}
        goal = goal["params"]["a"]
    return data


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"check": "gan.ring"},
        {**_verdict(Status.CORRECT, 1.0).to_dict(), "status": "splendid"},
        {**_verdict(Status.CORRECT, 1.0).to_dict(), "score": 17},
        {**_verdict(Status.CORRECT, 1.0).to_dict(), "score": "nan"},
        {**_verdict(Status.CORRECT, 1.0).to_dict(), "printed": "x" * MAX_VERDICT},
        {**_verdict(Status.CORRECT, 1.0).to_dict(), "properties": [{"name": {}}]},
        _nested(900),
    ],
)
def test_what_is_no_verdict_is_an_error_and_nothing_worse(data):
    assert explain(_cell(_result(data)), None, 0.0, 3, "en").status == "error"
