"""A harness is sent into sandboxes: it may import torch, numpy and the standard library alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import synthlab.checks.executor
import synthlab.checks.harness

FOLDER = Path(synthlab.checks.harness.__file__).parent
SOURCES = sorted(FOLDER.glob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_a_harness_knows_no_answers(path):
    foreign = {name for name in imported(path) if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name.split(".")[0] for name in foreign} <= {"torch", "numpy"}


def test_the_executor_knows_no_checks():
    """It runs in the learner's process: nothing that judges may be imported with it."""
    path = Path(synthlab.checks.executor.__file__)
    ours = {name for name in imported(path) if name.startswith("synthlab")}
    neighbours = {"synthlab.checks", "synthlab.checks.capture", "synthlab.checks.faults"}
    assert ours <= neighbours
