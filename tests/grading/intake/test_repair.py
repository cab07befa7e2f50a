"""Repair of submitted cells, without a kernel."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthlab.authoring.notebooks import cell_id
from synthlab.grading.intake.recognition import ReleasedCell
from synthlab.grading.intake.repair import Repairs, repair
from synthlab.grading.untrusted.notebook import id_of

EXPECTED = tuple(
    ReleasedCell(
        name,
        kind,
        f"released {name}",
        {
            "schema_version": 3,
            "grade_id": name,
            "grade": name != "answer",
            "solution": name != "check",
            "locked": name == "check",
            "task": False,
            "cell_type": kind,
        },
    )
    for name, kind in (("answer", "code"), ("check", "code"), ("written", "markdown"))
)


def _cell(name: str | None, text: str) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(text, id="c")
    if name is not None:
        cell.metadata["nbgrader"] = {"grade_id": name}
    return cell


@given(st.lists(st.sampled_from(["answer", "check", "written", "other", None]), max_size=12))
def test_every_released_cell_is_there_once_with_its_own_metadata(names):
    cells = [_cell(name, str(i)) for i, name in enumerate(names)]
    restored, _ = repair(cells, EXPECTED)
    found = [id_of(cell) for cell in restored if id_of(cell) is not None]
    for cell in restored:
        name = id_of(cell)
        if name is None:
            assert "nbgrader" not in cell.metadata  # an empty entry breaks nbgrader's validation
        else:
            wanted = next(c for c in EXPECTED if c.grade_id == name)
            assert dict(cell.metadata["nbgrader"]) == wanted.metadata
    checks = [i for i, name in enumerate(names) if name == "check"]
    written = [str(i) for i in range(len(names)) if i not in checks[-1:]]
    kept = [cell.source for cell in restored if not cell.source.startswith("released")]
    assert sorted(kept) == sorted(written)  # nothing is lost but the text of a locked cell
    assert found == ["answer", "check", "written"]  # in the order of the release
    assert repair(restored, EXPECTED) == (restored, Repairs())


def test_the_last_copy_counts():
    restored, _ = repair([_cell("answer", "first"), _cell("answer", "second")], EXPECTED)
    assert [c.source for c in restored if id_of(c) == "answer"] == ["second"]


def test_a_missing_cell_follows_the_one_before_it():
    cells = [_cell(None, "setup"), _cell("answer", "mine"), _cell("written", "words")]
    restored, _ = repair(cells, EXPECTED)
    assert [c.source for c in restored] == ["setup", "mine", "released check", "words"]


def test_first_cells_go_in_front_of_the_first_that_is_there():
    restored, _ = repair([_cell(None, "setup"), _cell("written", "words")], EXPECTED)
    assert [c.source for c in restored] == [
        "setup",
        "released answer",
        "released check",
        "words",
    ]


def test_without_any_they_go_to_the_end_and_are_valid():
    restored, _ = repair([_cell(None, "setup")], EXPECTED)
    assert [id_of(c) for c in restored] == [None, "answer", "check", "written"]
    assert restored[3].cell_type == "markdown"
    nbformat.validate(nbformat.v4.new_notebook(cells=restored))


# -- order


def _names(*names: str | None) -> list[nbformat.NotebookNode]:
    return [_cell(name, name or "own") for name in names]


@pytest.mark.parametrize(
    ("order", "moved"),
    [
        (["check", "answer", "written"], ["check"]),
        (["answer", "written", "check"], ["check"]),
        (["written", "answer", "check"], ["written"]),
        (["check", "written", "answer"], ["answer"]),
    ],
)
def test_as_few_cells_as_possible_are_moved(order, moved):
    restored, repairs = repair(_names(*order), EXPECTED)
    assert [id_of(c) for c in restored] == ["answer", "check", "written"]
    assert list(repairs.moved) == moved


def test_a_check_before_its_answer_moves_and_everything_else_stays():
    cells = [_cell(None, "setup"), _cell("check", "x"), _cell(None, "helper"), _cell("answer", "a")]
    restored, repairs = repair([*cells, _cell(None, "plot"), _cell("written", "w")], EXPECTED)
    sources = [c.source for c in restored]
    assert sources == ["setup", "helper", "a", "released check", "plot", "w"]
    assert repairs.moved == ("check",)


# -- types


def test_a_cell_of_another_type_gets_its_own_back():
    markdown = nbformat.v4.new_markdown_cell("```python\nx = 1\n```", id="m")
    markdown.metadata["nbgrader"] = {"grade_id": "answer"}
    raw = nbformat.v4.new_raw_cell("anything", id="r")
    raw.metadata["nbgrader"] = {"grade_id": "check"}
    restored, repairs = repair([markdown, raw, _cell("written", "words")], EXPECTED)
    assert [c.cell_type for c in restored] == ["code", "code", "markdown"]
    assert [c.source for c in restored] == ["x = 1", "released check", "words"]
    assert repairs.retyped == ("answer", "check", "written")
    nbformat.validate(nbformat.v4.new_notebook(cells=restored))


# -- recognition

STUBS = tuple(
    replace(
        cell, source={"answer": "def f(x):\n    ...", "check": 'check("f")'}.get(cell.grade_id, "")
    )
    for cell in EXPECTED
)


def test_a_cell_is_known_by_its_id_when_its_metadata_are_gone():
    cell = nbformat.v4.new_code_cell("mine", id=cell_id("exercise", "answer"))
    restored, repairs = repair([cell], STUBS)
    assert restored[0].source == "mine"
    assert id_of(restored[0]) == "answer"
    assert repairs.found == ("answer",)


def test_pasted_into_a_new_notebook_checks_are_known_by_text_and_answers_by_names():
    texts = ["import math", "def f(x):\n    return 1", "f(2)", 'check("f")', "def g(): pass"]
    restored, repairs = repair([_cell(None, text) for text in texts], STUBS)
    assert [c.source for c in restored if id_of(c) in ("answer", "check")] == texts[1::2][:2]
    assert repairs.found == ("answer", "check")
    assert repairs.missing == ("written",)


def test_what_carries_an_id_is_not_taken_for_another():
    cell = _cell("other", "def f(x):\n    return 1")
    _, repairs = repair([cell, _cell("answer", "mine")], STUBS)
    assert (repairs.found, repairs.missing) == ((), ("check", "written"))


@pytest.mark.parametrize("text", ["def f(:", "\x00", "(" * 5000])
def test_what_is_no_python_defines_nothing(text):
    _, repairs = repair([_cell(None, text)], STUBS)
    assert repairs.found == ()
