"""Cells and notebooks, built anew from the fields that the format knows.

Templates use what no notebook editor writes: ``metadata.tags`` become classes of the page,
``metadata.transient`` hides a cell, ``metadata.widgets`` and ``language_info`` stop an exporter
when they are odd. None of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab.grading.untrusted.markup import as_text, box
from synthlab.grading.untrusted.notebook import joined, node
from synthlab.grading.untrusted.outputs import count, harmless_outputs
from synthlab.grading.untrusted.prose import harmless_markdown
from synthlab.grading.untrusted.terminal import encodable, plain_text
from synthlab.words import N_, Text

#: Characters of the longest code that is shown.
MAX_SOURCE = 100_000
#: The language that every notebook of the course is in, for the highlighting of its code.
_LANGUAGE = {"name": "python", "pygments_lexer": "ipython3", "file_extension": ".py"}

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KEY = re.compile(r"[A-Za-z0-9_./:-]{1,120}")
_CUT = N_(
    "The rest of this cell, {n} character, is not shown.",
    "The rest of this cell, {n} characters, is not shown.",
)


def harmless_cell(cell: Mapping[str, Any], position: int, language: str) -> NotebookNode:
    """A cell that shows the same and does nothing; a raw one becomes Markdown that shows text.

    Args:
        cell: The cell, executed if it holds code.
        position: Its place, from which a cell without a valid id gets one.
        language: The language of the sentences about what is not shown.
    """
    kind = cell.get("cell_type")
    source = encodable(joined(cell.get("source")))
    made: dict[str, Any] = {
        "id": _identity(cell.get("id"), position),
        "cell_type": "code" if kind == "code" else "markdown",
        "metadata": _metadata(cell.get("metadata")),
    }
    if kind == "code":
        made["source"] = _cut(source, language)
        made["execution_count"] = count(cell.get("execution_count"))
        made["outputs"] = harmless_outputs(cell.get("outputs"), language)
    elif kind == "markdown":
        made["source"] = harmless_markdown(source, cell.get("attachments"))
    else:
        made["source"] = box(as_text(source))
    return node(made)


def unique_ids(cells: list[NotebookNode]) -> None:
    """Give a new id to every cell whose id another one had before it."""
    seen: set[str] = set()
    for position, cell in enumerate(cells):
        if cell.id in seen:
            cell.id = f"cell-{position}-{len(seen)}"
        seen.add(cell.id)


def harmless_metadata(metadata: object) -> NotebookNode:
    """A notebook's metadata: the kernel of the release, Python, the unit and its language."""
    given = metadata if isinstance(metadata, Mapping) else {}
    made: dict[str, Any] = {"language_info": dict(_LANGUAGE)}
    for name in ("kernelspec", "synthlab"):
        entry = given.get(name)
        if isinstance(entry, Mapping):
            made[name] = {
                key: plain_text(entry[key], 100)
                for key in ("name", "display_name", "language", "unit")
                if isinstance(entry.get(key), str)
            }
    return node(made)


def _metadata(metadata: object) -> dict[str, Any]:
    """What nbgrader and `synthlab language` know a cell by."""
    given = metadata if isinstance(metadata, Mapping) else {}
    made: dict[str, Any] = {}
    if isinstance(given.get("nbgrader"), Mapping):
        made["nbgrader"] = given["nbgrader"]  # from the gradebook: see RestoreCells
    own = given.get("synthlab")
    key = own.get("key") if isinstance(own, Mapping) else None
    if isinstance(key, str) and _KEY.fullmatch(key):
        made["synthlab"] = {"key": key}
    return made


def _identity(value: object, position: int) -> str:
    return value if isinstance(value, str) and _ID.fullmatch(value) else f"cell-{position}"


def _cut(source: str, language: str) -> str:
    if len(source) <= MAX_SOURCE:
        return source
    note = Text(_CUT, {"n": len(source) - MAX_SOURCE}, domain="cli").render(language)
    return f"{source[:MAX_SOURCE]}\n# {note}"
