"""``known-truth.p_value``: uniform under the null, small on a planted shift, one-sided."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlab.checks.core import Property, check
from synthlab.checks.faults import Unusable
from synthlab.checks.properties import Observation, as_array, holds
from synthlab.words import N_, Text

Array = NDArray[Any]

TESTS = 200
N = 50
#: P(sup |F_n - F| > t) <= 2 exp(-2 n t^2) for n = TESTS p-values (Massart, 1990), at 1e-5; at
#: least 99 deals make steps of 1/100.
DISTANCE = math.sqrt(math.log(2 / 1e-5) / (2 * TESTS)) + 0.01

#: A shift of one standard deviation puts the mean difference of N and N scores sqrt(N/2) = 5
#: standard errors above 0; the p-value exceeds LEVEL when chance takes away 2.7 of them: 4e-3. So
#: the shift is 1.6: 8 standard errors, less 2.3 for LEVEL, leaves 5.7: 6e-9.
SHIFT, LEVEL = 1.6, 0.01


@check(
    "known-truth.p_value",
    target="p_value",
    false_fail=1e-4,
    properties=[
        Property(
            "uniform-under-the-null",
            weight=4,
            goal=N_("When both sets of scores come from one distribution, p is uniform on (0, 1]."),
            nudge=N_(
                "Give your function scores of one distribution, a few hundred times, and draw a "
                "histogram of what it returns. Is it flat?"
            ),
            method=N_(
                "Pool all scores, deal them out at random into two sets of the old sizes, and "
                "compute the same statistic, at least 99 times. p is the share of deals that reach "
                "the measured one."
            ),
        ),
        Property(
            "power",
            weight=3,
            goal=N_("Where real scores are clearly higher, p is at most 0.01."),
            nudge=N_("What is the smallest p that your function can return?"),
            method=N_(
                "Compare the measured statistic with those of the deals: the mean score of the "
                "real minus that of the fake, or the share of pairs that are ordered rightly."
            ),
        ),
        Property(
            "one-sided",
            weight=1,
            goal=N_("Where real scores are clearly lower, p is near 1."),
            nudge=N_("A classifier that is wrong has found nothing. Does your statistic know?"),
            method=N_("Do not take the absolute value or the square of the difference."),
        ),
        Property(
            "never-zero",
            weight=2,
            goal=N_("p is above 0 and at most 1, however far apart the scores are."),
            nudge=N_("Is the deal that was really seen one of all possible deals?"),
            method=N_("Count it: `(1 + reached) / (1 + deals)`."),
        ),
        Property(
            "repeatable",
            weight=1,
            goal=N_("The same scores and the same seed give the same p."),
            nudge=N_("Which of your random calls does not get `generator=generator`?"),
            method=N_("Pass the generator to `torch.randperm` or whatever deals the scores out."),
        ),
    ],
)
def p_value(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Many null tests, one shift either way, and scores that are far apart."""
    seed = int(rng.integers(2**31))

    def test(real: Array, fake: Array) -> Array:
        returned = student.harness.p_values(student, real[None], fake[None], seed)
        return as_array(returned[0], (), finite=True)

    with student.part("power", "one-sided"):
        high, low = SHIFT + rng.normal(size=N), rng.normal(size=N)
        small, large = float(test(high, low)), float(test(low, high))
        if small == large:  # a constant knows neither direction
            yield holds("one-sided", False, _CONSTANT, measured=small)
            return
        yield holds(
            "power",
            0 <= small <= LEVEL,
            N_("On scores that are clearly higher, p is {measured}, expected at most {expected}."),
            measured=small,
            expected=LEVEL,
        )
        yield holds(
            "one-sided",
            large >= 1 - 2 * LEVEL,
            N_("On scores that are clearly lower, p is {measured}, expected at least {expected}."),
            measured=large,
            expected=1 - 2 * LEVEL,
        )
    with student.part("never-zero"):
        apart = float(test(100.0 + rng.normal(size=N), rng.normal(size=N)))
        yield holds(
            "never-zero",
            0 < apart <= 1,
            N_("On scores that are far apart, p is {measured}, expected a number above 0."),
            measured=apart,
        )
    with student.part("repeatable"):
        scores = rng.normal(size=(2, N))
        first, again = float(test(*scores)), float(test(*scores))
        yield holds(
            "repeatable",
            first == again,
            N_("Twice the same scores and seed give {first} and {again}, expected the same."),
            first=first,
            again=again,
        )
    with student.part("uniform-under-the-null"):
        yield from _null(student, rng, seed)


_CONSTANT = N_("On scores that are clearly higher and on clearly lower ones, p is {measured}.")


def _null(student: Any, rng: np.random.Generator, seed: int) -> Iterator[Observation]:
    """A classifier that knows nothing and leans towards "real": every score around +5."""
    scores = 5.0 + 2.0 * rng.normal(size=(TESTS, 2 * N))
    returned = student.harness.p_values(student, scores[:, :N], scores[:, N:], seed)
    if len(returned) != TESTS:
        raise Unusable(Text(N_("Your function must return one number.")))
    p = np.sort([float(as_array(value, (), finite=True)) for value in returned])
    steps = np.arange(TESTS + 1) / TESTS
    distance = float(max((steps[1:] - p).max(), (p - steps[:-1]).max()))
    yield holds(
        "uniform-under-the-null",
        distance <= DISTANCE,
        N_(
            "Over {n} null test the distribution of p is {measured} away from the uniform one, "
            "expected at most {expected}.",
            "Over {n} null tests the distribution of p is {measured} away from the uniform one, "
            "expected at most {expected}.",
        ),
        n=TESTS,
        measured=distance,
        expected=DISTANCE,
    )
