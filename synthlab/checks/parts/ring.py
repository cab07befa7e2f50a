"""Training on the ring, judged by what the generator makes of the judge's noise.

Quality alone does not show a training: stored rows have it, and a staircase made by hand. So the
same code runs once more with gradients that are all 0, and must then reach no target; and its
first steps run twice more, with the same seed and with another one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from synthlab.checks.faults import LearnerError, Unusable
from synthlab.checks.parts import generator
from synthlab.checks.properties import Observation, as_array, holds
from synthlab.data import Ring
from synthlab.metrics import ModeReport, mode_report
from synthlab.words import N_

Array = NDArray[Any]

#: The target; the exercises state the same numbers.
MODES = 7
QUALITY = 0.5
#: Gradients that a training may ask for: of 20 s, the answers take 5 with 3,000 to 4,000.
GRADIENTS = 12_000

#: Goals of the two properties that `trained` observes beside those of `generator`.
EVERY_MODE = N_(
    "At least 7 of the 8 modes receive a fake within 3 standard deviations, from a generator that "
    "uses every number of its noise."
)
HIGH_QUALITY = N_(
    "Training with at most 12,000 gradients brings at least half of the fakes within 3 standard "
    "deviations of a centre, and its seed makes that repeatable."
)

ROWS = 20_000
FAKES = 2_500

#: Below this share of fakes near a centre, modes are reached by chance: a cloud that covers the
#: ring covers every mode.
CLOUD = 0.1
#: Backward passes that show what a seed decides, and how far apart their losses may be: one
#: computation in other threads differs by 1e-7, one with other noise in the second digit.
PASSES = 16
REPEATED = 1e-4
#: Every number of the noise has a part in where a point lies. In 40 trainings of the answers the
#: weakest of sixteen had at least a tenth of the strongest one's.
PART = 0.01

Further = Callable[[ModeReport], list[Observation]]


def trained(
    student: Any, rng: np.random.Generator, noise: int, further: Further = lambda report: []
) -> Iterator[Observation]:
    """Observe ``student(data, seed)``, a generator of noise (n, noise): trained, and on target.

    Args:
        student: The learner's training function.
        rng: Draws data and noise.
        noise: How many numbers a fake is made of.
        further: Observes more of the modes that the fakes reach.
    """
    source = Ring(modes=8, radius=2.0, std=0.02, rotation=float(rng.uniform(0.0, 2 * np.pi)))
    draws = torch.Generator().manual_seed(int(rng.integers(2**62)))
    data = source.sample(ROWS, draws).x.numpy()
    seed, other = map(int, rng.integers(2**31, size=2))
    z = rng.normal(size=(FAKES, noise)).astype(np.float32)

    net, passes, losses = student.harness.training(student, data, seed)
    fakes = as_array(net(z), (FAKES, 2), finite=True)
    honest = generator.honest(net, z, fakes, data)
    report = mode_report(fakes, source)
    target = [_every_number(net, z, fakes), *_target(report, passes), *further(report)]
    broken = [seen for seen in [*honest, *target] if not seen.passed]
    if passes == 0 or not honest[0].passed:  # numbers of points that no training made
        yield from broken
        yield from _untrained(_NEVER) if passes == 0 else ()
        return
    if not all(seen.passed for seen in target):
        # a cloud that covers the ring reaches its modes, and any network is honest
        cloud = report.high_quality.value < CLOUD
        yield from broken if cloud else [*target, *broken]
        return
    left = _without_gradients(student, data, seed, z, source)
    if left >= QUALITY / 2:
        yield from _untrained(_NOT_NEEDED, measured=f"{left:.1%}")
        return
    # a verdict shows what was seen last of a property: the numbers of the target
    yield from [*_seeds(student, data, seed, other, losses), *target, *honest]


def _untrained(detail: str, **values: object) -> Iterator[Observation]:
    """The fakes come from elsewhere: what is good about them was not trained."""
    for name in ("high-quality", "not-copies"):
        yield holds(name, False, detail, **values)


_NEVER = N_("Your code never asks for a gradient, so nothing is trained.")
_NOT_NEEDED = N_(
    "When each gradient is 0, the same code still makes fakes of which {measured} are of high "
    "quality: they do not come from training."
)


def _target(report: ModeReport, passes: int) -> list[Observation]:
    modes, quality = int(report.modes.value), report.high_quality.value
    return [
        holds(
            "every-mode",
            modes >= MODES,
            N_("The fakes reach {measured} of 8 modes, expected at least {expected}."),
            measured=modes,
            expected=MODES,
        ),
        holds(
            "high-quality",
            passes <= GRADIENTS,
            N_(
                "Your training asks for {n} gradient, expected at most {expected}.",
                "Your training asks for {n} gradients, expected at most {expected}.",
            ),
            n=passes,
            measured=passes,
            expected=GRADIENTS,
        ),
        holds(
            "high-quality",
            quality >= QUALITY,
            N_(
                "{measured} of the fakes lie within 3 standard deviations of a centre, expected "
                "at least {expected}."
            ),
            measured=f"{quality:.1%}",
            expected=f"{QUALITY:.0%}",
        ),
    ]


def _every_number(net: Any, z: Array, fakes: Array) -> Observation:
    """Give each number of the noise to another row in turn, and see how far the points move."""
    parts = np.empty(z.shape[1])
    for j in range(z.shape[1]):
        other = z.copy()
        other[:, j] = np.roll(other[:, j], 1)
        moved = as_array(net(other), fakes.shape, finite=True) - fakes
        parts[j] = np.linalg.norm(moved, axis=1).mean()
    idle = int((parts <= PART * parts.max()).sum())
    if idle == 0:
        return holds("every-mode", True, N_("Every number of the noise moves the points."))
    detail = N_(
        "{n} of the {numbers} numbers of the noise moves no point, expected none: the modes are "
        "those of a generator with less noise.",
        "{n} of the {numbers} numbers of the noise move no point, expected none: the modes are "
        "those of a generator with less noise.",
    )
    return holds("every-mode", False, detail, n=idle, numbers=z.shape[1])


def _without_gradients(student: Any, data: Array, seed: int, z: Array, source: Ring) -> float:
    """The quality that the same code reaches when each gradient is 0."""
    try:
        net, _, _ = student.harness.training(student, data, seed, moves=False)
        fakes = as_array(net(z), (FAKES, 2), finite=True)
    except (LearnerError, Unusable):  # it needs its gradients
        return 0.0
    return mode_report(fakes, source).high_quality.value


def _seeds(student: Any, data: Array, seed: int, other: int, losses: Any) -> Iterator[Observation]:
    """The first steps again: what they lose is the seed's, and nothing else's."""
    train, first = student.harness.training, as_array(losses)
    _, _, again = train(student, data, seed, passes=PASSES)
    _, _, others = train(student, data, other, passes=PASSES)
    repeated = _apart(first, again) <= REPEATED
    ignored = _apart(first, others) <= REPEATED
    for name in ("function-of-the-noise", "high-quality"):
        yield holds(name, repeated, _TWO_RUNS if not repeated else _SEEDED)
        yield holds(name, not ignored, _ONE_RUN if ignored else _SEEDED)


_SEEDED = N_("The seed decides the training.")
_TWO_RUNS = N_(
    "The same seed trained two different generators: what one of them reaches is not repeatable."
)
_ONE_RUN = N_("Two seeds trained the same generator: your code ignores `seed`.")


def _apart(losses: Array, others: Any) -> float:
    """How far apart two runs are, relative to their losses."""
    later = as_array(others)
    if later.shape != losses.shape:
        return float("inf")
    return float(np.abs(later - losses).max() / np.abs(losses).max())
