"""Changes of an answer: applied where their lines stand, refused in a sentence elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from synthlab.authoring import change
from synthlab.authoring.project import Project
from synthlab.authoring.source import read_source
from synthlab.errors import SynthlabError

ANSWER = """\
def first(x):
    y = x + 1

    return y


def second(x):
    if x:
        return first(x)
    return x"""


TWICE = """\
def f(x):
    if x:
        return 1
    return 1"""


@pytest.mark.parametrize(
    ("written", "old", "new"),
    [
        ("# - y = x + 1\n# + y = x - 1", "x + 1", "x - 1"),
        ("# - if x:\n# -     return first(x)", "    if x:\n        return first(x)\n", ""),
        ("#   if x:\n# +     x = 2\n#       return first(x)", "if x:\n", "if x:\n        x = 2\n"),
        ("# - y = x + 1\n# -\n# - return y\n# + return x", "y = x + 1\n\n    return y", "return x"),
        ("# - y = x + 1\n# + y = 2\n\n# - y = 2\n# + y = 3", "x + 1", "3"),
    ],
)
def test_a_hunk_is_applied_where_its_lines_stand(written: str, old: str, new: str) -> None:
    assert change.apply(written, ANSWER) == ANSWER.replace(old, new)


def test_a_hunk_may_be_for_every_place() -> None:
    changed = change.apply("# every\n# - return 1\n# + return 2", TWICE)
    assert changed == TWICE.replace("return 1", "return 2")


def test_functions_may_be_defined_anew() -> None:
    changed = change.apply("# ...\ndef first(x):\n    return 7", ANSWER)
    names: dict[str, Callable[[int], int]] = {}
    exec(changed, names)
    assert names["second"](1) == 7


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("# - if y:\n# + if x:", "'if y:' does not stand in the answer."),
        ("# - return 1", "'return 1' stands 2 times in the answer; add a line around it"),
        ("# return 1", "the line '# return 1' of a change begins with none of '# - '"),
        ("#   return 1", "a hunk has no line '# - ' or '# + ', so it changes nothing"),
        ("# + return 1", "a hunk says not where"),
        ("#   if x:\n# -     return 1", "the changed answer is not valid Python: expected an"),
    ],
)
def test_what_cannot_be_changed_is_told_in_a_sentence(written: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        change.apply(written, TWICE)


def test_a_source_names_the_cell_of_a_change_that_does_not_fit(
    tiny: Project, edit: Callable[[Path, str, str], None]
) -> None:
    unit = tiny.course.unit("tiny")
    body = "def double(x):\n    return x * x\n"
    edit(tiny.solution(unit), body, "# - total = x + x\n# + total = x * x\n")
    (square, *_) = read_source(unit, tiny).questions["tiny.double"].mistakes
    assert 'twice x."""\n    total = x * x\n    return total' in square.code
    edit(tiny.solution(unit), "# - total = x + x", "# - total = x")
    with pytest.raises(SynthlabError, match=r"solutions/tiny\.py, cell 9 \(line 38\): 'total = x'"):
        read_source(unit, tiny)
