"""Sentences of a verdict that a kernel may have written: formatted only where that does no harm."""

from __future__ import annotations

import re
import string

from synthlab.grading.untrusted.display import harmless
from synthlab.sentence import Counted
from synthlab.words import Text

# A format field of a verdict's sentence: a name, and no width that could fill the memory.
_FIELD = re.compile(r"[a-z_][a-z0-9_]*")
_SPEC = re.compile(r"(\.\d)?[a-z%]?")


def sentence(text: Text, language: str) -> str:
    """A sentence of a verdict, formatted where that is safe and shown as it is otherwise."""
    try:
        shown = text.render(language) if _safe(text) else text.msgid
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        shown = text.msgid
    return harmless(shown)


def tame(text: Text, language: str) -> Text:
    """The sentence itself where it can be rendered without harm; what it shows otherwise."""
    try:
        if _safe(text):
            text.render(language)
            return text
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        pass
    return Text("{sentence}", {"sentence": sentence(text, language)})


def _safe(text: Text) -> bool:
    """Whether formatting can neither reach into an object nor make a huge string."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", text.domain):
        return False
    plural = text.msgid.plural if isinstance(text.msgid, Counted) else ""
    for message in (text.msgid, plural):
        for _, field, spec, _ in string.Formatter().parse(message):
            if field is not None and not (_FIELD.fullmatch(field) and _SPEC.fullmatch(spec or "")):
                return False
    return all(_safe(value) for value in text.params.values() if isinstance(value, Text))
