"""Predictions and quiz questions in a lesson's text: read, judged, kept out of the notebook."""

from __future__ import annotations

import pytest

from synthlab import manifest, quiz
from synthlab.authoring.lesson import parse_lesson
from synthlab.errors import SynthlabError

SINGLE = """```quiz
id = "gan.x"
kind = "single"
ask = "Which?"
options = [
  { text = "This.", right = true, why = "Yes." },
  { text = "That.", why = "No." },
]
```
"""


def item(kind: str, body: str) -> quiz.Item:
    fence = "quiz" if kind in quiz.QUIZ else "predict"
    text = f'```{fence}\nid = "gan.x"\nkind = "{kind}"\nask = "?"\n{body}\n```\n'
    (found,) = quiz.blocks(text, "lesson.md")
    return found


OPTIONS = (
    'options = [{ text = "a", right = true, why = "A." }, { text = "b", right = true, why = "B." },'
    ' { text = "c", why = "C." }]'
)
NUMERIC = (
    'answer = 98.89\ntolerance = 0.15\nwhy = "Right."\notherwise = "No."\n'
    'known = [{ answer = 99.73, tolerance = 0.1, why = "One dimension." }]'
)
CURVE = 'x = "x"\ny = "y"\nlow = -1\nhigh = 1\ntop = 2'


def test_every_kind_is_judged_with_an_explanation_per_answer():
    (single,) = quiz.blocks(SINGLE, "lesson.md")
    assert quiz.judge(single, 0) == quiz.Feedback(True, ("Yes.", ""))
    assert quiz.judge(single, 1) == quiz.Feedback(False, ("", "No."))
    several = item("multiple", OPTIONS)
    assert quiz.judge(several, [0, 1]) == quiz.Feedback(True, ("A.", "B.", ""))
    assert quiz.judge(several, [0]) == quiz.Feedback(False, ("A.", "", ""))
    assert quiz.judge(several, [0, 1, 2]).right is False
    order = item("ordering", OPTIONS.replace("right = true, ", ""))
    assert quiz.judge(order, [0, 1, 2]) == quiz.Feedback(True, ("A.", "B.", "C."))
    assert quiz.judge(order, [0, 2, 1]) == quiz.Feedback(False, ("A.", "", ""))
    number = item("numeric", NUMERIC)
    assert quiz.judge(number, 98.75) == quiz.Feedback(True, ("Right.",))
    assert quiz.judge(number, 99.7) == quiz.Feedback(False, ("One dimension.",))
    assert quiz.judge(number, 3).notes == ("No.",)
    assert quiz.judge(item("number", "low = 0\nhigh = 8\nstep = 1"), 8).right is None


@pytest.mark.parametrize(
    ("kind", "body", "good", "bad"),
    [
        ("single", OPTIONS.replace('"b", right = true', '"b"'), 2, [3, -1, True, "0", None, [0]]),
        ("multiple", OPTIONS, [2, 0], [0, [3], [0, 0], ["0"], [True]]),
        ("ordering", OPTIONS, [2, 0, 1], [[0, 1], [0, 1, 1], "012"]),
        ("numeric", NUMERIC, 1.5, ["1", float("nan"), float("inf"), True, None]),
        ("number", "low = 0\nhigh = 8\nstep = 1", 8, [9, -0.1, float("nan")]),
        ("choice", 'options = [{ text = "a" }, { text = "b" }]', 1, [2]),
        ("curve", f"{CURVE}\nbottom = -2", [0.5] * 33, [[0.5] * 32, ["x"] * 33, None]),
        ("density", CURVE, [0.5] * 33, [[float("nan")] * 33, 3]),
    ],
)
def test_only_an_answer_of_the_right_shape_counts(kind, body, good, bad):
    question = item(kind, body)
    quiz.check_answer(question, good)
    for value in bad:
        with pytest.raises(ValueError, match="no answer"):
            quiz.check_answer(question, value)


def test_a_sketch_stays_inside_its_frame():
    assert (
        quiz.check_answer(item("density", CURVE), [-3.0] * 16 + [9.0] * 17) == [0.0] * 16 + [2] * 17
    )


@pytest.mark.parametrize(
    ("block", "sentence"),
    [
        ("```quiz\nid = 3\n```\n", "needs 'id', as text"),
        ("```quiz\nid = \n```\n", "Invalid value"),
        (SINGLE.replace('"single"', '"sinlge"'), "Did you mean 'single'"),
        (SINGLE.replace("right = true, ", ""), "exactly one option is 'right = true', not 0"),
        (SINGLE.replace(', why = "No."', ""), "every option needs a 'why'"),
        (SINGLE.replace("ask", "aks"), "needs 'ask'"),
        (SINGLE.replace("options", "colour = 1\noptions"), "'colour'"),
        (SINGLE + SINGLE, "two blocks with the id 'gan.x'"),
    ],
)
def test_a_damaged_block_is_told_in_one_sentence(block, sentence):
    with pytest.raises(SynthlabError) as error:
        list(quiz.blocks(block, "lesson.md"))
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_the_notebook_shows_no_block_and_so_no_answer():
    text = f"# Title\n\nBefore.\n\n{SINGLE}\nAfter.\n\n```python\nQuiz('gan.x')\n```\n"
    cells = parse_lesson(text, "lesson.md")
    assert [cell.text for cell in cells] == ["# Title\n\nBefore.\n\nAfter.", "Quiz('gan.x')"]


def test_the_course_names_each_block_and_each_named_block_exists():
    for unit in manifest.load().units:
        text = unit.lesson.read_text(encoding="utf-8")
        code = "".join(c.text for c in parse_lesson(text, "lesson.md") if not c.markdown)
        items = quiz.of_unit(unit.id)
        assert all(name.startswith(f"{unit.id}.") for name in items)
        assert {name for name in items if f'("{name}"' in code} == items.keys()


def test_an_unknown_name_names_the_nearest():
    with pytest.raises(SynthlabError, match=r"Did you mean 'gan\.modes'"):
        quiz.find("gan.mode")
