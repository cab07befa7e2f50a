"""Exercise sources: what is read, and the sentence for everything that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from synthlab.authoring.project import Project
from synthlab.authoring.source import Variant, parse_source, read_source
from synthlab.errors import SynthlabError

Edit = Callable[[Path, str, str], None]


def test_reads_what_the_source_says(tiny: Project) -> None:
    source = read_source("tiny", tiny)
    assert [c.key for c in source.cells] == [
        "title",
        "setup",
        "answer:tiny.guess",
        "check:tiny.guess",
        "answer:tiny.double",
        "check:tiny.double",
        "why",
        "written:tiny.why",
    ]
    double = source.questions["tiny.double"]
    assert double.stub == 'def double(x):\n    """Return twice x."""\n    raise NotImplementedError'
    assert [v.name for v in double.alternatives] == ["product", "sum"]
    assert double.mistakes[0] == Variant("square", "def double(x):\n    return x * x", ("value",))
    assert source.questions["tiny.guess"].stub == "guess = None"
    assert source.questions["tiny.why"].stub == "…"


def test_a_program_is_what_stands_before_the_check(tiny: Project) -> None:
    source = read_source("tiny", tiny)
    right = source.questions["tiny.guess"].answer
    assert source.program("tiny.double", "MINE") == ["import math", right, "MINE"]
    assert source.program("tiny.guess", "MINE") == ["import math", "MINE"]
    stubs = [source.questions[q].stub for q in ("tiny.guess", "tiny.double")]
    assert source.program("tiny.double") == ["import math", *stubs]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key="title"', 'key="Title!"', "cell 1 .line 1.: the key 'Title!' is not made of"),
        (' key="title"', "", 'cell 1 .line 1.: the cell needs key="…"'),
        ('key="setup"', 'key="title"', "cell 2 .line 6.: the key 'title' is used twice"),
        ('key="setup"', 'kez="setup"', "no cell attribute called 'kez'. Did you mean 'key'"),
        ('["answer:tiny.guess"]', '["anwser:tiny.guess"]', "no tag called 'anwser'. Did you"),
        ('["answer:tiny.guess"]', '["answer:tiny.gess"]', "Did you mean 'tiny.guess'"),
        ('["answer:tiny.guess"]', '["answer:tiny.guess", "x"]', "one tag a cell"),
        ('["answer:tiny.guess"]', '["answer:tiny.guess:x"]', "not of the form 'answer:ID'"),
        ('["mistake:tiny.double:square"]', '["mistake:tiny.double"]', "form 'mistake:ID:NAME'"),
        (' fails="value"', "", "must name the property it breaks"),
        ('product"]', 'product"] fails="value"', "only a mistake has fails"),
        ("double:sum", "double:product", "two alternatives called 'product'"),
        ('check("tiny.guess")', 'check("tiny.guess", 3)', r'holds exactly check\("tiny.guess"\)'),
        ("return total", "return (", "line 4 of the cell is not valid Python"),
        ("guess = 12345678901234567", "guess()", "has no stub"),
        ("[markdown] tags", "tags", "cell tagged 'written' is a Markdown cell"),
        ('["answer:tiny.double"]', '["prediction:tiny.double"]', "tag it answer:tiny.double"),
        ('"written:tiny.why"', '"written:tiny.double"', "cannot be tagged 'written'"),
        (
            '# %% tags=["check:tiny.guess"]\ncheck("tiny.guess")\n',
            "",
            "solutions/tiny.py: question 'tiny.guess' has no cell tagged check:tiny.guess",
        ),
        (
            '# %% tags=["answer:tiny.guess"]\nguess = 12345678901234567\n',
            "",
            "stands before its answer",
        ),
        (
            '# %% tags=["answer:tiny.guess"]\n',
            '# %% tags=["answer:tiny.guess"]\nguess = 1\n# %% tags=["answer:tiny.guess"]\n',
            "second answer cell",
        ),
        ('# %% key="setup"', '# %% [raw] key="setup"', "a raw cell has no place"),
    ],
)
def test_a_damaged_source_is_told_in_a_sentence(
    tiny: Project, edit: Edit, old: str, new: str, says: str
) -> None:
    path = tiny.solution(tiny.course.unit("tiny"))
    edit(path, old, new)
    with pytest.raises(SynthlabError, match=says) as caught:
        read_source("tiny", tiny)
    assert str(caught.value).startswith("solutions/tiny.py")


def test_a_missing_source_says_how_to_begin(tiny: Project) -> None:
    tiny.solution(tiny.course.unit("tiny")).unlink()
    with pytest.raises(SynthlabError, match="'synthlab new unit tiny' writes a first one"):
        read_source("tiny", tiny)


def test_the_tag_prediction_is_an_answer_to_a_prediction(tiny: Project) -> None:
    unit = tiny.course.unit("tiny")
    path = tiny.solution(unit)
    text = path.read_text("utf-8")
    renamed = text.replace("answer:tiny.guess", "prediction:tiny.guess")
    assert parse_source(renamed, unit, path) == parse_source(text, unit, path)
