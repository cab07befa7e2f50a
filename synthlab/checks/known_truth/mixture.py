"""``known-truth.mixture``: a ring's centres, the density of a mixture, and its samples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from synthlab.checks.core import Property, check
from synthlab.checks.parts import centres
from synthlab.checks.properties import Observation, as_array, differs, holds, same
from synthlab.words import N_

Array = NDArray[Any]

#: Log-densities near -1e6 in float64 carry 1e6 * 2.2e-16 = 2.2e-10, and expanding a square once
#: costs the same again; a wrong constant is off by more than 0.1.
TOLERANCE = 1e-6

N = 4_000
#: A right sampler leaves this many standard errors with probability 5.7e-7 on two sides, and eight
#: such numbers are looked at (5 shares, a spread, a tail, a correlation): 5e-6.
ERRORS = 5.0


@check(
    "known-truth.mixture",
    target=("ring_centres", "mixture_log_prob", "mixture_sample"),
    false_fail=1e-5,
    properties=[
        *centres.PROPERTIES,
        Property(
            "log-density",
            weight=3,
            goal=N_("`mixture_log_prob` is the logarithm of the weighted sum of the densities."),
            nudge=N_("Try one component at its own centre: the density there is `1/(2 pi std^2)`."),
            method=N_(
                "Per component the logarithm is `log w - r^2/(2 std^2) - log(2 pi std^2)`, with "
                "`r` the distance to the centre. Then take log-sum-exp over the components."
            ),
        ),
        Property(
            "stable",
            weight=2,
            goal=N_("The log-density is finite and right a thousand std away from every centre."),
            nudge=N_("What is `exp(-500000)`, and what is its logarithm?"),
            method=N_("Never leave the logarithm: `torch.logsumexp` adds densities in it."),
        ),
        Property(
            "sample-spread",
            weight=2,
            goal=N_("Samples spread around their centre with standard deviation `std` per axis."),
            nudge=N_("Is the number you multiply the noise by a deviation or a variance?"),
            method=N_("A sample is `means[k] + std * noise`, the noise standard normal."),
        ),
        Property(
            "sample-noise",
            weight=1,
            goal=N_("The noise along one axis tells nothing about the noise along the other."),
            nudge=N_("What is the shape of the noise that you draw? How many numbers per sample?"),
            method=N_("Draw noise of shape `(n, 2)`, one number a sample and axis."),
        ),
        Property(
            "sample-weights",
            weight=2,
            goal=N_("Component `k` gets the share `weights[k]` of the samples."),
            nudge=N_("Do all components get as many samples, whatever the weights say?"),
            method=N_(
                "Choose each sample's component with `torch.multinomial(weights, n, "
                "replacement=True, generator=generator)`."
            ),
        ),
        Property(
            "own-generator",
            weight=2,
            goal=N_("The generator alone decides the samples: same seed, same samples."),
            nudge=N_("Which of your random calls does not get `generator=generator`?"),
            method=N_(
                "Pass the generator to every call that draws, both for the component and for the "
                "noise, and set no seed yourself."
            ),
        ),
    ],
)
def mixture(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Centres by geometry, densities by formula, samples by their moments."""
    with student.part("distinct-centres", "centres-on-the-ring"):
        for modes in (8, int(rng.integers(3, 8))):
            yield from centres.ring_centres(student, modes, float(rng.uniform(0.5, 3.0)))
    with student.part("log-density"):
        means, weights = rng.normal(0.0, 1.5, size=(5, 2)), rng.dirichlet(np.full(5, 2.0))
        std, x = float(rng.uniform(0.4, 0.9)), rng.normal(0.0, 2.0, size=(60, 2))
        returned = student.mixture_log_prob(x, means, std, weights)
        yield same("log-density", returned, log_prob(x, means, std, weights), tolerance=TOLERANCE)
        narrow = float(rng.uniform(0.02, 0.06))
        near = means[rng.integers(5, size=40)] + narrow * rng.normal(size=(40, 2))
        returned = student.mixture_log_prob(near, means, narrow, weights)
        wanted = log_prob(near, means, narrow, weights)
        yield same("log-density", returned, wanted, tolerance=TOLERANCE, case=_NARROW)
    with student.part("stable"):
        std = 0.02
        far = 20.0 * np.array([[1.0, 0.3], [-0.2, 1.0], [0.5, -1.0]])
        returned = student.mixture_log_prob(far, means, std, weights)
        yield same("stable", returned, log_prob(far, means, std, weights), tolerance=TOLERANCE)
    with student.part("sample-spread", "sample-noise", "sample-weights", "own-generator"):
        yield from _samples(student, rng)


_NARROW = N_("With narrow components")


def log_prob(x: Array, means: Array, std: float, weights: Array) -> Array:
    """``log sum_k w_k N(x; m_k, std^2 I)``."""
    squares = np.square(x[:, None] - means).sum(2)
    mixed = logsumexp(np.log(weights) - squares / (2 * std**2), axis=1)
    return np.asarray(mixed - np.log(2 * np.pi * std**2))


def _samples(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Components 10 std apart, so that every sample tells where it came from."""
    weights = np.array([0.4, 0.3, 0.15, 0.1, 0.05])[rng.permutation(5)]
    means = 8.0 * np.array([[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]]) + rng.normal(size=2)
    std = float(rng.choice([0.4, 0.5, 0.6]))
    seed, other = (int(s) for s in rng.integers(2**31, size=2))

    def draw(seed: int) -> Array:
        generator = student.harness.generator(seed)
        returned = student.mixture_sample(N, means, std, weights, generator)
        return as_array(returned, (N, 2), finite=True)

    x = draw(seed)
    mode = np.linalg.norm(x[:, None] - means, axis=2).argmin(axis=1)
    noise = (x - means[mode]) / std
    # The standard deviation of 2N normal numbers has the standard error 1 / sqrt(4N). The centres
    # must be right as well, or this spread would be taken around the wrong place.
    limit = ERRORS / np.sqrt(4 * N)
    spread = float(np.sqrt(np.square(noise).mean()))
    yield holds(
        "sample-spread",
        abs(spread - 1) <= limit,
        N_("The samples spread by {measured} around their centres, expected {expected}."),
        measured=spread * std,
        expected=std,
    )
    # Normal numbers leave two deviations 4.55 % of the time, also when their spread was right.
    tail, share = float((np.abs(noise) > 2).mean()), 0.0455
    yield holds(
        "sample-spread",
        abs(tail - share) <= ERRORS * np.sqrt(share * (1 - share) / (2 * N)),
        N_("{measured} of the noise lies beyond two std, expected about {expected}."),
        measured=f"{tail:.1%}",
        expected=f"{share:.1%}",
    )
    correlation = float(np.corrcoef(noise.T)[0, 1]) if np.ptp(noise) > 0 else 1.0
    yield holds(
        "sample-noise",
        abs(correlation) <= ERRORS / np.sqrt(N),
        N_("The noise of the two axes has the correlation {measured}, expected nearly 0."),
        measured=correlation,
    )
    count = np.bincount(mode, minlength=5)
    error = (count / N - weights) / np.sqrt(weights * (1 - weights) / N)
    worst = int(np.abs(error).argmax())
    yield holds(
        "sample-weights",
        bool(np.abs(error).max() <= ERRORS),
        N_("Component {k} gets {measured} of the samples, expected about {expected}."),
        k=worst,
        measured=f"{count[worst] / N:.1%}",
        expected=f"{weights[worst]:.0%}",
    )
    yield same("own-generator", draw(seed), x, tolerance=0.0, case=_SAME_SEED)
    yield differs("own-generator", draw(other), x, case=_OTHER_SEED)


_SAME_SEED = N_("Two generators with the same seed")
_OTHER_SEED = N_("Two generators with different seeds")
