"""A harness is sent into sandboxes: it may import torch, numpy and the standard library alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import synthlab.checks.executor

CHECKS = Path(synthlab.checks.executor.__file__).parent
SOURCES = {path.parent.name: path for path in sorted(CHECKS.glob("*/harness.py"))}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def functions(path):
    return {node.name for node in ast.parse(path.read_text()).body if hasattr(node, "name")}


@pytest.mark.parametrize("unit", SOURCES)
def test_a_harness_knows_no_answers(unit):
    roots = {name.split(".")[0] for name in imported(SOURCES[unit])}
    assert roots - sys.stdlib_module_names <= {"torch", "numpy"}


@pytest.mark.parametrize("unit", sorted(SOURCES.keys() - {"parts"}))
def test_a_unit_has_no_function_that_every_harness_has(unit):
    """Both sources become one module, where the unit's would silently take its place."""
    assert not functions(SOURCES[unit]) & functions(SOURCES["parts"])


def test_the_executor_knows_no_checks():
    """It runs in the learner's process: nothing that judges may be imported with it."""
    ours = {name for name in imported(CHECKS / "executor.py") if name.startswith("synthlab")}
    beside = ("arguments", "capture", "faults")
    assert ours <= {"synthlab.checks", *(f"synthlab.checks.{name}" for name in beside)}
    theirs = {name for name in imported(CHECKS / "arguments.py") if name.startswith("synthlab")}
    assert theirs <= {"synthlab.checks"}
