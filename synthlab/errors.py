"""The one error that people read: a sentence that says what was wrong and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import reduce

from synthlab.sentence import Text


class SynthlabError(Exception):
    """Bad input, told in one clear sentence, in the reader's language.

    The command line prints the sentence and exits with a status that is not 0; a
    traceback appears only under ``--debug``.

    Args:
        msgid: The English sentence, with ``str.format`` fields; the catalogue ``errors`` has it.
        params: Plain values, texts or errors for the fields.

    Attributes:
        text: The sentence.
    """

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        values = {k: v.text if isinstance(v, SynthlabError) else v for k, v in params.items()}
        self.text: Text = Text(msgid, values, domain="errors")

    def __str__(self) -> str:
        return self.text.render()


def unknown(msgid: str, name: object, valid: Iterable[str], **params: object) -> SynthlabError:
    """An error for a name that does not exist, with the nearest names that do.

    Args:
        msgid: The English sentence that says so, with the field ``{name}``.
        name: What was given.
        valid: The names that exist.
        params: Values for further fields.

    >>> str(unknown("There is no unit called {name}.", "gna", ["gan", "vae"]))
    "There is no unit called 'gna'. Did you mean 'gan'?"
    """
    missing = SynthlabError(msgid, name=repr(name), **params)
    names = sorted(valid)
    if near := list[object](repr(one) for one in nearest(str(name), names)):
        choice = reduce(lambda a, b: SynthlabError("{this} or {that}", this=a, that=b), near)
        return SynthlabError("{missing} Did you mean {choice}?", missing=missing, choice=choice)
    if not names:
        return SynthlabError("{missing} Those that exist: none yet.", missing=missing)
    listed = ", ".join(map(repr, names))
    return SynthlabError("{missing} Those that exist: {listed}.", missing=missing, listed=listed)


def nearest(name: str, valid: Iterable[str]) -> list[str]:
    """At most three of the valid names that somebody may have meant."""
    return difflib.get_close_matches(name, sorted(valid), n=3, cutoff=0.5)
