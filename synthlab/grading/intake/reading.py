"""A submitted notebook file as a notebook of today's format, or one sentence that says why not.

What a file holds is of unknown intent: metadata that no notebook may hold, cells that are none,
text that no encoding can write. nbconvert validates a notebook after every step and gives up on
a whole submission; so it is settled before.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from synthlab.grading.untrusted.notebook import cleaned, joined, mapping, node, unique_id
from synthlab.grading.untrusted.text import one_line
from synthlab.words import N_, Text

#: Bytes of the largest notebook that is read. A full answer with its pictures has under 2 MB.
MAX_BYTES = 50_000_000
#: Cells of the longest notebook that is read; the course's have under a hundred.
MAX_CELLS = 2_000
#: Levels of nesting that metadata may have.
MAX_DEPTH = 40
#: The kernel that every exercise of the course is made for.
KERNEL = "python3"


@dataclass(frozen=True)
class Reading:
    """A notebook that could be read.

    Attributes:
        notebook: It, in the newest minor format of 4, valid, without outputs.
        notes: What was put right, one sentence each.
    """

    notebook: NotebookNode
    notes: tuple[Text, ...] = ()


def read(path: Path) -> Reading | Text:
    """Read a notebook file; a sentence says why it is none."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return _say(
                N_("{name} has more than {most} MB, which no notebook of this course has."),
                name=path.name,
                most=MAX_BYTES // 1_000_000,
            )
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        return _say(N_("{name} cannot be read: {error}."), name=path.name, error=error.strerror)
    except (ValueError, RecursionError):
        return _say(
            N_("{name} is damaged: it is not valid JSON, as every notebook is."), name=path.name
        )
    version = _version(data)
    found = None if version is None else settle(data)
    if version is None or found is None:
        return _say(
            N_("{name} is damaged: it is JSON, but not a Jupyter notebook."), name=path.name
        )
    notes = list(found.notes)
    if version < (4, 5):
        text = N_("The notebook had the old format {version} and was converted.")
        notes.insert(0, _say(text, version=".".join(map(str, version))))
    kernel = mapping(mapping(data.get("metadata")).get("kernelspec")).get("name")
    if isinstance(kernel, str) and kernel not in ("", KERNEL):
        text = N_("The notebook named the kernel {kernel}; it was graded with Python.")
        notes.append(_say(text, kernel=one_line(kernel, 40)))
    return Reading(found.notebook, tuple(notes))


def settle(data: Mapping[str, Any]) -> Reading | None:
    """A notebook as it can be graded, None where it is none.

    Args:
        data: A notebook of any format, as plain data or as a node.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = _upgraded(cleaned(data, 2 * MAX_DEPTH))
    except Exception:  # nbformat's converters fail on odd data in as many ways as there are
        return None
    if made is None or not isinstance(made.get("cells"), list) or len(made["cells"]) > MAX_CELLS:
        return None
    cells = [cell for cell in made["cells"] if isinstance(cell, dict)]
    ids: set[str] = set()
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": mapping(made.get("metadata")),
        "cells": [_cell(cell, i, ids) for i, cell in enumerate(cells)],
    }
    if _valid(notebook):
        return Reading(node(notebook))
    _strip(notebook)
    note = _say(N_("Metadata that no notebook may hold was left out."))
    return Reading(node(notebook), (note,)) if _valid(notebook) else None


def _version(data: Any) -> tuple[int, int] | None:
    if not isinstance(data, dict):
        return None
    major, minor = data.get("nbformat"), data.get("nbformat_minor", 0)
    if type(major) is not int or type(minor) is not int or not 1 <= major <= 4:
        return None
    return (major, minor)


def _upgraded(data: dict[str, Any]) -> dict[str, Any] | None:
    """The data in format 4, whatever its minor."""
    if data.get("nbformat") == 4:
        return data
    convert: Any = nbformat.convert  # untyped
    reads: Any = nbformat.reader.reads
    made = convert(reads(json.dumps(data)), 4)
    plain: dict[str, Any] = json.loads(json.dumps(made))
    for cell in plain["cells"]:
        cell.pop("id", None)  # drawn at random
    return plain


def _cell(cell: dict[str, Any], place: int, ids: set[str]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    if kind not in ("code", "markdown", "raw"):
        kind = "code" if "outputs" in cell or "execution_count" in cell else "raw"
    made = {
        "id": unique_id(cell.get("id"), place, ids),
        "cell_type": kind,
        "metadata": mapping(cell.get("metadata")),
        "source": joined(cell.get("source")),
    }
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    elif isinstance(cell.get("attachments"), dict):
        made["attachments"] = cell["attachments"]
    return made


def _strip(notebook: dict[str, Any]) -> None:
    """Keep of all metadata what a cell and its exercise are known by."""
    notebook["metadata"] = _known(notebook["metadata"], "synthlab", ("unit", "language"))
    for cell in notebook["cells"]:
        entry = _known(cell["metadata"], "nbgrader", ("grade_id",))
        cell["metadata"] = entry | _known(cell["metadata"], "synthlab", ("key",))
        cell.pop("attachments", None)


def _known(metadata: Mapping[str, Any], name: str, keys: tuple[str, ...]) -> dict[str, Any]:
    entry = mapping(metadata.get(name))
    found = {key: entry[key] for key in keys if isinstance(entry.get(key), str)}
    return {name: found} if found else {}


def _valid(notebook: dict[str, Any]) -> bool:
    try:
        json.dumps(notebook, allow_nan=False).encode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            nbformat.validate(node(notebook))
    except (nbformat.ValidationError, ValueError, TypeError, RecursionError):
        return False
    return _depth_is_bearable(notebook)


def _depth_is_bearable(value: Any, left: int = MAX_DEPTH) -> bool:
    """Whether nothing in it is nested so deeply that somebody's recursion gives up."""
    if not isinstance(value, (dict, list)):
        return True
    items = value.values() if isinstance(value, dict) else value
    return left > 0 and all(_depth_is_bearable(item, left - 1) for item in items)


def _say(msgid: str, **params: object) -> Text:
    return Text(msgid, params, domain="cli")
