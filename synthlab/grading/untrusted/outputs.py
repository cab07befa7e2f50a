"""The outputs of a code cell, built anew: valid, bounded and harmless.

A kernel may send anything as an output: fields that no editor writes, text that is a number,
megabytes. What is kept is written from scratch with the fields of nbformat 4.

nbgrader counts a check cell without an error, a result or stderr as full marks. So nothing that
could be one of these vanishes: an output that is none of the format's becomes an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab.grading.untrusted.images import picture
from synthlab.grading.untrusted.markup import box, harmless_html
from synthlab.grading.untrusted.notebook import node
from synthlab.grading.untrusted.prose import harmless_markdown
from synthlab.grading.untrusted.terminal import MAX_TEXT, plain_text, terminal_text
from synthlab.words import N_, Text

#: Outputs of one cell that are kept.
MAX_OUTPUTS = 100
#: Characters of all outputs of one cell.
MAX_CELL = 8_000_000
#: Lines of a traceback that are kept, half from its beginning and half from its end.
MAX_TRACEBACK = 100

_STREAMS = ("stdout", "stderr")
PICTURES = ("image/png", "image/jpeg")
_SIZES = ("width", "height")


def harmless_outputs(outputs: object, language: str) -> list[NotebookNode]:
    """Outputs that mean the same to nbgrader and do nothing in a page.

    Args:
        outputs: What a code cell holds.
        language: The language of the sentences about what is not shown.
    """
    return [node(output) for output in _bounded(outputs, language)]


def _bounded(outputs: object, language: str) -> Iterator[dict[str, Any]]:
    if not isinstance(outputs, Sequence) or isinstance(outputs, (str, bytes)):
        if outputs:
            yield _odd(language)
        return
    left = MAX_CELL
    for position, output in enumerate(outputs):
        kept = _output(output, language)
        left -= _size(kept)
        if position >= MAX_OUTPUTS or left < 0:
            yield _error("OutputLimit", _say(_MUCH, language))
            return
        yield kept


_ODD = N_("An output of this cell was not valid and is not shown.")
_MUCH = N_("This cell had more output than is kept. The rest is not shown.")
_UNSHOWN = N_("This output is not shown here: {kinds}.")


def _output(output: object, language: str) -> dict[str, Any]:
    if not isinstance(output, Mapping):
        return _odd(language)
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in _STREAMS:
        text = _joined(output.get("text"))
        if text is not None:
            return {"output_type": kind, "name": output["name"], "text": terminal_text(text)}
    elif kind == "error":
        return _error(
            _joined(output.get("ename")) or "Error",
            _joined(output.get("evalue")) or "",
            output.get("traceback"),
        )
    elif kind in ("display_data", "execute_result") and isinstance(output.get("data"), Mapping):
        shown = {"output_type": kind, **_display(output, language)}
        if kind == "execute_result":
            shown["execution_count"] = count(output.get("execution_count"))
        return shown
    return _odd(language)


def _display(output: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The data that is shown, and the size and the words of a picture."""
    given = output["data"]
    data: dict[str, str] = {}
    about: dict[str, dict[str, Any]] = {}
    plain = _joined(given.get("text/plain"))
    for kind in PICTURES:
        found = picture(kind, _joined(given.get(kind)))
        if found is not None:
            data[kind] = found
            about[kind] = about_picture(output.get("metadata"), kind)
    html = _html(given)
    if html is not None:
        data["text/html"] = html
    elif plain is None and not data:
        kinds = ", ".join(plain_text(str(kind), 60) for kind in list(given)[:5]) or "?"
        plain = Text(_UNSHOWN, {"kinds": kinds}, domain="cli").render(language)
    if plain is not None:
        data["text/plain"] = terminal_text(plain)
    return {"data": data, "metadata": {kind: found for kind, found in about.items() if found}}


def _html(given: Mapping[str, Any]) -> str | None:
    """What the page shows of HTML, Markdown or TeX, in nbconvert's order."""
    html = _joined(given.get("text/html"))
    if html is not None:
        return harmless_html(html)
    markdown = _joined(given.get("text/markdown"))
    if markdown is not None:
        return harmless_markdown(markdown)
    latex = _joined(given.get("text/latex"))
    if latex is None:
        return None
    shown = plain_text(latex, 20_000).replace("&", "&amp;").replace("<", "&lt;")
    return box(shown.replace(">", "&gt;"))


def about_picture(metadata: object, kind: str) -> dict[str, Any]:
    """The size and the words of a picture, from an output's metadata.

    Args:
        metadata: What stands beside the output's data.
        kind: The picture's mime type.
    """
    given = metadata.get(kind) if isinstance(metadata, Mapping) else None
    if not isinstance(given, Mapping):
        return {}
    found: dict[str, Any] = {
        name: given[name] for name in _SIZES if type(given.get(name)) is int and given[name] > 0
    }
    found = {name: value for name, value in found.items() if value <= 4_000}
    if isinstance(given.get("alt"), str):
        found["alt"] = plain_text(given["alt"], 500)
    return found


def count(value: object) -> int | None:
    """An execution count: a template writes it into the page as it is."""
    return value if type(value) is int and 0 <= value < 1_000_000 else None


def _error(name: str, value: str, traceback: object = None) -> dict[str, Any]:
    lines = _lines(traceback)
    return {
        "output_type": "error",
        "ename": plain_text(name, 200),
        "evalue": plain_text(value, 2_000),
        "traceback": lines or [plain_text(f"{name}: {value}", 2_200)],
    }


def _lines(traceback: object) -> list[str]:
    """The lines of a traceback: as many as are kept, none longer than what is left of room."""
    if not isinstance(traceback, Sequence) or isinstance(traceback, (str, bytes)):
        return []
    lines = [line for line in traceback if isinstance(line, str)]
    if len(lines) > MAX_TRACEBACK:
        half = MAX_TRACEBACK // 2
        lines = [*lines[:half], "…", *lines[-half:]]
    kept, left = [], MAX_TEXT
    for line in lines:
        kept.append(terminal_text(line, max(left, 0)))
        left -= len(line)
    return kept


def _odd(language: str) -> dict[str, Any]:
    return _error("InvalidOutput", _say(_ODD, language))


def _say(msgid: str, language: str) -> str:
    return Text(msgid, domain="cli").render(language)


def _joined(value: object) -> str | None:
    """Text, which nbformat also keeps as a list of lines; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    return None


def _size(output: Mapping[str, Any]) -> int:
    data = output.get("data", {})
    return len(output.get("text", "")) + sum(len(value) for value in data.values())
