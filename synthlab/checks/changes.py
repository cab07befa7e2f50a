"""Words for what a learner's function changed although it was not its to change.

`synthlab.checks.arguments` finds it, in the learner's process, so what it tells is cleaned here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from synthlab.checks.describe import clean
from synthlab.words import N_, Text

#: Kind of change -> its sentence. A check names kinds in ``moves``.
KINDS = {
    "values": N_(
        "Your code writes into `{place}`, which it was given: after the call its values are others."
    ),
    "gradient": N_(
        "Your code leaves its mark in the gradient of `{place}`, which it was given: after the "
        "call `.grad` is another one."
    ),
    "requires_grad": N_(
        "Your code switches `requires_grad` of `{place}`, and does not switch it back."
    ),
    "training": N_(
        "Your code switches `{place}` with `train()` or `eval()`, and does not switch it back."
    ),
    "object": N_(
        "Your code puts another object in the place of `{place}`; whoever holds the old one, such "
        "as an optimizer, does not know it."
    ),
    "settings": N_("Your code changes `{place}`, a setting that it was given."),
    "switch": N_("Your code calls `{place}` for everything that comes later, too."),
}


@dataclass(frozen=True)
class Change:
    """One change that a call made.

    Args:
        function: The target that was called, or "".
        kind: One of `KINDS`.
        text: The sentence.
    """

    function: str
    kind: str
    text: Text


def read(told: Any) -> list[Change]:
    """The changes that a reply tells of; what is none is left out."""
    items = told if type(told) is list else []
    return [_change(item) for item in items if type(item) is dict and item.get("kind") in KINDS]


def _change(told: dict[str, Any]) -> Change:
    function, argument, part = (
        clean(told.get(key), 100) for key in ("function", "argument", "part")
    )
    between = "." if argument and part and not part.startswith("[") else ""
    kind = str(told["kind"])
    return Change(function, kind, Text(KINDS[kind], {"place": f"{argument}{between}{part}"}))
