r"""Markdown cells as translatable paragraphs.

`split` cuts a cell into pieces whose texts, put one after another, are the cell again, byte for
byte. A paragraph, a heading, a list item's block, a table and an image's alternative text are
translatable, and so are the words in display mathematics, ``\text{…}``; its symbols, fenced and
indented code, HTML and blank lines are not.

What a translator sees (`Piece.message`) has its soft line breaks joined, so that rewrapping a
paragraph in the source does not make its translation stale.

In a language that is read from the right, a cell says so itself (`directed`), and its sentences
are isolated: the direction travels with the notebook, into whatever shows or exports it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from synthlab.sentence import LRI, PDI, from_the_right, isolate

#: Put around paragraphs that have no current translation. The badge is the source language's
#: code, not a word, so it reads the same in every language; ``lang`` and ``dir`` tell browsers
#: and screen readers what follows.
UNTRANSLATED_OPEN = '<div lang="en" dir="ltr">\n\n`en`\n\n'
UNTRANSLATED_CLOSE = "\n\n</div>"

#: Put around what reads from the left in a cell that is read from the right: code, a reference.
_LEFT_OPEN = '<div dir="ltr">\n\n'

#: Before the first cell, for pages that align every paragraph to the left, as nbconvert's do.
#: JupyterLab and the feedback leave it out, and have their own.
ALIGNED = '<style>[dir="rtl"] :is(p, td, th) { text-align: start; }</style>\n\n'

_LEFT = re.compile(re.escape(_LEFT_OPEN) + r"(.*?)\n\n</div>", re.DOTALL)
_DIRECTED = re.compile(r'<div dir="rtl" lang="\w+">\n\n(.*)\n\n</div>', re.DOTALL)

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HTML = re.compile(r" {0,3}<(?:[a-zA-Z/!?])")
_IMAGE = re.compile(r"(?P<before>\s*!\[)(?P<alt>[^\]]*)(?P<after>\]\([^)]*\)\s*)")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])(\s+|$)")
_HEADING = re.compile(r" {0,3}#{1,6}(\s|$)")
_RULE = re.compile(r" {0,3}([-*_])(\s*\1){2,}\s*")
#: Words in mathematics: what stands before, the words, and the closing brace. The index of a
#: capital letter is part of a symbol.
_WORDS = re.compile(r"(?<![^a-z][A-Z][_^]\{)(\\text(?:bf)?\{\s*)([^{}\s][^{}]*?)(\s*\})")


@dataclass(frozen=True)
class Piece:
    """A stretch of a cell; ``message`` is what to translate in it, None when nothing is.

    ``before`` and ``after`` are the parts of ``text`` around the translatable part, and
    ``indent`` is put in front of every further line of a translation. What is ``inside`` a formula
    cannot be framed where it has no translation. ``code`` is shown as it stands.
    """

    text: str
    message: str | None = None
    before: str = ""
    after: str = ""
    indent: str = ""
    inside: bool = False
    code: bool = False

    def render(self, translation: str) -> str:
        """The piece with another text in place of its message."""
        if self.inside and from_the_right(translation):
            # MathJax sets text letter by letter, unjoined, unless the token has a font of its own
            before = "\\ " if self.before[-1].isspace() else ""
            after = "\\ " if self.after[0].isspace() else ""
            return f'{before}\\mmlToken{{mtext}}[fontfamily="inherit"]{{{translation}}}{after}'
        return self.before + translation.replace("\n", "\n" + self.indent) + self.after


def split(markdown: str) -> list[Piece]:
    """Cut a Markdown cell into pieces whose texts, joined, are the cell again."""
    return list(_pieces(markdown.splitlines(keepends=True)))


def messages(markdown: str) -> list[str]:
    """What there is to translate in a cell, in order."""
    return [piece.message for piece in split(markdown) if piece.message is not None]


def render(
    markdown: str, translate: Callable[[str], str | None], *, from_right: bool = False
) -> str:
    """The cell in another language.

    Args:
        markdown: The cell in the source language.
        translate: Gives the current translation of a message, or None where there is none; what
            has none stays in the source language, between `UNTRANSLATED_OPEN` and
            `UNTRANSLATED_CLOSE`.
        from_right: Whether the language is read from the right.
    """
    output = ""
    waiting = ""  # what stands between two paragraphs of one frame stays in it
    frame = ""  # how the frame that is open was opened
    for piece in split(markdown):
        translation = None if piece.message is None else translate(piece.message)
        if from_right and translation and from_the_right(translation) and not piece.inside:
            translation = isolate(translation)
        text = piece.text if translation is None else piece.render(translation)
        own = _frame(piece, translation, frame, from_right=from_right)
        if own is None:
            output, waiting = (output, waiting + text) if frame else (output + text, "")
            continue
        if own != frame:
            output += (UNTRANSLATED_CLOSE + _apart(waiting) if frame else "") + own
        else:
            output += waiting
        body = text.rstrip("\n") if own else text
        output, waiting, frame = output + body, text[len(body) :], own
    return output + (UNTRANSLATED_CLOSE + waiting if frame else "")


def directed(markdown: str, language: str) -> str:
    """A cell in a language that is read from the right, as one that says so itself."""
    return f'<div dir="rtl" lang="{language}">\n\n{markdown}\n\n</div>'


def undirected(markdown: str) -> str:
    """The cell without what tells its direction: what people wrote."""
    text = markdown.removeprefix(ALIGNED).replace(LRI, "").replace(PDI, "")
    text = _LEFT.sub(r"\1", text)
    return _DIRECTED.sub(r"\1", text)


def _frame(piece: Piece, translation: str | None, frame: str, *, from_right: bool) -> str | None:
    """What opens the frame that a piece stands in; None where it stays in what is open."""
    if piece.code and from_right:
        return frame or _LEFT_OPEN
    if piece.message is None or piece.inside:
        return None
    if translation is None:
        return UNTRANSLATED_OPEN
    return "" if not from_right or from_the_right(translation) else _LEFT_OPEN


def _apart(between: str) -> str:
    """The text between two paragraphs, with the blank line that ends an HTML block."""
    return between if between.startswith("\n\n") else "\n\n" + between.lstrip("\n")


def _pieces(lines: list[str]) -> Iterator[Piece]:
    at = 0
    in_list = False  # an indented block after a list item continues it; elsewhere it is code
    while at < len(lines):
        end, kind = _block(lines, at, in_list)
        text = "".join(lines[at:end])
        if kind in ("blank", "verbatim", "code"):
            yield Piece(text, code=kind == "code")
        elif kind == "formula":
            yield from _formula(text)
        else:
            yield _paragraph(text)
        if kind == "text":
            in_list = bool(_ITEM.match(lines[at])) or (in_list and lines[at].startswith(" "))
        at = end


def _block(lines: list[str], at: int, in_list: bool) -> tuple[int, str]:
    """Where the block that starts at a line ends (exclusive), and its kind."""
    line = lines[at]
    if not line.strip():
        return at + 1, "blank"
    fence = _FENCE.match(line.lstrip() if in_list else line)
    if fence:
        kind = "verbatim" if in_list else "code"  # a frame would end the list
        return _closing(lines, at, lambda n: _closes(n, fence.group(1))), kind
    if line.lstrip().startswith("$$"):
        if line.strip() != "$$" and line.rstrip().endswith("$$"):
            return at + 1, "formula"
        return _closing(lines, at, lambda n: n.rstrip().endswith("$$")), "formula"
    if _HTML.match(line):
        return _until_blank(lines, at), "verbatim"
    if line.startswith(("    ", "\t")) and not in_list:
        return _until_blank(lines, at), "code"
    if _RULE.fullmatch(line):
        return at + 1, "verbatim"
    if _HEADING.match(line):
        return at + 1, "text"
    end = at + 1
    while end < len(lines) and not _interrupts(lines[end]):
        end += 1
    return end, "text"


def _interrupts(line: str) -> bool:
    """Whether a line ends the paragraph above it."""
    text = line.lstrip()
    return not text or text.startswith(("$$", "```", "~~~")) or bool(_HEADING.match(line))


def _closing(lines: list[str], at: int, closes: Callable[[str], bool]) -> int:
    for n in range(at + 1, len(lines)):
        if closes(lines[n]):
            return n + 1
    return len(lines)


def _closes(line: str, fence: str) -> bool:
    text = line.strip()
    return len(text) >= len(fence) and set(text) == {fence[0]}


def _until_blank(lines: list[str], at: int) -> int:
    end = at
    while end < len(lines) and lines[end].strip():
        end += 1
    return end


def _formula(text: str) -> Iterator[Piece]:
    """Display mathematics, cut around its words."""
    at = 0
    for words in _WORDS.finditer(text):
        yield Piece(text[at : words.start()])
        yield Piece(words[0], words[2], words[1], words[3], inside=True)
        at = words.end()
    yield Piece(text[at:])


def _paragraph(text: str) -> Piece:
    image = _IMAGE.fullmatch(text)
    if image:
        alt = image.group("alt")
        return Piece(text, alt or None, image.group("before"), image.group("after"))
    body = text.rstrip("\n")
    after = text[len(body) :]
    stripped = body.lstrip(" ")
    before = body[: len(body) - len(stripped)]
    return Piece(text, _unwrap(stripped, before), before, after, before)


def _unwrap(text: str, indent: str) -> str:
    """The paragraph with soft line breaks joined; breaks that mean something stay."""
    lines = [line.removeprefix(indent) for line in text.split("\n")]
    out = lines[0]
    for previous, line in itertools.pairwise(lines):
        hard = previous.endswith(("  ", "\\"))
        keeps = line.lstrip().startswith(("|", ">")) or bool(_ITEM.match(line))
        out = f"{out}\n{line}" if hard or keeps else f"{out.rstrip()} {line.lstrip()}"
    return out
