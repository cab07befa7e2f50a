"""``mode-collapse.diagnosis``: a penalty on the mean length, which a critic evades.

The two facts are judged without showing the right ones: a verdict that names them would be the
answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.mode_collapse.gradient_penalty import SECONDS, STEP
from synthlab.checks.mode_collapse.penalty import careful, critic_gradient
from synthlab.checks.parts.arena import Arena, arena, nets, state
from synthlab.checks.parts.diagnosis import broken_line, measured
from synthlab.checks.parts.game import State, batch
from synthlab.checks.parts.perceptron import DROPOUT, NORMALISED
from synthlab.checks.parts.steps import PLAIN, added, as_it_came, left_alone
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
        for rule in (PLAIN, *careful(rng)):
            players = arena(student, State.drawn(rng, kinds=(NORMALISED, DROPOUT)), rule)
            for case in (None,) if rule is PLAIN else (None, _AGAIN):
                yield from _call(student, rng, players, case)
                for player in players.values():
                    player.thaw()
                    player.leave_some(rng)


def _call(
    student: Any, rng: np.random.Generator, players: Arena, case: str | None
) -> Iterator[Observation]:
    G, critic, start = players["generator"], players["discriminator"], state(players)
    rows = int(rng.integers(2, 25))
    (real, z), epsilon = batch(rng, rows, rows), rng.uniform(size=rows)
    before = G.look(), critic.look()
    student.repaired_step(*nets(players), critic.optimizer, real, z, epsilon)
    after = G.look(), critic.look()
    _, gradient = critic_gradient(start, real, z, epsilon)
    wanted, found = critic.expected(gradient), after[1].parameters
    seen = added("critic-moves", start.discriminator, found, wanted, tolerance=STEP, case=case)
    yield seen
    yield as_it_came("critic-moves", before[1], after[1])
    if seen.passed:
        yield from left_alone("generator-stays", before[0], after[0])
        yield as_it_came("generator-stays", before[0], after[0])


_LINE = N_("Line {measured} is your answer, expected the line that lets steep slopes through.")
_MEASURED = N_("You measured {measured}, expected the share defined above to six decimals.")
_AGAIN = N_("With gradients that somebody else left in both networks")
