"""Notebooks as data of unknown origin: nodes, the text of a cell, and the id it is graded by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode, from_dict


def node(data: Mapping[str, Any]) -> NotebookNode:
    """Data of a notebook, a cell, an output or metadata as nbformat's node."""
    make: Any = from_dict  # untyped
    made: NotebookNode = make(dict(data))
    return made


def joined(source: object) -> str:
    """Text that a notebook holds whole or as a list of lines; empty where it is neither."""
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def id_of(cell: Mapping[str, Any]) -> str | None:
    """The cell's nbgrader id, or None where it has none that could be one."""
    metadata = cell.get("metadata")
    entry = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    value = entry.get("grade_id") if isinstance(entry, Mapping) else None
    return value if isinstance(value, str) else None
