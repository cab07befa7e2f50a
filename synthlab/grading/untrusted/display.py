"""Display of results, in a terminal and in a page: marks, numbers and harmless text."""

from __future__ import annotations

import re
import unicodedata

#: A mark beside the word of every status, so that no colour carries meaning alone.
MARKS = {
    "correct": "✓",
    "partial": "◐",
    "incorrect": "✗",
    "not-attempted": "–",
    "error": "!",
    "timeout": "⧗",
    "needs-person": "✎",
    "no-response": "–",
    "graded": "✓",
}


def number(value: float) -> str:
    """Points with at most two decimals and no trailing zeros.

    >>> number(2.0), number(1.6666), number(0.5)
    ('2', '1.67', '0.5')
    """
    return f"{round(value, 2):g}"


# Embeddings, overrides and isolates: they reorder what stands around them. A left-to-right
# isolate that is closed again reorders nothing but itself, so sentences of ours keep theirs.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CLOSED = re.compile("\u2066([^\u202a-\u202e\u2066-\u2069]*)\u2069")


def _acts(character: str) -> bool:
    return unicodedata.category(character) == "Cc"


def harmless(text: str, limit: int = 600) -> str:
    r"""Text of unknown origin on one line, for a terminal or a page.

    Control characters (terminal escapes, line breaks) and direction overrides become spaces,
    what no encoding can write becomes a question mark, and a long text is cut. Escaping for
    HTML is the page's own business.

    >>> harmless("a\x1b[31mred")
    'a [31mred'
    """
    encodable = text[: limit + 1].encode("utf-8", "replace").decode("utf-8")
    line = " ".join("".join(" " if _acts(c) else c for c in encodable).split())
    line = line if len(line) <= limit else f"{line[: limit - 1]}…"
    if _DIRECTIONS.search(_CLOSED.sub("", line)):
        line = " ".join(_DIRECTIONS.sub(" ", line).split())
    return line
