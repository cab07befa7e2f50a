"""Notebooks as data of unknown origin: nodes, the texts in them, and what a cell is known by."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict

from synthlab.grading.untrusted.text import encodable

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def node(data: Mapping[str, Any]) -> NotebookNode:
    """Data of a notebook, a cell, an output or metadata as nbformat's node."""
    make: Any = from_dict  # untyped
    made: NotebookNode = make(dict(data))
    return made


def mapping(value: object) -> Mapping[str, Any]:
    """The value where it is a mapping, an empty one where it is not."""
    return value if isinstance(value, Mapping) else {}


def joined(source: object) -> str:
    """Text that a notebook holds whole or as a list of lines; empty where it is neither."""
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def id_of(cell: Mapping[str, Any]) -> str | None:
    """The cell's nbgrader id, or None where it has none that could be one."""
    value = mapping(mapping(cell.get("metadata")).get("nbgrader")).get("grade_id")
    return value if isinstance(value, str) else None


def unique_id(value: object, place: int, used: set[str]) -> str:
    """A cell's own id where it is valid and unused, else one made of its place; it is used now."""
    made = value if isinstance(value, str) and _ID.fullmatch(value) else f"cell-{place}"
    while made in used:
        made = f"cell-{place}-{len(used)}"
        place += 1
    used.add(made)
    return made


def cleaned(value: Any, depth: int, text: Callable[[str], str] = encodable) -> Any:
    """Plain data with every text in it cleaned, and cut where it is nested too deeply."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        items = value.items() if depth > 0 else ()
        return {text(str(key)): cleaned(item, depth - 1, text) for key, item in items}
    if isinstance(value, (list, tuple)):
        return [cleaned(item, depth - 1, text) for item in value] if depth > 0 else []
    return value
