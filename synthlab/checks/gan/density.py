"""``gan.optimal_discriminator``: p/(p + q) and the divergence that it measures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from synthlab.checks.core import Property, check
from synthlab.checks.properties import Observation, same
from synthlab.words import N_

Array = NDArray[Any]

#: float64 rounding of log-densities around 2000 is 2000 * 2.2e-16 = 4.5e-13, and torch's
#: softplus, with which log D may be written, is off by up to 2.1e-9 above its threshold of 20.
TOLERANCE = 1e-8

#: Where exp underflows to 0: below -745 in float64.
LOW = -2000.0


@check(
    "gan.optimal_discriminator",
    target=("optimal_discriminator", "jensen_shannon"),
    properties=[
        Property(
            "density-ratio",
            weight=2,
            goal=N_(
                "`D*` is `p/(p + q)`: above one half where the data are denser than the fakes."
            ),
            nudge=N_("Take `log p = 0` and `log q = -1`. Should a point there look real or fake?"),
            method=N_(
                "Divide numerator and denominator of `p/(p + q)` by `p`: what remains is a "
                "sigmoid of a difference of logarithms."
            ),
        ),
        Property(
            "stable-ratio",
            weight=2,
            goal=N_("`D*` is right for log-densities as low as -2000."),
            nudge=N_("What is `exp(-2000)` in float64, and what is `0/0`?"),
            method=N_("Subtract the logarithms first. Only their difference matters."),
        ),
        Property(
            "divergence",
            weight=3,
            goal=N_("The estimate is `(V(D*) + log 4)/2` in nats, with `V` from both samples."),
            nudge=N_("Test it: what must come out when `p = q` at every point of both samples?"),
            method=N_(
                "Average `log D*` over the first sample and `log(1 - D*)` over the second, add the "
                "two, then solve `V = -log 4 + 2 JSD` for JSD."
            ),
        ),
        Property(
            "own-means",
            weight=1,
            goal=N_("Each expectation is the mean over its own sample, whatever the two sizes."),
            nudge=N_("What does your estimate divide by when one sample is larger?"),
            method=N_("Take the mean over `x` and the mean over `y` separately, then add them."),
        ),
        Property(
            "stable-divergence",
            weight=2,
            goal=N_("The estimate is right for log-densities as low as -2000."),
            nudge=N_("Where `D*` rounds to 0 or to 1, what becomes of its logarithm?"),
            method=N_(
                "Compute `log D*` and `log(1 - D*)` straight from the difference of the "
                "logarithms, with `logsigmoid` or `softplus`, without `D*` in between."
            ),
        ),
    ],
)
def optimal_discriminator(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """sigmoid(log p - log q), and (V(D*) + log 4) / 2."""
    best, divergence = student.optimal_discriminator, student.jensen_shannon
    with student.part("density-ratio"):
        for size in (40, 1, int(rng.integers(2, 100))):
            log_p, log_q = rng.normal(-2.0, 3.0, size=(2, size))
            log_q[: size // 4] = log_p[: size // 4]  # where both are as dense, D* is one half
            wanted = expit(log_p - log_q)
            yield same("density-ratio", best(log_p, log_q), wanted, tolerance=TOLERANCE)
    with student.part("stable-ratio"):
        for highest in (LOW, 5.0):
            log_p, log_q = _low(rng, 30, highest), _low(rng, 30, highest)
            log_p[:10] = log_q[:10] + rng.normal(0.0, 3.0, size=10)
            wanted = expit(log_p - log_q)
            yield same("stable-ratio", best(log_p, log_q), wanted, tolerance=TOLERANCE)
    with student.part("divergence"):
        for size in (60, int(rng.integers(2, 100))):
            at = _two_samples(rng, size, size)
            yield same("divergence", divergence(*at), _divergence(*at), tolerance=TOLERANCE)
        # each argument an array of its own: p and q are equal at x and at y, and x is not y
        x, y = rng.normal(-2.0, 2.0, size=(2, 30))
        found = divergence(x, x.copy(), y, y.copy())
        yield same("divergence", found, 0.0, tolerance=TOLERANCE, case=_EQUAL)
    with student.part("own-means"):
        for n, m in ((30, 90), (int(rng.integers(2, 40)), 1), (1, int(rng.integers(2, 40)))):
            at = _two_samples(rng, n, m)
            yield same("own-means", divergence(*at), _divergence(*at), tolerance=TOLERANCE)
    with student.part("stable-divergence"):
        near, far = rng.normal(-2.0, 1.0, size=25), np.full(25, LOW)
        apart = (near, far, far, near)
        yield same(
            "stable-divergence", divergence(*apart), np.log(2.0), tolerance=TOLERANCE, case=_APART
        )
        for highest in (LOW, 5.0):
            low = tuple(_low(rng, 25, highest) for _ in range(4))
            wanted = _divergence(*low)
            found = divergence(*low)
            yield same("stable-divergence", found, wanted, tolerance=TOLERANCE, case=_LOW)


_EQUAL = N_("With `p = q` everywhere")
_APART = N_("With densities that never overlap")
_LOW = N_("With log-densities down to -2000")


def _low(rng: np.random.Generator, size: int, highest: float) -> Array:
    """Log-densities around `LOW`, or anywhere from there to 5, as where a density is narrow."""
    if highest == LOW:
        return LOW + rng.normal(0.0, 30.0, size=size)
    return np.asarray(highest - np.exp(rng.uniform(0.0, np.log(highest - LOW), size=size)))


def _two_samples(rng: np.random.Generator, n: int, m: int) -> tuple[Array, Array, Array, Array]:
    """Log-densities of two random normal densities, at samples of the one and of the other."""
    means, stds = rng.normal(0.0, 1.0, size=2), rng.uniform(0.5, 2.0, size=2)

    def log_density(x: Array, k: int) -> Array:
        scaled = (x - means[k]) / stds[k]
        return np.asarray(-0.5 * scaled**2 - np.log(stds[k] * np.sqrt(2 * np.pi)))

    x, y = (means[k] + stds[k] * rng.normal(size=size) for k, size in enumerate((n, m)))
    return log_density(x, 0), log_density(x, 1), log_density(y, 0), log_density(y, 1)


def _divergence(log_p_x: Array, log_q_x: Array, log_p_y: Array, log_q_y: Array) -> float:
    value = (
        -np.logaddexp(0.0, log_q_x - log_p_x).mean() - np.logaddexp(0.0, log_p_y - log_q_y).mean()
    )
    return float(value + np.log(4.0)) / 2
