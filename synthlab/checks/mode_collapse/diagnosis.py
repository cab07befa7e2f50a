"""``mode-collapse.diagnosis``: a penalty on the mean length, which a critic evades.

The two facts are judged without showing the right ones: a verdict that names them would be the
answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.mode_collapse.gradient_penalty import SECONDS
from synthlab.checks.mode_collapse.penalty import critic_gradient
from synthlab.checks.parts.arena import arena, nets
from synthlab.checks.parts.diagnosis import broken_line, measured
from synthlab.checks.parts.game import State, batch
from synthlab.checks.parts.steps import downhill, moved, unmoved
from synthlab.checks.properties import Observation
from synthlab.words import N_

#: The line of ``broken_step`` that averages the lengths before it subtracts 1.
LINE = 7

#: In float64 the share is exact to 1e-15, in float32 to 1e-7. The spread without the square, which
#: is another quantity, differs in the first digit.
TOLERANCE = 1e-6


def missed_share() -> float:
    """The share of the penalty that the faulty line does not see on the fixture.

    ``mean (n - 1)^2 - (mean n - 1)^2`` is the variance of the lengths n.
    """
    lengths = 1.2 + 0.9 * np.sin(np.arange(64))
    return float(np.var(lengths) / np.square(lengths - 1).mean())


@check(
    "mode-collapse.diagnosis",
    target=("broken_line", "measured", "repaired_step"),
    seconds=SECONDS,
    properties=[
        Property(
            "line",
            weight=1,
            goal=N_("`broken_line` is the line that lets steep slopes through."),
            nudge=N_("Compute the penalty of two points with slopes 0 and 2, line by line."),
            method=N_(
                "Every point must pay for its own slope. Find the line after which the slopes of "
                "single points can no longer be told apart."
            ),
        ),
        Property(
            "measured",
            weight=2,
            goal=N_("`measured` is the share of the penalty that this line misses."),
            nudge=N_("Which quantity has the mean of a square and the square of a mean in it?"),
            method=N_(
                "Compute the faulty and the right penalty from `slope_lengths`, and subtract their "
                "ratio from 1."
            ),
        ),
        Property(
            "critic-moves",
            weight=3,
            goal=N_(
                "`repaired_step` moves the critic by minus the gradient of "
                "`E f(fake) - E f(real) + 10 * penalty`, each point with a penalty of its own."
            ),
            nudge=N_("The other lines were right. Did your repair change what they do?"),
            method=N_("Square the distance from 1 of every length first, and average afterwards."),
        ),
        Property(
            "generator-stays",
            weight=1,
            goal=N_("`repaired_step` leaves the generator as it was."),
            nudge=N_("The broken step left the generator alone. Does yours?"),
            method=N_("Keep the line that makes the fakes as it was given."),
        ),
    ],
)
def diagnosis(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Line and share against our own computation; the repair seen by the parameters."""
    yield from broken_line(student, LINE, _LINE)
    yield from measured(student, missed_share(), TOLERANCE, _MEASURED)
    with student.part("critic-moves", "generator-stays"):
        for _ in range(2):
            state, (real, z) = State.drawn(rng), batch(rng)
            epsilon = rng.uniform(size=len(real))
            players = arena(student, state)
            optimizer = players["discriminator"].optimizer
            student.repaired_step(*nets(players), optimizer, real, z, epsilon)
            _, gradient = critic_gradient(state.generator, state.discriminator, real, z, epsilon)
            before, after = state.discriminator, players["discriminator"].look().parameters
            yield moved("critic-moves", before, after, gradient)
            if downhill(before, after, gradient):
                after = players["generator"].look().parameters
                yield unmoved("generator-stays", state.generator, after)


_LINE = N_("Line {measured} is your answer, expected the line that lets steep slopes through.")
_MEASURED = N_("You measured {measured}, expected the share defined above to six decimals.")
