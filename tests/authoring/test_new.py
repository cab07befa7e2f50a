"""`synthlab new unit` writes what the rest can read, and nothing over what is there."""

from __future__ import annotations

import shutil

import pytest

from synthlab.authoring.build import build
from synthlab.authoring.contract import points
from synthlab.authoring.exercise import exercise_notebook
from synthlab.authoring.lesson import read_lesson
from synthlab.authoring.new import new_unit
from synthlab.authoring.project import Project
from synthlab.authoring.source import read_source
from synthlab.errors import SynthlabError


def reread(project: Project) -> Project:
    return Project.at(project.course_dir.parent)


def test_every_room_of_a_unit(tiny: Project) -> None:
    written = new_unit(tiny, "wide-net", 'The "wide" net')
    assert written == [
        "course/course.toml",
        "course/02-wide-net/lesson.md",
        "solutions/wide-net.py",
        "synthlab/checks/wide_net/__init__.py",
        "synthlab/checks/wide_net/harness.py",
        "tests/units/wide_net/test_checks.py",
        "synthlab/checks/wide_net/first_part.py",
        "course/locale/ar/wide-net.po",
    ]
    project = reread(tiny)
    unit = project.course.unit("wide-net")
    assert unit.title == 'The "wide" net'
    assert list(points(unit)) == []
    assert read_lesson(unit, project)[0].key == "the-wide-net"
    assert set(read_source("wide-net", project).questions) == {q.id for q in unit.questions}
    assert exercise_notebook("wide-net", project=project).cells
    assert "exercises/en/wide-net.ipynb" in build(project)
    assert new_unit(project, "ethics-consent")[1] == "course/ethics-consent/lesson.md"


def test_a_part_that_a_unit_lacks(tiny: Project) -> None:
    before = tiny.solution(tiny.course.unit("tiny")).read_bytes()
    tiny.lesson(tiny.course.unit("tiny")).unlink()
    shutil.rmtree(tiny.course_dir.parent / "synthlab" / "checks" / "tiny")
    written = new_unit(tiny, "tiny")
    assert written[0] == "course/01-tiny/lesson.md"
    assert "synthlab/checks/tiny/double.py" in written
    assert tiny.solution(tiny.course.unit("tiny")).read_bytes() == before


@pytest.mark.parametrize(
    ("name", "widget", "says"),
    [
        ("tiny", None, "has all of its parts; edit course/01-tiny/lesson.md"),
        ("tiny", "TinyLab", "Name TinyLab among the widgets of unit 'tiny' in course.toml"),
        ("checks", None, "'checks' is taken: course/locale/ar/checks.po is already there"),
        ("core", None, "'core' is taken: synthlab/checks/core.py is already there"),
        ("wide", "Picture", "'Picture' is taken: widgets/synthlab_widgets/picture.py is already"),
        ("wide", "Core", "'Core' is taken: widgets/js/src/core is already there"),
        ("wide", "wide_lab", "'wide_lab' is no name for a widget"),
        *((name, None, "is no id for a unit") for name in ("", "Big", "a_b", "../x", "1a", "a--b")),
    ],
)
def test_names_are_plain_and_free(tiny: Project, name: str, widget: str | None, says: str) -> None:
    root = tiny.course_dir.parent
    for file in (
        "course/locale/ar/checks.po",
        "synthlab/checks/core.py",
        "widgets/synthlab_widgets/picture.py",
        "widgets/js/src/core/core.css",
    ):
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("")
    before = (tiny.course_dir / "course.toml").read_bytes()
    with pytest.raises(SynthlabError) as error:
        new_unit(tiny, name, widget=widget)
    assert says in str(error.value)
    assert (tiny.course_dir / "course.toml").read_bytes() == before
