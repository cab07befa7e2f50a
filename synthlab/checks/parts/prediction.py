"""Check of a prediction: made from its row in ``course.toml``, and right whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.declaration import Property, check
from synthlab.checks.describe import number
from synthlab.checks.properties import Observation, as_array, holds
from synthlab.manifest import Prediction
from synthlab.words import N_, Text


def register(question: str, asked: Prediction) -> None:
    """Register the check of a question whose kind is ``prediction``."""
    counting = _counting(asked)
    made = Property(
        "made",
        weight=1,
        goal=N_("You commit to {answer}."),
        nudge=N_("There is no wrong prediction. What does your intuition say?"),
        method=N_("Replace None in `{target} = None` with {answer}."),
        params={"answer": counting, "target": asked.target},
    )

    @check(question, target=asked.target, properties=[made])
    def prediction(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
        value = as_array(student.value(), (), finite=True)
        yield holds(
            "made",
            value.dtype.kind in "iuf" and _counts(float(value), asked),
            N_("You predict {measured}, expected {answer}."),
            measured=value,
            answer=counting,
        )


def _counting(asked: Prediction) -> Text:
    """The numbers that count, in words."""
    if asked.range is not None:
        low, high = map(number, asked.range)
        words = N_("a number from {low} to {high}")
        if asked.whole:
            words = N_("a whole number from {low} to {high}")
        return Text(words, {"low": low, "high": high})
    if asked.choices:
        return Text(N_("one of {choices}"), {"choices": ", ".join(map(number, asked.choices))})
    return Text(N_("a number"))


def _counts(value: float, asked: Prediction) -> bool:
    if asked.whole and not value.is_integer():
        return False
    if asked.range is not None:
        low, high = asked.range
        return low <= value <= high
    return not asked.choices or value in asked.choices
