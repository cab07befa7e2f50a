"""Checks that exist for one test, and learners' answers as their own source would make them."""

from __future__ import annotations

import textwrap

import pytest

from synthlab import manifest
from synthlab.authoring.source import read_source
from synthlab.checks import core
from synthlab.checks.core import Property
from synthlab.checks.run import evaluate


@pytest.fixture
def registry(monkeypatch):
    """An empty registry; what a test registers is gone afterwards.

    Every unit is imported first: a unit that a test imported into this registry would be gone
    for all later tests.
    """
    for unit in manifest.load().units:
        core.load_unit(unit.id)
    found = {}
    monkeypatch.setattr(core, "_registry", found)
    return found


@pytest.fixture
def properties():
    """Make properties from names: ``properties(value=2, finite=1)``."""

    def make(**weights):
        return [
            Property(
                name,
                weight,
                goal=f"Goal of `{name}`.",
                nudge=f"Nudge for {name}.",
                method=f"Method for {name}.",
            )
            for name, weight in weights.items()
        ]

    return make


@pytest.fixture
def answer():
    """Run source as a notebook cell would, and return the names that it defines."""

    def define(source):
        namespace = {"__name__": "__main__"}
        exec(compile(textwrap.dedent(source), "<answer>", "exec"), namespace)
        return namespace

    return define


@pytest.fixture
def judge_changed():
    """The verdict on a right answer with some of its code replaced: ``(question, old, new)``."""

    def judge(question, old, new, seed=0):
        source = read_source(question.partition(".")[0])
        code = source.questions[question].answer
        assert old in code, old
        names = {"__name__": "__main__"}
        for cell in source.program(question, code.replace(old, new)):
            exec(compile(cell, "<cell>", "exec"), names)
        return evaluate(question, names, seed)

    return judge
