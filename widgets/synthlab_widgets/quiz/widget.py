"""Quiz: a question of the lesson that is judged at once."""

from __future__ import annotations

import hashlib
from typing import Any

from synthlab import quiz
from synthlab_widgets.asked import Asked


class Quiz(Asked):
    """A quiz question of the lesson: one or several choices, a number, or an order.

    Args:
        name: The id of its block in the lesson, e.g. ``"gan.logits"``.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When there is no such question.
    """

    def __init__(self, name: str, language: str | None = None) -> None:
        super().__init__(name, quiz.QUIZ, language)

    def _verdict(self) -> dict[str, Any]:
        if self._answer is None:
            return {"right": None, "notes": []}
        judged = quiz.judge(self._item, self._answer)
        notes = [quiz.say(self._item, note, self.language) for note in judged.notes]
        return {"right": judged.right, "notes": notes}

    def _visible(self, code: str) -> dict[str, Any]:
        visible = super()._visible(code)
        if self._item.kind == "ordering":
            visible["start"] = _mixed(self._item.id, len(self._item.options))
        return visible


def _mixed(name: str, count: int) -> list[int]:
    """An order to start from that is not the right one, always the same for a question."""
    order = sorted(range(count), key=lambda n: hashlib.sha256(f"{name}{n}".encode()).digest())
    return order if order != sorted(order) else order[1:] + order[:1]
