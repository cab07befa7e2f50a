"""How results are shown, in a terminal and in a page: marks, numbers and harmless text."""

from __future__ import annotations

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


# Embeddings, overrides and isolates: they reorder what stands around them.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _acts(character: str) -> bool:
    return unicodedata.category(character) == "Cc" or character in _DIRECTIONS


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
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
