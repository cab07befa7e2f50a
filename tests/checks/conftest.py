"""Checks that exist for one test, and answers as a notebook's cell defines them."""

from __future__ import annotations

import textwrap

import pytest

from synthlab import manifest
from synthlab.checks import declaration
from synthlab.checks.core import Property
from synthlab.checks.registry import load_unit


@pytest.fixture
def registry(monkeypatch):
    """An empty registry; what a test registers is gone afterwards.

    Every unit is imported first: a unit that a test imported into this registry would be gone
    for all later tests.
    """
    for unit in manifest.load().units:
        load_unit(unit.id)
    found = {}
    monkeypatch.setattr(declaration, "registered", found)
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
