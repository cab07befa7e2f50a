"""No released notebook holds an answer: not in its sources, outputs or metadata.

A leak is looked for as a learner would meet it. In an answer cell, an output or metadata, one
line that only an answer has is enough. Elsewhere, code may share lines with an answer (a broken
step to diagnose does), so there it takes every line of one of the answer's definitions.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from synthlab.authoring.findings import Finding
from synthlab.authoring.source import ExerciseSource

#: Shorter lines (``return x``, ``loss = 0``) say nothing about where they come from.
_SHORT = 12
_SENTENCE = 40
_CELL_KEYS = {"synthlab", "nbgrader", "deletable", "editable"}
_NOTEBOOK_KEYS = {"kernelspec", "language_info", "synthlab"}
_SECRET_TAGS = ("mistake:", "alternative:", "written:", "answer:")


def leaks(source: ExerciseSource, text: str, where: str) -> Iterator[Finding]:
    """Every leak in the text of a released notebook."""
    try:
        notebook = json.loads(text)
        cells = list(notebook["cells"])
    except (ValueError, KeyError, TypeError):
        yield Finding("leaks", where, "it is not a notebook; run 'synthlab build'.")
        return
    secrets = _Secrets(source)
    yield from _metadata(notebook.get("metadata", {}), _NOTEBOOK_KEYS, secrets, where)
    for cell in cells:
        at = f"{where}, cell {cell.get('id')}"
        yield from _metadata(cell.get("metadata", {}), _CELL_KEYS, secrets, at)
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield Finding("leaks", at, "a released notebook has no outputs; run 'synthlab build'.")
            for word in _strings(cell.get("outputs")):
                yield from secrets.line_in(word, at)
        own = "".join(cell.get("source", ""))
        role = cell.get("metadata", {}).get("synthlab", {}).get("role")
        if role in ("answer", "written"):
            yield from secrets.line_in(own, at)
        yield from secrets.definition_in(own, at)


def _metadata(
    metadata: dict[str, Any], allowed: set[str], secrets: _Secrets, where: str
) -> Iterator[Finding]:
    for key in sorted(set(metadata) - allowed):
        yield Finding(
            "leaks",
            where,
            f"its metadata has {key!r}, which is not released; run 'synthlab build'.",
        )
    for word in _strings(metadata):
        if word.startswith(_SECRET_TAGS):
            yield Finding("leaks", where, f"its metadata names the source's cell {word!r}.")
        yield from secrets.line_in(word, where)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(key)
            yield from _strings(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # how notebooks store text of several lines
        for item in value:
            yield from _strings(item)


class _Secrets:
    """What the answers of one exercise say that their stubs do not."""

    def __init__(self, source: ExerciseSource) -> None:
        self.lines: dict[str, str] = {}  # a line: the question that it answers
        self.definitions: list[tuple[str, frozenset[str]]] = []
        for name, question in source.questions.items():
            written = not any(c.question == name and c.role == "answer" for c in source.cells)
            codes = [question.answer, *(v.code for v in question.alternatives)]
            if written:
                for sentence in _sentences(question.answer):
                    self.lines[sentence] = name
                    self.definitions.append((name, frozenset([sentence])))
                continue
            public = _code_lines(question.stub)
            for code in codes:
                for block in _definitions(code):
                    secret = frozenset(n for n in block if n not in public and len(n) >= _SHORT)
                    self.lines.update(dict.fromkeys(secret, name))
                    if secret:
                        self.definitions.append((name, secret))

    def line_in(self, text: str, where: str) -> Iterator[Finding]:
        """A finding for each line of an answer in a text that should hold none."""
        present = _code_lines(text) | set(_sentences(text))
        for line in sorted(present & self.lines.keys()):
            question = self.lines[line]
            yield Finding(
                "leaks", where, f"it holds a line of the answer to {question!r}: {line!r}."
            )

    def definition_in(self, text: str, where: str) -> Iterator[Finding]:
        """A finding for each whole definition of an answer in a text."""
        present = _code_lines(text) | set(_sentences(text))
        for name in sorted({name for name, lines in self.definitions if lines <= present}):
            yield Finding("leaks", where, f"it holds the answer to {name!r}.")


def _definitions(code: str) -> list[list[str]]:
    """The lines of each top-level statement, comments gone and layout made uniform."""
    return [
        [line.strip() for line in ast.unparse(node).splitlines()] for node in ast.parse(code).body
    ]


def _code_lines(text: str) -> set[str]:
    """A text's lines without layout; when it is Python, also in Python's own uniform spelling."""
    lines = {line.strip() for line in text.splitlines()}
    for fence in [text, *re.findall(r"```[^\n]*\n(.*?)```", text, re.DOTALL)]:
        try:
            tree = ast.parse(fence)
        except (SyntaxError, ValueError):
            continue
        lines |= {line.strip() for line in ast.unparse(tree).splitlines()}
    return lines


def _sentences(text: str) -> list[str]:
    """The sentences of prose that are long enough to be somebody's own."""
    flat = " ".join(text.split())
    return [s for s in re.split(r"(?<=[.!?؟])\s+", flat) if len(s) >= _SENTENCE]
