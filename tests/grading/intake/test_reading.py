"""Notebook files of every kind, read or refused with one sentence."""

from __future__ import annotations

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthlab.grading.intake.reading import MAX_CELLS, Reading, read, settle
from synthlab.grading.intake.submissions import copied, take_in

CODE = {"cell_type": "code", "id": "a", "metadata": {}, "source": ["x = 1\n", "y = 2"]}
CODE |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}]}
CODE["execution_count"] = 3


def _notebook(*cells, **fields):
    made = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}
    return {**made, **fields}


def _write(tmp_path, data, name="gan.ipynb", encoding="utf-8"):
    path = tmp_path / name
    text = data if isinstance(data, str) else json.dumps(data)
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_an_ordinary_notebook_is_read_with_a_byte_order_mark_or_without(tmp_path, encoding):
    reading = read(_write(tmp_path, _notebook(CODE), encoding=encoding))
    assert isinstance(reading, Reading)
    assert reading.notes == ()
    assert reading.notebook.cells[0].source == "x = 1\ny = 2"


NO_NOTEBOOKS = (
    *("", "[", "[1]", "3", "null", "\x00", "[" * 100_000, '{"cells": 3}', '{"nbformat": 2}'),
    *('{"nbformat": 4}', '{"nbformat": "4", "cells": []}', '{"nbformat": 99, "cells": []}'),
    *('{"nbformat": true, "cells": []}', '{"nbformat": 3, "worksheets": 7}'),
)


@pytest.mark.parametrize("text", NO_NOTEBOOKS, ids=range(len(NO_NOTEBOOKS)))
def test_what_is_no_notebook_is_one_sentence(tmp_path, text):
    found = read(_write(tmp_path, text))
    assert not isinstance(found, Reading)
    assert found.render("en").startswith("gan.ipynb is damaged")
    assert found.render("ar") != found.render("en")


@pytest.mark.parametrize("version", [2, 3])
def test_old_formats_are_converted(tmp_path, version):
    cell = nbformat.v4.new_code_cell("x = 1", id="a")
    cell.metadata["nbgrader"] = {"grade_id": "answer"}
    old = nbformat.convert(nbformat.v4.new_notebook(cells=[cell]), 3)
    if version == 2:
        sheet = {"cells": [{"cell_type": "code", "input": "x = 1", "outputs": []}]}
        old = {"nbformat": 2, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]}
    reading = read(_write(tmp_path, dict(old)))
    assert isinstance(reading, Reading)
    assert reading.notebook.cells[0].source == "x = 1"
    assert f"old format {version}.0" in reading.notes[0].render("en")
    nbformat.validate(reading.notebook)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=8,
)
odd_cells = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("id", "metadata", "source", "outputs", "attachments"), json_values)
    | {"cell_type": st.sampled_from(["code", "markdown", "raw"])},
)


@settings(deadline=None)  # what it takes depends on who else computes
@given(st.lists(json_values | odd_cells, max_size=4), json_values, st.sampled_from([1, 2, 4, 5, 9]))
def test_whatever_the_cells_are_the_result_is_valid_or_none(cells, metadata, minor):
    data = _notebook(*cells, metadata=metadata, nbformat_minor=minor)
    settled = settle(json.loads(json.dumps(data)))
    assert settled is not None
    nbformat.validate(settled.notebook)
    json.dumps(settled.notebook, allow_nan=False).encode()
    again = settle(settled.notebook)
    assert again is not None
    assert again.notebook == settled.notebook


def test_what_a_cell_is_known_by_survives_absurd_metadata():
    deep = {}
    for _ in range(3_000):
        deep = {"x": deep}
    about = {
        "nbgrader": {"grade_id": "answer", "points": deep},
        "synthlab": {"key": "k", "y": deep},
    }
    settled = settle(_notebook({**CODE, "metadata": about}, metadata={"title": 7}))
    assert settled is not None
    assert "Metadata that no notebook may hold" in settled.notes[0].render("en")
    known = {"nbgrader": {"grade_id": "answer"}, "synthlab": {"key": "k"}}
    assert settled.notebook.cells[0].metadata == known


def test_a_notebook_without_end_is_refused():
    assert settle(_notebook(*[CODE] * (MAX_CELLS + 1))) is None


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"name": "python3", "display_name": "Python 3"}, None),
        ({}, None),
        (None, None),
        ({"name": "ir", "display_name": "R", "language": "R"}, "the kernel ir;"),
        ({"name": "conda-env-ml-py", "display_name": "ml"}, "the kernel conda-env-ml-py;"),
        ({"name": "x" * 99, "display_name": "x"}, "…;"),
        ({"name": "\x1b[31mred", "display_name": "x"}, "the kernel [31mred;"),
    ],
)
def test_a_foreign_kernel_is_told(tmp_path, spec, told):
    metadata = {} if spec is None else {"kernelspec": spec}
    reading = read(_write(tmp_path, _notebook(CODE, metadata=metadata)))
    assert isinstance(reading, Reading)
    words = " ".join(note.render("en") for note in reading.notes)
    assert (told or "") in words
    assert ("kernel" in words) == (told is not None)
    assert "\x1b" not in words


# -- the copy that nbgrader reads


def test_a_copy_holds_ordinary_files_and_one_notebook(tmp_path):
    folder = tmp_path / "submitted" / "amal" / "gan"
    (folder / "data" / ".ipynb_checkpoints").mkdir(parents=True)
    _write(
        folder,
        _notebook({**CODE, "id": "exercise-a"}, metadata={"synthlab": {"unit": "gan"}}),
        "My gan.ipynb",
    )
    (folder / "data" / "points.csv").write_text("1,2")
    (folder / "timestamp.txt").write_text("9999999999999999999999")
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "keys").write_text("x")
    (folder / "link").symlink_to(secret)
    (folder / "file").symlink_to(secret / "keys")
    before = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))
    taken = take_in(folder, "gan", ())
    assert taken.problem is None
    assert "a link may lead anywhere: file, link." in taken.notes[1].render("en")
    with copied(tmp_path / "home", taken, "gan", "amal") as root:
        copy = root / "amal" / "gan"
        files = {p.relative_to(copy).as_posix() for p in copy.rglob("*") if p.is_file()}
        assert files == {"gan.ipynb", "data/points.csv"}
    assert not list((tmp_path / "home").iterdir())
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*")) == before
