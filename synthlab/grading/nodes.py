"""Nodes of a notebook, from data of unknown origin."""

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
