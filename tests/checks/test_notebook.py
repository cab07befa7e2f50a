"""The result of a check cell is a number that nbgrader reads as the points, and nothing else.

nbgrader 0.9.6 gives full marks for a result that is not a number, and none for anything on
stderr. So every status goes through `nbgrader.utils.determine_grade` here, in cells as
IPython's own display formatter makes them, and some of it again in a real kernel.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.utils import determine_grade

from synthlab.checks import notebook, render
from synthlab.checks.core import check as declare
from synthlab.checks.properties import same
from synthlab.checks.verdict import MIMETYPE, Verdict
from synthlab.progress import Progress

ID = "gan.discriminator_loss"  # 2 points in course.toml

STATUSES = {
    "correct": ("def f(x): return 2 * x", 2.0),
    "partial": ("def f(x): return 2 * abs(x)", 1.5),
    "incorrect": ("def f(x): return x + 100", 0.0),
    "not-attempted": ("def f(x): raise NotImplementedError", 0.0),
    "error": ("def f(x): return 2 * x if x > 0 else x.nothing", 1.5),
    "timeout": ("def f(x):\n    while x < 0: pass\n    return 2 * x", 1.5),
}
NOISE = """
import logging, os, sys, warnings
def noisy(f):
    def g(x):
        warnings.warn("careful")
        print("trouble", file=sys.stderr)
        logging.warning("a log")
        os.write(2, b"from C++")
        return f(x)
    return g
f = noisy(f)
"""


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    monkeypatch.setattr(notebook, "_verdicts", {})
    monkeypatch.setattr(notebook, "_hinted", {})
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.setenv("SYNTHLAB_LANGUAGE", "en")


@pytest.fixture
def learner(registry, properties, monkeypatch, answer):
    """Define the check, and put a source's names where ``check`` looks for them."""

    @declare(ID, target="f", properties=properties(plus=3, minus=1), seconds=0.2)
    def observe(student, rng):
        yield same("plus", student(3.0), 6.0)
        yield same("minus", student(-1.0), -2.0)

    def put(source):
        names = answer(source)
        monkeypatch.setattr(notebook, "_namespace", lambda: names)

    return put


def cell_with(*outputs):
    nbgrader = {"grade": True, "solution": False, "points": 2, "schema_version": 3}
    nbgrader |= {"grade_id": "check-gan", "locked": True, "task": False, "cell_type": "code"}
    cell = new_code_cell(f'check("{ID}")', outputs=list(outputs), metadata={"nbgrader": nbgrader})
    nbformat.validate(new_notebook(cells=[cell]))
    return cell


def result_of(value):
    data, metadata = InteractiveShell.instance().display_formatter.format(value)
    json.dumps(data, allow_nan=False)
    return new_output("execute_result", data=data, metadata=metadata, execution_count=1)


@pytest.mark.parametrize("noise", ["", NOISE], ids=["quiet", "noisy"])
@pytest.mark.parametrize("status", STATUSES)
def test_nbgrader_reads_every_status_as_its_points(learner, capfd, status, noise):
    source, points = STATUSES[status]
    learner(source + "\n" + noise)
    value = notebook.check(ID)
    output = result_of(value)
    assert capfd.readouterr() == ("", "")
    assert value.verdict.status == status
    assert re.fullmatch(r"\d+\.\d+", output.data["text/plain"])
    assert determine_grade(cell_with(output)) == (points, 2.0)
    assert Verdict.from_dict(output.data[MIMETYPE]) == value.verdict
    assert output.data["text/html"] == render.html(value.verdict, "en")


@pytest.mark.parametrize("name", ["gan.rign", "gan.perfect_discriminator", "", None, 3])
def test_an_unknown_check_is_a_sentence_and_no_points(registry, name):
    value = notebook.check(name)
    output = result_of(value)
    assert determine_grade(cell_with(output)) == (0.0, 2.0)
    assert MIMETYPE not in output.data
    assert "Traceback" not in output.data["text/html"]
    assert str(value)


def test_the_nearest_name_is_offered(registry):
    value = notebook.check("gan.rign")
    expected = "There is no check called 'gan.rign'. Did you mean 'gan.ring'"
    assert str(value).startswith(expected)
    assert expected.replace("'", "&#x27;") in result_of(value).data["text/html"]


def test_without_the_missing_name_it_is_not_attempted(learner):
    learner("")
    value = notebook.check(ID)
    assert value.verdict.status == "not-attempted"
    assert "f is not defined. Run the cell that defines it" in str(value)
    assert float(value) == 0.0
    assert repr(value) == "0.0"


def test_a_verdict_from_the_students_kernel_says_so_when_graded(learner, monkeypatch):
    learner(STATUSES["correct"][0])
    words = "Computed in the student&#x27;s own kernel."
    for mode, expected in (("autograde", True), ("validate", False)):
        monkeypatch.setenv("NBGRADER_EXECUTION", mode)
        output = result_of(notebook.check(ID))
        assert (words in output.data["text/html"]) is expected
        assert determine_grade(cell_with(output)) == (2.0, 2.0)


class TestHints:
    def said(self):
        return str(notebook.hint(ID).__repr__()).splitlines()

    def test_a_nudge_first_then_the_method(self, learner):
        learner(STATUSES["partial"][0])
        notebook.check(ID)
        assert self.said()[:2] == ["Goal of `minus`.", "Nudge for minus."]
        assert self.said() == ["Goal of `minus`.", "Method for minus."]
        assert self.said() == ["Goal of `minus`.", "Method for minus."]

    def test_without_a_verdict_the_check_runs_first(self, learner, capfd):
        learner(STATUSES["incorrect"][0] + NOISE)
        assert "Nudge for plus." in self.said()
        assert capfd.readouterr() == ("", "")

    def test_another_property_starts_again(self, learner):
        learner(STATUSES["incorrect"][0])
        notebook.check(ID)
        assert "Nudge for plus." in self.said()
        assert "Method for plus." in self.said()
        learner(STATUSES["partial"][0])
        notebook.check(ID)
        assert "Nudge for minus." in self.said()

    def test_a_right_answer_needs_none(self, learner):
        learner(STATUSES["correct"][0])
        assert self.said() == ["Everything here is right. You need no hint."]

    def test_it_shows_as_html(self, learner):
        learner(STATUSES["partial"][0])
        data = result_of(notebook.hint(ID)).data
        assert '<code dir="ltr">minus</code>' in data["text/html"]

    def test_an_unknown_check_is_a_sentence(self, registry):
        assert repr(notebook.hint("gan.rign")).startswith("There is no check called")


SETUP = """
from synthlab import check, hint
from synthlab.checks.core import Property, check as declare
from synthlab.checks.properties import same

def prop(name, weight):
    return Property(name, weight, "Goal.", "Nudge.", "Method.")

@declare("gan.discriminator_loss", target="f", properties=[prop("plus", 3), prop("minus", 1)],
         arrays="numpy")
def observe(student, rng):
    yield same("plus", student(3.0), 6.0)
    yield same("minus", student(-1.0), -2.0)
"""
# An honest learner's noise: a handler that holds the kernel's stderr since an earlier cell.
HANDLER = """
import logging, sys
logging.getLogger().addHandler(logging.StreamHandler())
held = sys.stderr
"""
IN_A_KERNEL = ["correct", "partial", "not-attempted", "error"]


def test_in_a_real_kernel(monkeypatch):
    """One kernel for all: each status, quiet and noisy, and the display before and after."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    noise = textwrap.dedent(NOISE).replace('print("trouble"', 'print("held", file=held); print("x"')
    cells = [new_code_cell(SETUP), new_code_cell(HANDLER)]
    for status in IN_A_KERNEL:
        for extra in ("", noise):
            cells += [new_code_cell(STATUSES[status][0] + "\n" + extra), cell_with()]
    cells += [
        new_code_cell('check("nowhere.ring")'),
        new_code_cell('hint("gan.discriminator_loss")'),
        new_code_cell("import sys; print('out'); print('err', file=sys.stderr)"),
    ]
    run = new_notebook(cells=cells)
    NotebookClient(run, timeout=60, kernel_name="python3").execute()

    checked = [c for c in run.cells if c.source == f'check("{ID}")']
    graded = [determine_grade(c) for c in checked]
    points = [(STATUSES[status][1], 2.0) for status in IN_A_KERNEL for _ in ("", noise)]
    assert graded == points
    for cell in checked:
        (output,) = cell.outputs  # the result, and nothing beside it
        assert "student&#x27;s own kernel" in output.data["text/html"]
    verdicts = [Verdict.from_dict(c.outputs[0].data[MIMETYPE]) for c in checked]
    assert [v.status for v in verdicts] == [s for s in IN_A_KERNEL for _ in ("", noise)]
    for words in ("careful", "held", "a log", "from C++"):
        assert words in verdicts[1].printed
    in_cell = verdicts[6].error
    assert (in_cell.line, in_cell.source) == (1, "def f(x): return 2 * x if x > 0 else x.nothing")

    unknown, hinted, after = (cell.outputs for cell in run.cells[-3:])
    assert [o.output_type for o in unknown] == ["execute_result"]
    assert unknown[0].data["text/plain"] == "0.0"
    assert "There is no check called" in unknown[0].data["text/html"]
    assert "Nudge." in hinted[0].data["text/plain"]
    streams = {o.name: o.text for o in after}
    assert streams == {"stdout": "out\n", "stderr": "err\n"}


def test_nbgrader_grades_on_other_inputs_than_the_learner_checks_on(learner, monkeypatch):
    learner("def f(x): return 2 * x")
    own = notebook.check(ID).verdict.seed
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    graded = notebook.check(ID).verdict.seed
    assert graded != own
    assert notebook.check(ID).verdict.seed == graded


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    for name in ("NBGRADER_EXECUTION", "SYNTHLAB_NO_PROGRESS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".synthlab").mkdir()
    (tmp_path / "exercises").mkdir()
    monkeypatch.chdir(tmp_path / "exercises")
    return Progress(tmp_path)


def test_checks_and_hints_are_kept_in_the_workspace(workspace, monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "predicted_modes", 99, raising=False)
    notebook.check("gan.prediction")
    notebook.hint("gan.prediction")
    tried = workspace.read().tried("gan.prediction")
    assert (tried.status, tried.checks, tried.hints, tried.hinted) == ("incorrect", 1, 1, 1)
    assert tried.open is not None
    assert tried.open["nudge"]["msgid"].startswith("There is no wrong prediction.")
    monkeypatch.setattr(sys.modules["__main__"], "predicted_modes", 5)
    notebook.check("gan.prediction")
    assert workspace.read().tried("gan.prediction").solved


def test_a_kernel_that_grades_writes_nothing(workspace, monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "predicted_modes", 5, raising=False)
    for name in ("NBGRADER_EXECUTION", "SYNTHLAB_NO_PROGRESS"):
        monkeypatch.setenv(name, "autograde")
        notebook.check("gan.prediction")
        notebook.hint("gan.prediction")
        monkeypatch.delenv(name)
    assert not workspace.file.exists()


def test_progress_that_cannot_be_kept_costs_no_verdict_and_is_told(workspace, monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "predicted_modes", 5, raising=False)
    workspace.file.write_text('{"version": 99}')
    result = notebook.check("gan.prediction")
    assert repr(result) == "1.0"
    assert "newer synthlab" in result._repr_mimebundle_()["text/html"]
