"""``mode-collapse.prediction``: it counts when it is made, whatever it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.properties import Observation, as_array, holds
from synthlab.words import N_

SHARE = 100


@check(
    "mode-collapse.prediction",
    target="predicted_share",
    properties=[
        Property(
            "made",
            weight=1,
            goal=N_("You commit to a share between 0 and 100 percent."),
            nudge=N_("There is no wrong prediction. How much of the circle lies near a centre?"),
            method=N_("Replace None with a number, for example `predicted_share = 50`."),
        )
    ],
)
def prediction(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """A share in percent."""
    value = as_array(student.value(), (), finite=True)
    yield holds(
        "made",
        value.dtype.kind in "iuf" and 0 <= float(value) <= SHARE,
        N_("You predict {measured} percent, expected a number from 0 to 100."),
        measured=value,
    )
