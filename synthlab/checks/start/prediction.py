"""``start.prediction``: it counts when it is made, whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.properties import Observation, as_array, holds
from synthlab.words import N_


@check(
    "start.prediction",
    target="predicted_gradient",
    properties=[
        Property(
            "made",
            weight=1,
            goal=N_("You commit to a number."),
            nudge=N_("There is no wrong prediction. Which of the two factors has a history?"),
            method=N_("Replace None with a number, for example `predicted_gradient = 6.0`."),
        )
    ],
)
def prediction(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Any finite number."""
    value = as_array(student.value(), (), finite=True)
    yield holds(
        "made",
        value.dtype.kind in "iuf",
        N_("You predict {measured}, expected a number."),
        measured=value,
    )
