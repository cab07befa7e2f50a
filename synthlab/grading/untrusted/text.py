r"""Text of unknown intent, cleaned: its letters and its colours, nothing that moves or hides.

nbconvert 7.17 turns colours into HTML safely, but a colour that is cut short (``ESC[38m``)
stops it with an IndexError, and formgrader answers "500" for the whole submission; and its time
grows with the square of the number of colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Characters of the longest text of one output that is kept.
MAX_TEXT = 100_000
#: Changes of colour in one text that are kept.
MAX_COLOURS = 2_000

_ESCAPE = re.compile(
    r"\x1b\[([0-9;]*)m"  # a colour
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # any other control sequence
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # a title, a link, the clipboard
    r"|\x1b."
)
# 38 and 48 take what follows; these stand alone.
_ALONE = {0, 1, 3, 4, 7, 22, 23, 24, 27, 39, 49, *range(30, 38), *range(40, 48)}
_ALONE |= {*range(90, 98), *range(100, 108)}
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
# Embeddings, overrides and isolates: they reorder what stands around them. A left-to-right
# isolate that is closed again reorders nothing but itself, so sentences of ours keep theirs.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CLOSED = re.compile("\u2066([^\u202a-\u202e\u2066-\u2069]*)\u2069")
_ACTS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def encodable(text: str) -> str:
    """Text that UTF-8 can write: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def one_line(text: str, limit: int = 600) -> str:
    r"""Text on one line, cut to ``limit`` characters; escaping for HTML is the page's business.

    >>> one_line("a\x1b[31mred")
    'a [31mred'
    """
    line = " ".join(_CONTROLS.sub(" ", encodable(text[: limit + 1])).split())
    line = line if len(line) <= limit else f"{line[: limit - 1]}…"
    if _DIRECTIONS.search(_CLOSED.sub("", line)):
        line = " ".join(_DIRECTIONS.sub(" ", line).split())
    return line


def plain_text(text: str, limit: int = MAX_TEXT) -> str:
    """Text without anything but letters, tabs and line breaks, cut after ``limit`` characters."""
    return _letters(_ESCAPE.sub("", _cut(text, limit)))


def terminal_text(text: str, limit: int = MAX_TEXT) -> str:
    r"""Text as a terminal would have left it, cut after ``limit`` characters.

    >>> terminal_text("10 %\r20 %\x1b[2K \x1b[38mred\x1b[31m!")
    '20 % red\x1b[31m!'
    """
    lines = "".join(_pieces(_cut(text, limit))).split("\n")
    # A line that was written over, as progress bars do, shows what was written last.
    return "\n".join(line.rstrip("\r").rsplit("\r", 1)[-1].replace("\r", "") for line in lines)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"


def _letters(text: str) -> str:
    return _ACTS.sub(" ", encodable(text))


def _pieces(text: str) -> Iterator[str]:
    at = colours = 0
    for found in _ESCAPE.finditer(text):
        yield _letters(text[at : found.start()])
        at = found.end()
        if found[1] is not None and colours < MAX_COLOURS and _whole(found[1]):
            colours += 1
            yield found[0]
    yield _letters(text[at:])


def _whole(numbers: str) -> bool:
    """Whether the numbers of a colour are complete and small."""
    if len(numbers) > 40:
        return False
    rest = [int(n) if n else 0 for n in numbers.split(";")]
    while rest:
        first = rest.pop(0)
        if first in (38, 48):
            takes = {5: 2, 2: 4}.get(rest[0], 0) if rest else 0
            if not takes or len(rest) < takes or max(rest[:takes]) > 255:
                return False
            del rest[:takes]
        elif first not in _ALONE:
            return False
    return True
