"""``known-truth.excess_nll``: the paired estimate and the half-width of its interval."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlab.checks.core import Property, check
from synthlab.checks.faults import Unusable
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_, Text

Array = NDArray[Any]

#: Sums of 400 numbers of size 10 in float64 lose about 1e-13; float32 arithmetic loses 1e-6 and a
#: population in place of a sample deviation changes the half-width by 1/800 of itself.
TOLERANCE = 1e-7


@check(
    "known-truth.excess_nll",
    target="excess_nll",
    properties=[
        Property(
            "value",
            weight=3,
            goal=N_("The excess is the mean of `log p - log q`, in nats."),
            nudge=N_("On samples of `p`, whose log-density is larger on average?"),
            method=N_(
                "NLL is the mean of `-log q`. The entropy, on the same samples, is the mean of "
                "`-log p`. Subtract it."
            ),
        ),
        Property(
            "may-be-negative",
            weight=1,
            goal=N_("The estimate is not cut off at 0."),
            nudge=N_("Is it the excess that is never negative, or every estimate of it?"),
            method=N_(
                "Return the mean as it is. If you replace every negative estimate by 0, the "
                "average of many estimates becomes too large."
            ),
        ),
        Property(
            "paired-interval",
            weight=3,
            goal=N_(
                "The half-width is 1.96 standard errors of the mean of the differences "
                "`log p - log q`."
            ),
            nudge=N_("Which numbers are averaged, and by how much do those numbers spread?"),
            method=N_(
                "Form the differences first. The half-width is 1.96 times their standard deviation "
                "(which divides by n - 1), divided by the square root of n."
            ),
        ),
        Property(
            "impossible-sample",
            weight=1,
            goal=N_("Where the model gives one sample no density at all, the excess is infinite."),
            nudge=N_("What does KL(p || q) become where `q` is 0 and `p` is not?"),
            method=N_("A mean with one `inf` in it is `inf`. Do not replace or drop that sample."),
        ),
    ],
)
def excess_nll(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """mean(log p - log q) and 1.96 std / sqrt(n), also below 0 and at infinity."""
    with student.part("value", "paired-interval"):
        for n, gap in ((400, 0.4), (37, 0.1)):
            log_p, log_q = _pair(rng, n, gap)
            excess, half = _two(student(log_p, log_q))
            wanted = float((log_p - log_q).mean())
            yield same("value", excess, wanted, tolerance=TOLERANCE)
            spread = 1.96 * float((log_p - log_q).std(ddof=1)) / np.sqrt(n)
            # 1.96 is 1.95996: a learner who takes the exact quantile is right as well
            yield same("paired-interval", half, spread, tolerance=1e-4 * spread)
    with student.part("may-be-negative"):
        log_p, log_q = _pair(rng, 50, -0.2)
        excess, _ = _two(student(log_p, log_q))
        wanted = float((log_p - log_q).mean())
        yield same("may-be-negative", excess, wanted, tolerance=TOLERANCE, case=_LUCKY)
    with student.part("impossible-sample"):
        log_p, log_q = _pair(rng, 50, 0.3)
        log_q[7] = -np.inf
        excess, _ = _two(student(log_p, log_q))
        yield holds(
            "impossible-sample",
            bool(excess == np.inf),
            N_("With one impossible sample the excess is {measured}, expected infinity."),
            measured=excess,
        )


_LUCKY = N_("On samples that happen to suit the model")


def _pair(rng: np.random.Generator, n: int, gap: float) -> tuple[Array, Array]:
    """Log-densities of the truth and of a model, with exactly this mean difference."""
    log_p = -2.0 + rng.normal(0.0, 3.0, size=n)
    noise = rng.normal(0.0, 0.3, size=n)
    return log_p, log_p - (gap + noise - noise.mean())


def _two(returned: Any) -> tuple[Array, Array]:
    if not isinstance(returned, (tuple, list, np.ndarray)) or len(returned) != 2:
        raise Unusable(Text(N_("Return two numbers: the excess and the half-width.")))
    return as_array(returned[0], ()), as_array(returned[1], ())
