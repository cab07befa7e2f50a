"""Repair of submitted cells, without a kernel."""

from __future__ import annotations

import nbformat
from hypothesis import given
from hypothesis import strategies as st

from synthlab.grading.course import ReleasedCell
from synthlab.grading.repair import grade_id, restore

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
    restored = restore(cells, EXPECTED)
    found = [grade_id(cell) for cell in restored if grade_id(cell) is not None]
    assert sorted(found) == ["answer", "check", "written"]
    for cell in restored:
        name = grade_id(cell)
        if name is None:
            assert "nbgrader" not in cell.metadata  # an empty entry breaks nbgrader's validation
        else:
            wanted = next(c for c in EXPECTED if c.grade_id == name)
            assert dict(cell.metadata["nbgrader"]) == wanted.metadata
    kept = [cell.source for cell in restored if not cell.source.startswith("released")]
    assert kept == [str(i) for i in range(len(names))]  # nothing that was written is lost


def test_the_last_copy_counts():
    restored = restore([_cell("answer", "first"), _cell("answer", "second")], EXPECTED)
    assert [c.source for c in restored if grade_id(c) == "answer"] == ["second"]


def test_a_missing_cell_follows_the_one_before_it():
    cells = [_cell(None, "setup"), _cell("answer", "mine"), _cell("written", "words")]
    restored = restore(cells, EXPECTED)
    assert [c.source for c in restored] == ["setup", "mine", "released check", "words"]


def test_first_cells_go_in_front_of_the_first_that_is_there():
    restored = restore([_cell(None, "setup"), _cell("written", "words")], EXPECTED)
    assert [c.source for c in restored] == [
        "setup",
        "released answer",
        "released check",
        "words",
    ]


def test_without_any_they_go_to_the_end_and_are_valid():
    restored = restore([_cell(None, "setup")], EXPECTED)
    assert [grade_id(c) for c in restored] == [None, "answer", "check", "written"]
    assert restored[3].cell_type == "markdown"
    nbformat.validate(nbformat.v4.new_notebook(cells=restored))
