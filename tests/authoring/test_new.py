"""`synthlab new` writes what the rest can read."""

from __future__ import annotations

import pytest

from synthlab.authoring.build import build
from synthlab.authoring.contract import points
from synthlab.authoring.exercise import exercise_notebook
from synthlab.authoring.lesson import read_lesson
from synthlab.authoring.new import new_exercise, new_lesson
from synthlab.authoring.project import Project
from synthlab.authoring.source import read_source
from synthlab.errors import SynthlabError


def reread(project: Project) -> Project:
    return Project.at(project.course_dir.parent)


def test_a_lesson_then_its_exercise(tiny: Project) -> None:
    assert new_lesson(tiny, "wide-net", 'The "wide" net') == [
        "course/course.toml",
        "course/02-wide-net/lesson.md",
    ]
    project = reread(tiny)
    unit = project.course.unit("wide-net")
    assert unit.title == 'The "wide" net'
    assert list(points(unit)) == []
    assert read_lesson(unit, project)[0].key == "the-wide-net"
    assert new_exercise(project, "wide-net") == ["solutions/wide-net.py"]
    source = read_source("wide-net", project)
    assert set(source.questions) == {q.id for q in unit.questions}
    assert exercise_notebook("wide-net", project=project).cells
    assert "exercises/en/wide-net.ipynb" in build(project)


def test_an_exercise_first(tiny: Project) -> None:
    written = new_exercise(tiny, "ethics-consent")
    assert written == ["course/course.toml", "solutions/ethics-consent.py"]
    assert reread(tiny).course.unit("ethics-consent").folder == "ethics-consent"


@pytest.mark.parametrize("make", [new_lesson, new_exercise])
def test_what_is_there_stays(tiny: Project, make: object) -> None:
    before = (tiny.course_dir / "course.toml").read_bytes()
    with pytest.raises(SynthlabError, match="is already there; edit it"):
        make(tiny, "tiny")  # type: ignore[operator]
    assert (tiny.course_dir / "course.toml").read_bytes() == before


@pytest.mark.parametrize("name", ["", "Big", "a_b", "../x", "1a", "a--b"])
def test_ids_are_plain(tiny: Project, name: str) -> None:
    with pytest.raises(SynthlabError, match="is no id for a unit"):
        new_lesson(tiny, name)
