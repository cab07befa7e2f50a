"""The outputs of a code cell, built anew: valid, bounded, and harmless where they are shown.

A kernel may send anything as an output: fields that no editor writes, text that is a number,
megabytes. What is kept is written from scratch with the fields of nbformat 4. One builder does
so, by one of two policies: the judge keeps every type of data (`kept`), and what a page shows
does nothing there (`SHOWN`).

nbgrader counts a check cell without an error, a result or stderr as full marks. So nothing that
could be one of these vanishes: an output that is none of the format's becomes an error.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab.checks.verdict import MIMETYPE
from synthlab.grading.untrusted.markup import PICTURES, box, harmless_html, picture
from synthlab.grading.untrusted.notebook import cleaned, joined, mapping, node
from synthlab.grading.untrusted.prose import harmless_markdown
from synthlab.grading.untrusted.text import MAX_TEXT, encodable, plain_text, terminal_text
from synthlab.words import N_, Text

#: Lines of a traceback that are kept, half from its beginning and half from its end.
MAX_TRACEBACK = 100

_ODD = N_("An output of this cell was not valid and is not shown.")
_MUCH = N_("This cell had more output than is kept. The rest is not shown.")
_UNSHOWN = N_("This output is not shown here: {kinds}.")


@dataclass(frozen=True)
class Policy:
    """What of a cell's outputs is kept.

    Attributes:
        most: How many outputs.
        size: Characters of all of them.
        text: Cleans terminal text.
        data: Picks and cleans a display's data, by type; nothing of it needs to be valid.
    """

    most: int
    size: int
    text: Callable[[str], str]
    data: Callable[[Mapping[str, Any]], dict[str, Any]]


def rebuilt(outputs: object, policy: Policy, language: str) -> list[NotebookNode]:
    """Outputs that mean the same to nbgrader.

    Args:
        outputs: What a code cell holds.
        policy: What is kept of them.
        language: The language of the sentences about what is not.
    """
    return [node(output) for output in _bounded(outputs, policy, language)]


def _bounded(outputs: object, policy: Policy, language: str) -> Iterator[dict[str, Any]]:
    if not isinstance(outputs, Sequence) or isinstance(outputs, (str, bytes)):
        outputs = [None] if outputs else []
    left = policy.size
    for position, output in enumerate(outputs):
        made = _output(mapping(output), policy, language)
        if made is None:
            made = _error("InvalidOutput", Text(_ODD, domain="cli").render(language))
        left -= len(json.dumps(made))
        if position >= policy.most or left < 0:
            yield _error("OutputLimit", Text(_MUCH, domain="cli").render(language))
            return
        yield made


def _output(output: Mapping[str, Any], policy: Policy, language: str) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr") and _is_text(output, "text"):
        text = policy.text(joined(output["text"]))
        return {"output_type": kind, "name": output["name"], "text": text}
    if kind == "error":
        name, value = joined(output.get("ename")) or "Error", joined(output.get("evalue"))
        return _error(name, value, output.get("traceback"))
    if kind in ("display_data", "execute_result") and isinstance(output.get("data"), Mapping):
        data = policy.data(output["data"])
        if not data:
            kinds = ", ".join(plain_text(str(k), 60) for k in list(output["data"])[:5]) or "?"
            data = {"text/plain": Text(_UNSHOWN, {"kinds": kinds}, domain="cli").render(language)}
        about = {k: _about_picture(mapping(output.get("metadata")).get(k)) for k in PICTURES}
        metadata = {k: found for k, found in about.items() if found and k in data}
        made = {"output_type": kind, "data": data, "metadata": metadata}
        if kind == "execute_result":
            made["execution_count"] = count(output.get("execution_count"))
        return made
    return None


def _is_text(of: Mapping[str, Any], name: str) -> bool:
    """Whether there is text, which nbformat also keeps as a list of lines."""
    value = of.get(name)
    lines = isinstance(value, list) and all(isinstance(line, str) for line in value)
    return isinstance(value, str) or lines


def _every_type(given: Mapping[str, Any]) -> dict[str, Any]:
    """Data as a kernel sent it, where it is valid; a verdict comes from the judge alone."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        kind = encodable(str(name))[:100]
        if kind == MIMETYPE or "/" not in kind:
            continue
        if kind.endswith("json"):
            with contextlib.suppress(ValueError):  # a number that is none
                json.dumps(clean := cleaned(value, 20), allow_nan=False)
                found[kind] = clean
        elif _is_text(given, name):
            found[kind] = encodable(joined(value))
    return found


def _harmless(given: Mapping[str, Any]) -> dict[str, Any]:
    """Pictures, and what the page shows of HTML, Markdown or TeX, in nbconvert's order."""
    pictures = {kind: picture(kind, joined(given.get(kind))) for kind in PICTURES}
    found: dict[str, Any] = {kind: data for kind, data in pictures.items() if data is not None}
    if _is_text(given, "text/html"):
        found["text/html"] = harmless_html(joined(given["text/html"]))
    elif _is_text(given, "text/markdown"):
        found["text/html"] = harmless_markdown(joined(given["text/markdown"]))
    elif _is_text(given, "text/latex"):
        latex = plain_text(joined(given["text/latex"]), 20_000)
        found["text/html"] = box(escape(latex, quote=False))
    if _is_text(given, "text/plain"):
        found["text/plain"] = terminal_text(joined(given["text/plain"]))
    return found


#: What does nothing in a page.
SHOWN = Policy(100, 8_000_000, terminal_text, _harmless)


def kept(size: int) -> Policy:
    """What the judge keeps: every type of data, of ``size`` characters in all."""
    return Policy(200, size, encodable, _every_type)


def count(value: object) -> int | None:
    """An execution count: a template writes it into the page as it is."""
    return value if type(value) is int and 0 <= value < 1_000_000 else None


def _about_picture(given: object) -> dict[str, Any]:
    """The size and the words of a picture, from what stands beside an output's data."""
    about = mapping(given)
    sizes = {name: about.get(name) for name in ("width", "height")}
    found: dict[str, Any] = {k: v for k, v in sizes.items() if type(v) is int and 0 < v <= 4_000}
    if isinstance(about.get("alt"), str):
        found["alt"] = plain_text(about["alt"], 500)
    return found


def _error(name: str, value: str, traceback: object = None) -> dict[str, Any]:
    return {
        "output_type": "error",
        "ename": plain_text(name, 200),
        "evalue": plain_text(value, 2_000),
        "traceback": _lines(traceback) or [plain_text(f"{name}: {value}", 2_200)],
    }


def _lines(traceback: object) -> list[str]:
    """The lines of a traceback: as many as are kept, none longer than what is left of room."""
    given = traceback if isinstance(traceback, Sequence) and not isinstance(traceback, str) else []
    lines = [line for line in given if isinstance(line, str)]
    if len(lines) > MAX_TRACEBACK:
        half = MAX_TRACEBACK // 2
        lines = [*lines[:half], "…", *lines[-half:]]
    kept, left = [], MAX_TEXT
    for line in lines:
        kept.append(terminal_text(line, max(left, 0)))
        left -= len(line)
    return kept
