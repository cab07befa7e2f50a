"""Errors: every one is a sentence that a catalogue can hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import synthlab_widgets

from synthlab import locate
from synthlab.errors import SynthlabError, unknown

SOURCES = sorted(
    path
    for package in (locate.__file__, synthlab_widgets.__file__)
    for path in Path(str(package)).parent.rglob("*.py")
    if path.name != "errors.py"  # puts sentences together that others have marked
)
KINDS = {"SynthlabError", "unknown", "TrainingDiverged", "Outside"}


def unmarked(code: str) -> Iterator[str]:
    """The errors whose sentence is not written out, so that nobody can translate it."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS:
            choices = [node.args[0]]
            while choices and isinstance(choices[-1], ast.IfExp):
                choice = choices.pop()
                choices += [choice.body, choice.orelse]
            counted = choices[0]
            if isinstance(counted, ast.Call) and ast.unparse(counted.func) == "N_":
                choices = counted.args
            if not all(isinstance(choice, ast.Constant) for choice in choices):
                yield ast.unparse(node)


def test_a_sentence_that_is_put_together_is_seen() -> None:
    good = 'raise SynthlabError("a" if x else "b")\nraise SynthlabError(N_("{n} row", "{n} rows"))'
    assert list(unmarked(good)) == []
    bad = 'raise SynthlabError(f"{x} is wrong.")'
    assert list(unmarked(bad)) == ["SynthlabError(f'{x} is wrong.')"]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_error_can_be_translated(path: Path) -> None:
    assert not list(unmarked(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("name", "valid", "says"),
    [
        ("gna", ["gan", "vae"], "Did you mean 'gan'?"),
        ("gan", ["gam", "gab"], "Did you mean 'gam' or 'gab'?"),
        ("zzz", ["gan", "vae"], "Those that exist: 'gan', 'vae'."),
        ("zzz", [], "Those that exist: none yet."),
    ],
)
def test_unknown_names_are_answered_with_those_that_exist(name, valid, says) -> None:
    assert str(unknown("There is no unit called {name}.", name, valid)).endswith(says)


def test_an_error_among_the_values_is_told_in_the_same_language(monkeypatch) -> None:
    error = unknown("There is no unit called {name}.", "gna", ["gan"])
    monkeypatch.setenv("SYNTHLAB_LANGUAGE", "ar")
    assert str(error).startswith("لا توجد وحدة باسم ")
    assert isinstance(error, SynthlabError)
