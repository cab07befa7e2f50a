"""``known-truth.prediction``: it counts when it is made, whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.properties import Observation, as_array, holds
from synthlab.words import N_

CHOICES = (4, 8, 16, 32, 64)


@check(
    "known-truth.prediction",
    target="predicted_bins",
    properties=[
        Property(
            "made",
            weight=1,
            goal=N_("You commit to one of 4, 8, 16, 32 and 64 bins along each axis."),
            nudge=N_("There is no wrong prediction. How many samples would each bin get?"),
            method=N_("Replace None with one of the numbers, for example `predicted_bins = 8`."),
        )
    ],
)
def prediction(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """One of the five numbers."""
    value = as_array(student.value(), (), finite=True)
    yield holds(
        "made",
        value.dtype.kind != "b" and float(value) in CHOICES,
        N_("You predict {measured}, expected 4, 8, 16, 32 or 64."),
        measured=value,
    )
