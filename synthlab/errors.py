"""The one error that people read: a sentence that says what was wrong and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SynthlabError(Exception):
    """Bad input, told in one clear sentence.

    The command line prints the sentence and exits with a status that is not 0; a
    traceback appears only under ``--debug``.
    """


def unknown(kind: str, name: str, valid: Iterable[str]) -> SynthlabError:
    """An error for a name that does not exist, with the nearest names that do.

    Args:
        kind: What the name should have been, e.g. ``"check"``.
        name: What was given.
        valid: The names that exist.

    >>> str(unknown("unit", "gna", ["gan", "vae"]))
    "There is no unit called 'gna'. Did you mean 'gan'?"
    """
    names = sorted(valid)
    near = nearest(name, names)
    if near:
        choice = " or ".join(repr(n) for n in near)
        return SynthlabError(f"There is no {kind} called {name!r}. Did you mean {choice}?")
    listed = ", ".join(repr(n) for n in names) or "none yet"
    return SynthlabError(f"There is no {kind} called {name!r}. Those that exist: {listed}.")


def nearest(name: str, valid: Iterable[str]) -> list[str]:
    """At most three of the valid names that somebody may have meant."""
    return difflib.get_close_matches(name, sorted(valid), n=3, cutoff=0.5)
