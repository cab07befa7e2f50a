"""``gan.ring``: train a generator, judged by what it makes of the judge's noise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.parts import generator
from synthlab.checks.parts.ring import EVERY_MODE, HIGH_QUALITY, trained
from synthlab.checks.properties import Observation
from synthlab.words import N_

#: A hard limit on the wall clock, which also runs while other processes hold the processor. The
#: reference takes 5 s of processor time a training, and 13 to 22 s at a load of 10 on two cores;
#: the check trains twice, and a process may get nothing for a minute.
SECONDS = 150


@check(
    "gan.ring",
    target="train_on_ring",
    seconds=SECONDS,
    false_fail=1e-4,
    properties=[
        Property(
            "every-mode",
            weight=4,
            goal=EVERY_MODE,
            nudge=N_("Plot 500 fakes over the data. Which modes are empty, and since which step?"),
            method=N_(
                "Draw new noise and new real points for every step, start from the settings in "
                "the text, and let the two networks take turns."
            ),
        ),
        Property(
            "high-quality",
            weight=4,
            goal=HIGH_QUALITY,
            nudge=N_("Are the fakes still getting nearer to the centres when you stop?"),
            method=N_(
                "Train for about 2000 steps with tanh in the generator. If the fakes circle around "
                "the modes, lower the learning rate towards the end."
            ),
        ),
        *generator.PROPERTIES,
    ],
)
def ring(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Modes, quality, and that training made them. How it was trained is free."""
    yield from trained(student, rng, noise=2)
