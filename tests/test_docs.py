"""The commands that the documents tell people to type exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from nbgrader.apps.nbgraderapp import NbGraderApp

from synthlab.cli import app
from synthlab.grading.commands import register

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def typed(text: str) -> list[str]:
    """What stands in code: spans in backticks and the lines of fences without a language."""
    fences = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.M))
    return [*spans, *(line for fence in fences for line in fence.splitlines())]


def words_after(program: str, text: str) -> set[str]:
    """The first words after a program's name where a command begins with it."""
    pattern = rf"(?:^|&& ?){program} ([a-z_]+)"
    return {word for code in typed(text) for word in re.findall(pattern, code)}


def commands() -> set[str]:
    graders = typer.Typer()
    register(graders)
    return {name for group in (app, graders) for name in typer.main.get_group(group).commands}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_commands_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for program, known in (
        ("synthlab", commands()),
        ("nbgrader", set(NbGraderApp.subcommands)),
        ("make", targets),
    ):
        assert words_after(program, text) <= known, program


def test_commands_are_found_in_spans_and_fences() -> None:
    text = "Run `make lab`.\n\n```\ncd x && nbgrader export\nsynthlab grade x  # all\n```\n"
    assert words_after("make", text) == {"lab"}
    assert words_after("nbgrader", text) == {"export"}
    assert words_after("synthlab", text) == {"grade"}
