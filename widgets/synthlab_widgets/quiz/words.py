"""Words of a quiz question."""

from __future__ import annotations

from collections.abc import Mapping

from synthlab.words import N_
from synthlab_widgets.words import ASKED

WORDS: Mapping[str, str] = {
    **ASKED,
    "title": N_("A question"),
    "one": N_("Choose one."),
    "several": N_("Choose all that are right."),
    "number": N_("Give a number."),
    "order": N_("Put them in order, the first on top."),
    "up": N_("Move up: {option}"),
    "down": N_("Move down: {option}"),
    "moved": N_("{option} is now number {place}."),
    "answer": N_("Answer"),
    "right": N_("Right"),
    "wrong": N_("Not right yet"),
    "again": N_("Try again"),
}
