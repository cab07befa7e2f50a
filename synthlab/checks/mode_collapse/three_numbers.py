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
    for case, (x, means, std) in _cases(rng):
        with student.part("modes", "high-quality", "kl"):
            returned = _numbers(student, x, means, std)
            for name, got, wanted in zip(_NAMES, returned, expected(x, means, std), strict=True):
                yield same(name, got, wanted, tolerance=TOLERANCE, case=case)
    with student.part("undefined"):
        x, means, std = _samples(rng, 8, least=3.5)
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


def _cases(rng: np.random.Generator) -> Iterator[tuple[str, tuple[Array, Array, float]]]:
    # A verdict keeps the first case that fails, so the plainest comes first.
    yield N_("With narrow modes"), _samples(rng, 8)
    yield N_("With wide modes"), _samples(rng, 7, std=float(rng.uniform(1.5, 2.5)))
    yield N_("With modes that overlap"), _samples(rng, 6, std=0.5, apart=1.0)


def _samples(
    rng: np.random.Generator,
    modes: int,
    std: float | None = None,
    apart: float = 0.0,
    least: float = 0.0,
) -> tuple[Array, Array, float]:
    """Samples up to six deviations around most of the centres of a lattice, in unequal numbers."""
    std = float(rng.uniform(0.02, 0.1)) if std is None else std
    lattice = np.stack(np.meshgrid(np.arange(3), np.arange(3)), axis=2).reshape(-1, 2)
    means = (apart or 20 * std) * lattice[rng.permutation(9)[:modes]] + rng.normal(size=2)
    weights = rng.dirichlet(np.full(modes - 2, 2.0))  # two modes stay empty
    mode = rng.choice(modes - 2, size=N, p=weights)
    radius, angle = rng.uniform(least, 6.0, size=N), rng.uniform(0.0, 2 * np.pi, size=N)
    offset = std * radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = means[mode] + offset
    nearest = np.linalg.norm(x[:, None] - means, axis=2).min(1) / std
    return x[np.abs(nearest - SIGMAS) > BORDER], means, std
