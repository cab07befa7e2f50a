"""``mode-collapse.three_numbers``: modes covered, high quality, and the KL of the histogram."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlab.checks.core import Property, check
from synthlab.checks.faults import Unusable
from synthlab.checks.parts import centres
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_, Text

Array = NDArray[Any]

SIGMAS = 3.0
#: No sample lies this near to the border, in standard deviations: there rounding would decide.
BORDER = 0.05

#: So far, in standard deviations, is beyond the lattice of the centres.
FAR = 200.0

#: One sample among 600 is 1.7e-3 of a share; counts divided in float32 carry 1e-7.
TOLERANCE = 1e-5

N = 600


@check(
    "mode-collapse.three_numbers",
    target=("ring_centres", "three_numbers"),
    properties=[
        *centres.PROPERTIES,
        Property(
            "modes",
            weight=2,
            goal=N_("The first number counts the centres with at least one high-quality sample."),
            nudge=N_("Does a centre count whose nearest sample is far away?"),
            method=N_(
                "Give each sample to its nearest centre, keep those within three standard "
                "deviations, and count the centres that have one left."
            ),
        ),
        Property(
            "high-quality",
            weight=3,
            goal=N_(
                "The second number is the share of all samples within three standard deviations "
                "of their nearest centre."
            ),
            nudge=N_("What do you compare with `3 * std`: a distance, or its square?"),
            method=N_(
                "The distance is `sqrt(dx^2 + dy^2)`. Count each sample once, at its nearest "
                "centre, and divide by the number of all samples."
            ),
        ),
        Property(
            "kl",
            weight=3,
            goal=N_(
                "The third number is the KL of the shares of the modes against equal shares, in "
                "nats, over the high-quality samples; an empty mode adds 0."
            ),
            nudge=N_(
                "Test it with one mode of eight: what must come out? And with eight equal ones?"
            ),
            method=N_(
                "Divide the counts by the number of high-quality samples, leave out the empty "
                "modes, and sum `q * log(K * q)` with the natural logarithm."
            ),
        ),
        Property(
            "undefined",
            weight=2,
            goal=N_("Without any high-quality sample the KL is undefined: `nan`, not 0."),
            nudge=N_("A KL of 0 would say that the modes have equal shares. Shares of what?"),
            method=N_("Return `float('nan')` when no sample is of high quality."),
        ),
    ],
)
def three_numbers(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """The ring's centres, then the numbers on samples whose places the judge chose."""
    with student.part("distinct-centres", "centres-on-the-ring"):
        for modes in (8, int(rng.integers(3, 8))):
            yield from centres.ring_centres(student, modes, float(rng.uniform(0.5, 3.0)))
    for case, (x, means, std), clear in _cases(rng):
        with student.part("modes", "high-quality", "kl"):
            returned = dict(zip(_NAMES, _numbers(student, x, means, std), strict=True))
            wanted = dict(zip(_NAMES, expected(x, means, std), strict=True))
            # Which samples count is a matter of its own; what is made of them is judged where
            # that is clear, or right.
            good = _same("high-quality", returned, wanted, case)
            yield good
            for name in ("modes", "kl") if clear or good.passed else ():
                yield _same(name, returned, wanted, case)
    with student.part("undefined"):
        x, means, std = _samples(rng, 8, least=FAR, most=2 * FAR)
        covered, share, kl = _numbers(student, x, means, std)
        yield same("undefined", covered, 0, tolerance=0.0, case=_MODES)
        yield same("undefined", share, 0.0, tolerance=0.0, case=_SHARE)
        # A broken KL is nan everywhere; only one that is a number elsewhere has understood.
        x, means, std = _samples(rng, 8)
        elsewhere = float(_numbers(student, x, means, std)[2])
        yield holds(
            "undefined",
            math.isnan(float(kl)) and math.isfinite(elsewhere),
            N_(
                "Without a high-quality sample your KL is {measured}, expected nan; with "
                "high-quality samples it is {elsewhere}, expected a number."
            ),
            measured=float(kl),
            elsewhere=elsewhere,
        )


def _same(name: str, found: dict[str, Array], wanted: dict[str, float], case: str) -> Observation:
    return same(name, found[name], wanted[name], tolerance=TOLERANCE, case=case)


_NAMES = ("modes", "high-quality", "kl")
_MODES = N_("The modes without a high-quality sample")
_SHARE = N_("The share without a high-quality sample")


def expected(x: Array, means: Array, std: float) -> tuple[float, float, float]:
    """Modes, high quality and mode KL; the KL is nan when no sample is of high quality."""
    distance = np.linalg.norm(x[:, None] - means, axis=2)
    good = distance.argmin(1)[distance.min(1) <= SIGMAS * std]
    counts = np.bincount(good, minlength=len(means))
    share = counts[counts > 0] / max(len(good), 1)
    kl = float((share * np.log(len(means) * share)).sum()) if len(good) else math.nan
    return float((counts > 0).sum()), len(good) / len(x), kl


def _numbers(student: Any, x: Array, means: Array, std: float) -> tuple[Array, Array, Array]:
    returned = student.three_numbers(x, means, std)
    if not isinstance(returned, (tuple, list)) or len(returned) != 3:
        raise Unusable(Text(N_("Return three numbers: modes, high quality, KL.")))
    modes, share, kl = (as_array(value, ()) for value in returned)
    return modes, share, kl


def _cases(
    rng: np.random.Generator,
) -> Iterator[tuple[str, tuple[Array, Array, float], bool]]:
    """Words, samples, and whether it is clear which of them are near a centre.

    A verdict keeps the first case that fails, so the plainest comes first.
    """
    yield N_("With samples at a centre or far away"), _samples(rng, 8, most=1.0, far=0.3), True
    yield N_("With narrow modes"), _samples(rng, 8), False
    yield N_("With wide modes"), _samples(rng, 7, std=float(rng.uniform(1.5, 2.5))), False
    yield N_("With modes that overlap"), _samples(rng, 6, std=0.5, apart=1.0), False
    few = int(rng.integers(9, 20))
    yield N_("With modes of a few samples"), _samples(rng, 9, n=few, most=1.0, far=0.3), True
    yield N_("With samples at every centre"), _samples(rng, 5, empty=0, most=1.0), True
    yield N_("With samples of a single mode"), _samples(rng, 8, empty=7), False
    yield N_("With one centre"), _samples(rng, 1, empty=0, most=1.0, far=0.3), True
    yield N_("With one sample"), _samples(rng, 4, empty=3, most=1.0, n=1), True
    x, means, std = _samples(rng, 8)
    yield N_("With float32 numbers"), (x.astype(np.float32), means.astype(np.float32), std), False


def _samples(
    rng: np.random.Generator,
    modes: int,
    *,
    std: float | None = None,
    apart: float = 0.0,
    least: float = 0.0,
    most: float = 6.0,
    far: float = 0.0,
    empty: int = 2,
    n: int = N,
) -> tuple[Array, Array, float]:
    """Samples around some centres of a lattice, in unequal numbers.

    Args:
        rng: Draws them.
        modes: How many centres.
        std: The standard deviation; narrow when None.
        apart: The lattice's width; 20 standard deviations when 0.
        least: How far samples lie from their centre at least, in standard deviations.
        most: And at most.
        far: The share of samples that lie far from every centre instead.
        empty: How many of the centres have no samples; the first of the others has exactly one.
        n: How many samples.
    """
    std = float(rng.uniform(0.02, 0.1)) if std is None else std
    lattice = np.stack(np.meshgrid(np.arange(3), np.arange(3)), axis=2).reshape(-1, 2)
    means = (apart or 20 * std) * lattice[rng.permutation(9)[:modes]] + rng.normal(size=2)
    full = modes - empty
    mode = np.zeros(n, int)
    if full > 1:
        mode[1:] = rng.choice(np.arange(1, full), size=n - 1, p=rng.dirichlet(np.full(full - 1, 2)))
    radius, angle = rng.uniform(least, most, size=n), rng.uniform(0.0, 2 * np.pi, size=n)
    radius[1:][rng.uniform(size=n - 1) < far] += FAR
    radius[0] = max(least, 0.5)
    offset = std * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = means[mode] + offset
    nearest = np.linalg.norm(x[:, None] - means, axis=2).min(1) / std
    return rng.permutation(x[np.abs(nearest - SIGMAS) > BORDER]), means, std
