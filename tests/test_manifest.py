from __future__ import annotations

import pytest

from synthlab import manifest
from synthlab.errors import SynthlabError

HEAD = 'title = "t"\nlanguages = ["en"]\n'
ROW = (
    '[[unit]]\nid = "gan"\nfolder = "02-gan"\ntitle = "x"\nminutes = 40\n'
    'question = [{{ id = "{id}", kind = "{kind}", points = 2, title = "q" }}]\n'
)


def row(id: str = "gan.loss", kind: str = "formula") -> str:
    return HEAD + ROW.format(id=id, kind=kind)


def predicted(answer: str) -> str:
    """A question whose prediction is one of some numbers."""
    return row(kind="prediction").replace("points", f'target = "x", {answer}, points')


def test_the_course_of_this_repository_reads() -> None:
    course = manifest.load()
    numbered = [u.folder for u in course.units if u.folder[0].isdigit()]
    assert numbered == sorted(numbered)  # folders and manifest give one reading order
    for unit in course.units:
        assert unit.lesson.is_file()
        assert unit.points == 20


def test_a_name_that_does_not_exist_is_answered_with_the_nearest() -> None:
    course = manifest.parse(row())
    with pytest.raises(SynthlabError, match="Did you mean 'gan'"):
        course.unit("gam")
    with pytest.raises(SynthlabError, match=r"Did you mean 'gan\.loss'"):
        course.question("gan.los")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = ", "not valid TOML"),
        (HEAD, "lacks the key 'unit'"),
        (row(id="vae.loss"), "must start with 'gan.'"),
        (row(kind="formulas"), "Did you mean 'formula'"),
        (row() + ROW.format(id="gan.other", kind="formula"), "uses the id 'gan' twice"),
        (row(kind='formula", predict = "gan.x'), "'gan.loss' is no prediction"),
        (row(kind="prediction"), "needs a 'target', the name that the learner sets"),
        (row(kind='prediction", target = "2x'), "needs a 'target'"),
        (predicted("range = [8, 0]"), r"'range' of the prediction 'gan.loss' is not \[low"),
        (predicted('range = [0, "8"]'), "the 'range' of the"),
        (predicted("range = 8"), "the 'range' of the"),
        (predicted("range = [nan, 8]"), "the 'range' of the"),
        (predicted("choices = [1]"), "at least two 'choices'"),
        (predicted("range = [0, 8], choices = [1, 2]"), "either a 'range' or at least two"),
        (
            row().replace("points = 2", "points = 2, extra = true").replace("formula", "written"),
            "a check must give its points",
        ),
        (row() + 'prerequisites = ["start"]\n', "There is no unit"),
    ],
)
def test_a_wrong_manifest_gets_one_sentence(text: str, says: str) -> None:
    with pytest.raises(SynthlabError, match=says):
        manifest.parse(text)


def test_extra_points_come_on_top_of_a_units() -> None:
    text = row().replace(
        "}]", '}, { id = "gan.more", kind = "formula", points = 3, title = "q", extra = true }]'
    )
    unit = manifest.parse(text).unit("gan")
    assert unit.points == 2
    assert [q.points for q in unit.questions] == [2, 3]
    assert [q.counted for q in unit.questions] == [2, 0]
