"""The classroom: a normal nbgrader course, made once and added to."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import nbformat
import pytest
from traitlets import import_item

from synthlab.errors import SynthlabError
from synthlab.grading.gradebook import classroom
from synthlab.grading.gradebook.classroom import make_classroom
from synthlab.grading.gradebook.configuration import CONFIG
from synthlab.grading.gradebook.course import Course


@pytest.fixture
def room(tiny, new_class, tmp_path):
    """A copy of a classroom that was made once."""
    return Path(shutil.copytree(new_class, tmp_path / "class"))


def test_a_course_with_source_release_and_gradebook(room):
    names = {p.relative_to(room).as_posix() for p in room.rglob("*") if p.is_file()}
    assert names == {
        "gradebook.db",
        CONFIG,
        "synthlab.toml",
        "source/tiny/tiny.ipynb",
        "release/tiny/tiny.ipynb",
    }
    assert Course.open(room).config.CourseDirectory.course_id == "new-class"


def test_release_keeps_stubs_and_has_complete_metadata(room):
    released = nbformat.read(room / "release" / "tiny" / "tiny.ipynb", as_version=4)
    assert released.metadata.synthlab == {"unit": "tiny", "language": "en"}
    cells = {c.metadata.nbgrader.grade_id: c for c in released.cells if "nbgrader" in c.metadata}
    assert cells["answer-tiny-double"].source.startswith("def double(x):")
    assert "raise NotImplementedError" in cells["answer-tiny-double"].source
    assert all(len(c.metadata.nbgrader.checksum) == 32 for c in cells.values())


def test_gradebook_keeps_what_a_submission_must_hold(room):
    kept = Course(room).released_cells("tiny", "tiny")
    assert [cell.grade_id for cell in kept] == [
        "answer-tiny-double",
        "check-tiny-double",
        "answer-tiny-half",
        "check-tiny-half",
        "written-tiny-why",
    ]
    assert [cell.locked for cell in kept] == [False, True, False, True, False]
    assert [cell.metadata.get("points") for cell in kept] == [None, 2, None, 3, 4]


def test_again_adds_nothing_and_touches_nothing(room):
    (room / CONFIG).write_text("# mine\nc = get_config()\n", encoding="utf-8")
    handed = room / "submitted" / "amal" / "tiny" / "tiny.ipynb"
    handed.parent.mkdir(parents=True)
    handed.write_text("work", encoding="utf-8")
    before = {p: p.stat().st_mtime_ns for p in room.rglob("*") if p.is_file()}
    again = make_classroom(room)
    assert (again.added, again.kept) == ((), ("tiny",))
    assert {p: p.stat().st_mtime_ns for p in room.rglob("*") if p.is_file()} == before


def test_an_interrupted_classroom_is_finished(room):
    shutil.rmtree(room / "release")
    (room / "gradebook.db").unlink()
    again = make_classroom(room)
    assert again.added == ("tiny",)
    assert (room / "release" / "tiny" / "tiny.ipynb").is_file()


def test_an_arabic_classroom(tiny, tmp_path):
    room = make_classroom(tmp_path / "صف", "ar")
    assert tomllib.loads((room.root / "synthlab.toml").read_text()) == {"language": "ar"}
    assert Course.open(room.root).language == "ar"
    assert Course.open(room.root).config.CourseDirectory.course_id == "synthlab"
    released = nbformat.read(room.root / "release" / "tiny" / "tiny.ipynb", as_version=4)
    assert released.metadata.synthlab.language == "ar"


def test_another_language_needs_another_folder(room):
    with pytest.raises(SynthlabError, match="another folder"):
        make_classroom(room, "ar")


def test_a_folder_with_something_else_is_refused(tiny, tmp_path):
    (tmp_path / "essay.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SynthlabError, match="is not empty and not a classroom"):
        make_classroom(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["essay.txt"]


def test_a_path_that_cannot_be_written_is_one_sentence(tiny, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SynthlabError, match="is a file"):
        make_classroom(tmp_path / "file")
    with pytest.raises(SynthlabError, match="cannot be written"):
        make_classroom(tmp_path / "file" / "class")


@pytest.mark.parametrize(
    ("language", "units", "sentence"),
    [("en", ["tinny"], "Did you mean 'tiny'"), ("arr", None, "Did you mean 'ar'")],
)
def test_unknown_names_write_nothing(tiny, tmp_path, language, units, sentence):
    with pytest.raises(SynthlabError, match=sentence):
        make_classroom(tmp_path / "class", language, units)
    assert not (tmp_path / "class").exists()


def test_a_broken_configuration_is_one_sentence(room):
    (room / CONFIG).write_text("this is not Python", encoding="utf-8")
    with pytest.raises(SynthlabError, match="cannot be loaded"):
        Course.open(room).assignments()


@pytest.mark.parametrize(
    "name",
    [
        *("repair.RestoreCells", "judge.Judge", "late.LateNotice", "late.LatePolicy"),
        *("neutral.preprocessors.NeutralNotebook", "neutral.preprocessors.NeutralFeedback"),
    ],
)
def test_the_steps_of_an_earlier_classrooms_configuration_are_found(name):
    step = import_item(f"synthlab.grading.{name}")
    assert f'"{step.__module__}.{step.__name__}"' in classroom._CONFIG
