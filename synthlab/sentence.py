"""Sentences that are translated when they are shown, and isolated from text of the other direction.

Between right-to-left letters, "-2000" would read "2000-" and "(3, 4)" would read "4 ,3)". So
what reads from the left stands there in a left-to-right isolate of Unicode: in a terminal, in
Markdown and in JSON as its two characters, in HTML (`html`) as an element.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import Any, ClassVar

LRI, PDI = "\u2066", "\u2069"

_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"  # what reads from the right
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # what could reorder its neighbours
_CODE = r"(?<!`)`([^`]+)`(?!`)"
#: An isolate, code, what opens a block, a formula and a field are whole, whatever they hold.
_ATOM = re.compile(
    rf"{LRI}[^{PDI}]*{PDI}|(?<!`)`[^`]+`(?!`)|`{{3,}}\w*|\$[^$\n]+\$|\{{\w[^{{}}\s]*\}}"
)
# Signs of Markdown end a run: emphasis, a cell of a table, a link's target, a tag, the marker of a
# heading or an item. So do quotation marks and dashes between clauses.
_MARK = rf"\]\([^)\s]*\)|</?[a-zA-Z][^>]*>|^[ >]*(?:[-*+]|\d+[.)]) +|[#«»“”„…—|*`${LRI}{PDI}]"
_SIGN = rf"(?:{_ATOM.pattern}|(?<=\w)[*|](?=\w)|(?<=\w\(\w)[*](?=\))|(?!{_MARK})[^\s{_RTL}])"
_RUN = re.compile(rf"{_SIGN}+(?: (?:(?:[*]|[|]{{2}}) )?{_SIGN}+)*|{_MARK}", re.MULTILINE)
_MARKER = re.compile(_MARK, re.MULTILINE)
#: Words that begin with a letter, and a number without a sign, cannot be turned round.
_STEADY = re.compile(r"[^\W\d]\w*(?:[ .'/-]\w+)*|\d+(?:[.,:/]\d+)*%?")
#: What a clause has at its ends that belongs to the sentence around it.
_EDGES = re.compile(
    r"((?:[^\w\s%\ue000-\uf8ff]+ )*[.,;:!?]*)(.*?)([.,;:!?]*(?: [^\w\s%\ue000-\uf8ff]+)*)"
)


def from_the_right(text: str) -> bool:
    """Whether a text has letters that read from the right."""
    return bool(re.search(f"[{_RTL}]", text))


def isolate(text: str) -> str:
    """The sentence with every formula, tuple, signed number and piece of code isolated.

    Only what bidirectional text could turn round is touched, and nothing is isolated twice. The
    sentence may be Markdown, and may have fields.

    >>> isolate("من -2000 إلى (0, 1].").replace(LRI, "<").replace(PDI, ">")
    'من <-2000> إلى <(0, 1]>.'
    """
    if not from_the_right(text):
        return _wrapped(text)
    return _RUN.sub(lambda found: _in_clauses(found[0]), text)


def _in_clauses(run: str) -> str:
    """Isolate the clauses of a stretch that has no right-to-left letters."""
    if _MARKER.fullmatch(run):
        return run
    whole = _ATOM.sub(lambda found: "_" * len(found[0]), run)  # blind to what is in an atom
    opened: list[int] = []
    cuts = [0, len(run)]
    for at, sign in enumerate(whole):
        if sign in "([{":
            opened.append(at)
        elif sign in ")]}" and opened:
            opened.pop()
        elif sign in ")]}" or (sign == " " and whole[at - 1] in ".,;:!?" and not opened):
            cuts += [at, at + 1]
    for at in opened:  # and never closed: its partner stands among letters of the other direction
        cuts += [at, at + 1]
    return "".join(_clause(run[a:b]) for a, b in pairwise(sorted(cuts)))


def _clause(clause: str) -> str:
    atoms: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        atoms.append(found[0])
        return chr(0xE000 + len(atoms) - 1)

    def put_back(text: str) -> str:
        return re.sub("[\ue000-\uf8ff]", lambda found: atoms[ord(found[0]) - 0xE000], text)

    # a private character of the sentence itself is an atom too: only placeholders are put back
    edges = _EDGES.fullmatch(re.sub(rf"{_ATOM.pattern}|[\ue000-\uf8ff]", put_away, clause))
    if edges is None:
        return clause
    before, core, after = map(put_back, edges.groups())
    return f"{before}{_wrapped(core)}{after}"


def _wrapped(text: str) -> str:
    """A piece that reads from the left, in an isolate where it needs one."""
    if re.fullmatch(rf"{LRI}[^{PDI}]*{PDI}|\$[^$]*\$", text) or "://" in text:
        return text
    words = re.sub(rf"^{_CODE}$", r"\1", re.sub(r"\{[^{}\s]*\}", "0", text))
    if _STEADY.fullmatch(words) or not re.search(r"[\w`]", text):
        return text
    return LRI + text.replace(LRI, "").replace(PDI, "") + PDI


def html(sentence: str) -> str:
    """A rendered sentence as HTML: `code` in backticks and isolates become elements."""
    text = re.sub(rf"{LRI}(`[^`]+`){PDI}", r"\1", escape(sentence))
    text = re.sub(_CODE, r'<code dir="ltr">\1</code>', text)
    return text.replace(LRI, '<bdi dir="ltr">').replace(PDI, "</bdi>")


class Counted(str):
    """A message that counts ``{n}`` of something: with one, and in ``plural`` with more."""

    plural: str

    def __new__(cls, singular: str, plural: str) -> Counted:
        """Mark a message and its plural for extraction."""
        message = super().__new__(cls, singular)
        message.plural = plural
        return message


class _Formatter(string.Formatter):
    """``str.format`` with every value isolated that needs it."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text: str = super().format_field(value, format_spec)
        return text if from_the_right(text) else _wrapped(text)


@dataclass(frozen=True)
class Text:
    """A sentence that is translated when it is shown, not when it is made.

    Args:
        msgid: The English sentence, with ``str.format`` fields; `Counted` where it has a plural.
        params: Plain values for the fields; a `Text` among them is rendered first.
        domain: The catalogue that holds the sentence.
    """

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    domain: str = "checks"

    #: Gives the sentence in a language, or the reader's, and whether that is read from the right;
    #: the package puts the catalogues of `synthlab.words` here.
    lookup: ClassVar[Callable[[Text, str | None], tuple[str, bool]]] = lambda text, code: (
        text.msgid,
        False,
    )

    def render(self, code: str | None = None) -> str:
        """The sentence in the given language, or the reader's."""
        sentence, from_right = Text.lookup(self, code)
        values = {
            key: value.render(code) if isinstance(value, Text) else _tame(value)
            for key, value in self.params.items()
        }
        return filled(sentence, values, from_right)

    def to_dict(self) -> dict[str, Any]:
        """The sentence as JSON-ready data: its message, plural and parameters."""
        params = {
            key: value.to_dict() if isinstance(value, Text) else str(value)
            for key, value in self.params.items()
        }
        data = {"msgid": str(self.msgid), "params": params, "domain": self.domain}
        return data | ({"plural": self.msgid.plural} if isinstance(self.msgid, Counted) else {})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Text:
        """The sentence that `to_dict` wrote; raises KeyError, TypeError and AttributeError."""
        params = {
            key: cls.from_dict(value) if isinstance(value, Mapping) else str(value)
            for key, value in data["params"].items()
        }
        msgid, plural = str(data["msgid"]), data.get("plural")
        message = Counted(msgid, str(plural)) if plural else msgid
        return cls(message, params, str(data["domain"]))


def filled(sentence: str, values: Mapping[str, object], from_right: bool) -> str:
    """The sentence with its fields filled and, where it is read from the right, isolated."""
    if not from_right:
        return sentence.format(**values) if values else sentence
    return isolate(_Formatter().format(sentence, **values) if values else sentence)


def _tame(value: object) -> object:
    return _CONTROLS.sub("", value) if isinstance(value, str) else value
