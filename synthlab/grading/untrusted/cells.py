"""Cells and notebooks, built anew from the fields that the format knows.

Templates use what no notebook editor writes: ``metadata.tags`` become classes of the page,
``metadata.transient`` hides a cell, ``metadata.widgets`` and ``language_info`` stop an exporter
when they are odd. None of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab.grading.untrusted.markup import as_text, box
from synthlab.grading.untrusted.notebook import joined, mapping, node, unique_id
from synthlab.grading.untrusted.outputs import SHOWN, count, rebuilt
from synthlab.grading.untrusted.prose import harmless_markdown
from synthlab.grading.untrusted.text import encodable, plain_text
from synthlab.words import N_, Text

#: Characters of the longest code that is shown.
MAX_SOURCE = 100_000
#: The language that every notebook of the course is in, for the highlighting of its code.
_LANGUAGE = {"name": "python", "pygments_lexer": "ipython3", "file_extension": ".py"}

_KEY = re.compile(r"[A-Za-z0-9_./:-]{1,120}")
_CUT = N_(
    "The rest of this cell, {n} character, is not shown.",
    "The rest of this cell, {n} characters, is not shown.",
)


def harmless_cells(cells: Sequence[Mapping[str, Any]], language: str) -> list[NotebookNode]:
    """Cells that show the same and do nothing; a raw one becomes Markdown that shows text.

    Args:
        cells: The cells, executed where they hold code.
        language: The language of the sentences about what is not shown.
    """
    used: set[str] = set()
    return [
        _cell(cell, unique_id(cell.get("id"), place, used), language)
        for place, cell in enumerate(cells)
    ]


def _cell(cell: Mapping[str, Any], identity: str, language: str) -> NotebookNode:
    kind = cell.get("cell_type")
    source = encodable(joined(cell.get("source")))
    made: dict[str, Any] = {
        "id": identity,
        "cell_type": "code" if kind == "code" else "markdown",
        "metadata": _metadata(mapping(cell.get("metadata"))),
    }
    if kind == "code":
        made["source"] = _cut(source, language)
        made["execution_count"] = count(cell.get("execution_count"))
        made["outputs"] = rebuilt(cell.get("outputs"), SHOWN, language)
    elif kind == "markdown":
        made["source"] = harmless_markdown(source, cell.get("attachments"))
    else:
        made["source"] = box(as_text(source))
    return node(made)


def harmless_metadata(metadata: object) -> NotebookNode:
    """A notebook's metadata: the kernel of the release, Python, the unit and its language."""
    made: dict[str, Any] = {"language_info": dict(_LANGUAGE)}
    for name in ("kernelspec", "synthlab"):
        entry = mapping(metadata).get(name)
        if isinstance(entry, Mapping):
            made[name] = {
                key: plain_text(entry[key], 100)
                for key in ("name", "display_name", "language", "unit")
                if isinstance(entry.get(key), str)
            }
    return node(made)


def _metadata(given: Mapping[str, Any]) -> dict[str, Any]:
    """What nbgrader and `synthlab language` know a cell by."""
    made: dict[str, Any] = {}
    if isinstance(given.get("nbgrader"), Mapping):
        made["nbgrader"] = given["nbgrader"]  # from the gradebook: see RestoreCells
    key = mapping(given.get("synthlab")).get("key")
    if isinstance(key, str) and _KEY.fullmatch(key):
        made["synthlab"] = {"key": key}
    return made


def _cut(source: str, language: str) -> str:
    if len(source) <= MAX_SOURCE:
        return source
    note = Text(_CUT, {"n": len(source) - MAX_SOURCE}, domain="cli").render(language)
    return f"{source[:MAX_SOURCE]}\n# {note}"
