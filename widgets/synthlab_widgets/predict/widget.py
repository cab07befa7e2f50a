"""Predict: a prediction that is committed before its result is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from synthlab import quiz
from synthlab.errors import SynthlabError
from synthlab_widgets.asked import Asked


class Predict(Asked):
    """A prediction: committed before the result is shown, then both are laid over each other.

    Args:
        name: The id of its block in the lesson, e.g. ``"gan.modes"``.
        result: What came out: a number, the index of an option, or for a curve or a density its
            values, or a function of x; None while it is not known yet.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When there is no such prediction, or the result has another shape.
    """

    def __init__(
        self,
        name: str,
        result: float | Sequence[float] | Callable[[Any], Any] | None = None,
        language: str | None = None,
    ) -> None:
        self._result: Any = None
        self._given = result
        super().__init__(name, quiz.PREDICT, language)

    def reveal(self, result: float | Sequence[float] | Callable[[Any], Any]) -> None:
        """Say what came out; it is shown once a prediction was made."""
        self._result = _as_numbers(self._item, result)
        self._publish()

    def _verdict(self) -> dict[str, Any]:
        if self._given is not None:
            self._result, self._given = _as_numbers(self._item, self._given), None
        return {"result": None if self._answer is None else self._result}


def _as_numbers(item: quiz.Item, result: Any) -> Any:
    """The result as plain numbers."""
    if item.kind in ("curve", "density"):
        if callable(result):
            result = result(np.linspace(item.data["low"], item.data["high"], quiz.POINTS))
        values = np.asarray(result, dtype=float)
        if values.shape != (quiz.POINTS,) or not np.isfinite(values).all():
            raise SynthlabError(
                "The result of {item!r} must be {points} finite values, from x = {low} to "
                "{high}, or a function of x.",
                item=item.id,
                points=quiz.POINTS,
                low=item.data["low"],
                high=item.data["high"],
            )
        return values.tolist()
    value = float(result)
    if item.kind == "choice" and value not in range(len(item.options)):
        raise SynthlabError(
            "The result of {item!r} must be the index of one of its options.", item=item.id
        )
    return int(value) if value.is_integer() else value
