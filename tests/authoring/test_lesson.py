"""Lessons: Markdown to notebooks with keys that survive editing."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest

from synthlab.authoring.lesson import lesson_notebook, parse_lesson, read_lesson
from synthlab.authoring.project import Project
from synthlab.errors import SynthlabError


def keys(text: str) -> list[str]:
    return [cell.key for cell in parse_lesson(text, "lesson.md")]


def test_keys_come_from_headings(tiny: Project) -> None:
    notebook = lesson_notebook("tiny", project=tiny)
    nbformat.validate(notebook)
    assert [(c.cell_type, c.metadata.synthlab.key) for c in notebook.cells] == [
        ("markdown", "twice"),
        ("code", "twice-code"),
        ("markdown", "look"),
        ("code", "look-code"),
    ]
    assert [c.id for c in notebook.cells] == [
        f"lesson-{key}" for key in ("twice", "twice-code", "look", "look-code")
    ]
    assert set(notebook.metadata) == {"kernelspec", "language_info", "synthlab"}


def test_a_new_code_cell_leaves_the_keys_of_prose() -> None:
    before = keys("# A\n\n\nmore\n")
    after = keys("# A\n\n```python\nx = 1\n```\n\nmore\n")
    assert before == ["a", "a-2"]
    assert after == ["a", "a-code", "a-2"]


def test_a_number_sign_in_code_is_no_heading() -> None:
    assert keys("# A\n\n```text\n# B\n```\n\n\nmore") == ["a", "a-2"]


def test_prose_before_any_heading_has_a_key() -> None:
    assert keys("Hello.") == ["start"]


def test_code_is_the_same_in_every_language(tiny: Project) -> None:
    english, arabic = (lesson_notebook("tiny", code, project=tiny) for code in ("en", "ar"))
    code = [[c for c in nb.cells if c.cell_type == "code"] for nb in (english, arabic)]
    assert code[0] == code[1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# A\n\n```python\nx = (\n```\n", "cell 2: line 1 of the cell is not valid Python"),
        ("# A\n\n\n# A 2\n\n\nb\n\n\n# A\n", "two cells get the key 'a-2'"),
    ],
)
def test_a_damaged_lesson_is_told_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(SynthlabError, match=f"lesson.md.*{says}"):
        parse_lesson(text, "course/01-a/lesson.md")


@pytest.mark.parametrize("kind", ["choice", "number"])
def test_an_answer_comes_from_a_number_that_the_lesson_asks_for(tiny: Project, kind: str) -> None:
    unit = tiny.course.unit("tiny")
    asks = replace(unit.questions[0], predict="tiny.guess")
    shape = {
        "number": "low = 0\nhigh = 8\nstep = 1",
        "choice": 'options = [{ text = "a" }, { text = "b" }]',
    }[kind]
    lesson = tiny.lesson(unit)
    block = f'```predict\nid = "tiny.guess"\nkind = "{kind}"\nask = "?"\n{shape}\n```\n'
    lesson.write_text(lesson.read_text() + "\n" + block)
    changed = replace(unit, questions=(asks,))
    if kind == "number":
        assert read_lesson(changed, tiny)
        return
    with pytest.raises(SynthlabError, match=r"'tiny\.guess', which is no prediction of a number"):
        read_lesson(changed, tiny)


def test_a_missing_lesson_says_how_to_begin(tiny: Project) -> None:
    tiny.lesson(tiny.course.unit("tiny")).unlink()
    with pytest.raises(SynthlabError, match="'synthlab new unit tiny' writes a first one"):
        lesson_notebook("tiny", project=tiny)
