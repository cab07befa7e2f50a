"""``gan.prediction``: it counts when it is made, whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.properties import Observation, as_array, holds
from synthlab.words import N_

MODES = 8


@check(
    "gan.prediction",
    target="predicted_modes",
    properties=[
        Property(
            "made",
            weight=1,
            goal=N_("You commit to a whole number of modes from 0 to 8."),
            nudge=N_("There is no wrong prediction. What does your intuition say?"),
            method=N_("Replace None with a number, for example `predicted_modes = 5`."),
        )
    ],
)
def prediction(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """A whole number from 0 to 8."""
    value = as_array(student.value(), (), finite=True)
    made = value.dtype.kind != "b" and float(value) in range(MODES + 1)
    yield holds(
        "made",
        made,
        N_("You predict {measured}, expected a whole number from 0 to 8."),
        measured=value,
    )
