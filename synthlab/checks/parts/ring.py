"""Training on the ring, judged by what the generator makes of the judge's noise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

from synthlab.checks.parts import generator
from synthlab.checks.properties import Observation, as_array, holds
from synthlab.data import Ring
from synthlab.metrics import ModeReport, mode_report
from synthlab.words import N_

#: The target; the exercises state the same numbers.
MODES = 7
QUALITY = 0.5

ROWS = 20_000
FAKES = 2_500


def trained(
    student: Any,
    rng: np.random.Generator,
    noise: int,
    further: Callable[[ModeReport], list[Observation]] = lambda report: [],
) -> Iterator[Observation]:
    """Observe ``student(data, seed)``, a generator of noise (n, noise): honest, and on target.

    Args:
        student: The learner's training function.
        rng: Draws data and noise.
        noise: How many numbers a fake is made of.
        further: Observes more of the modes that the fakes reach.
    """
    source = Ring(modes=8, radius=2.0, std=0.02, rotation=float(rng.uniform(0.0, 2 * np.pi)))
    draws = torch.Generator().manual_seed(int(rng.integers(2**62)))
    data = source.sample(ROWS, draws).x.numpy()
    net = student(data, int(rng.integers(2**31)))
    z = rng.normal(size=(FAKES, noise)).astype(np.float32)
    fakes = as_array(net(z), (FAKES, 2), finite=True)

    honest = generator.honest(net, z, fakes, data)
    broken = [seen for seen in honest if not seen.passed]
    if broken:  # stored points: their numbers say nothing about a generator
        yield from broken
        return
    report = mode_report(fakes, source)
    target = [*_target(report), *further(report)]
    yield from target
    if all(seen.passed for seen in target):  # any network is honest, an untrained one too
        yield from honest


def _target(report: ModeReport) -> list[Observation]:
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
            quality >= QUALITY,
            N_(
                "{measured} of the fakes lie within 3 standard deviations of a centre, expected "
                "at least {expected}."
            ),
            measured=f"{quality:.1%}",
            expected=f"{QUALITY:.0%}",
        ),
    ]
