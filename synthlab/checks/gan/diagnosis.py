"""``gan.diagnosis``: the line, a measurement, and a repaired step.

The two facts are judged without showing the right ones: a verdict that names them would be the
answer.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import expit

from synthlab.checks.core import TRAINED, Property, check
from synthlab.checks.parts.arena import Arena, arena, nets, state
from synthlab.checks.parts.diagnosis import broken_line, measured
from synthlab.checks.parts.game import (
    LOGISTIC,
    State,
    batch,
    discriminator_gradient,
    generator_gradient,
)
from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.parts.perceptron import DROPOUT, NORMALISED, TANH
from synthlab.checks.parts.steps import added, as_it_came, downhill, rules
from synthlab.checks.properties import Observation
from synthlab.words import N_

#: The line of ``broken_step`` that clamps the probability to [CLAMP, 1 - CLAMP].
LINE = 8
CLAMP = 1e-4

#: In float64 the share is exact to 1e-15, in float32 to 1e-7. The share of clamped *logits*,
#: which is another quantity, is 0.375 instead of 0.474.
TOLERANCE = 1e-6


def lost_share() -> float:
    """The share of the generator's gradient that the clamp throws away on the fixture."""
    logits = 8 * np.sin(np.arange(64)) - 6
    belief = expit(logits)
    kept = (belief > CLAMP) & (belief < 1 - CLAMP)
    _, gradient = value_and_grad(LOGISTIC.generator, logits)
    return float(1 - np.abs(gradient[kept]).sum() / np.abs(gradient).sum())


@check(
    "gan.diagnosis",
    target=("broken_line", "measured", "repaired_step"),
    moves={"repaired_step": dict.fromkeys(range(4), TRAINED)},
    keeps={"repaired_step": "discriminator-moves"},
    properties=[
        Property(
            "line",
            weight=1,
            goal=N_("`broken_line` is the line that stops the generator."),
            nudge=N_(
                "Which lines does the gradient pass on its way from the last loss to the generator?"
            ),
            method=N_(
                "Replay these lines on `confident_logits` with `requires_grad`, and read "
                "`logits.grad` entry by entry. Where it is exactly 0, which operation had a "
                "constant output?"
            ),
        ),
        Property(
            "measured",
            weight=2,
            goal=N_("`measured` is the share of the generator's gradient that is thrown away."),
            nudge=N_("It is about sizes of gradients, not about how many logits are affected."),
            method=N_(
                "Compute the gradient of the faulty loss and of the stable loss with respect to "
                "the same logits, add up their absolute values, and subtract the ratio from 1."
            ),
        ),
        Property(
            "discriminator-moves",
            weight=2,
            goal=N_("`repaired_step` moves the discriminator by minus the gradient of its loss."),
            nudge=N_("Lines 2 to 7 were right. Did your repair change what they do?"),
            method=N_("Keep the discriminator's half of the step as it was given."),
        ),
        Property(
            "generator-moves",
            weight=5,
            goal=N_(
                "`repaired_step` then moves the generator by minus the gradient of the mean of "
                "`-log D`, for logits as low as -1000."
            ),
            nudge=N_("Does any path from the logits to the loss pass through a probability?"),
            method=N_(
                "Work with the logits of the discriminator that has just moved, and write `-log D` "
                "in the stable form of your generator's loss."
            ),
        ),
    ],
)
def diagnosis(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Line and share against our own computation; the repair seen by the parameters."""
    yield from broken_line(student, LINE, _LINE)
    yield from measured(student, lost_share(), TOLERANCE, _MEASURED)
    with student.part("discriminator-moves", "generator-moves"):
        yield from _repaired(student, rng)


_LINE = N_("Line {measured} is your answer, expected the line that stops the generator.")
_MEASURED = N_("You measured {measured}, expected the share defined above to six decimals.")


#: What is added to every logit: what a clamp of 1e-12 does not survive (log 1e-12 is -27.6), what
#: no logarithm of a probability survives (sigmoid is 0 below -745), nothing, and what makes the
#: generator's loss vanish. A verdict keeps the first that fails, so the one that shows the fault
#: best comes first.
_CASES = {
    -60.0: N_("With logits around -60"),
    -900.0: N_("With logits around -900"),
    0.0: N_("With logits around 0"),
    60.0: N_("With logits around 60"),
}
_AGAIN = N_("With gradients that somebody else left in both networks")


def _repaired(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """A call each on fresh networks, then some on one pair, whose optimizers have a memory."""
    for logit, case in _CASES.items():
        kinds = (TANH, TANH) if logit < 0 else (NORMALISED, DROPOUT)
        players = arena(student, State.drawn(rng, logit, kinds))
        if not (yield from _call(student, rng, players, case)):
            return
    for rule in rules(rng):
        players = arena(student, State.drawn(rng), rule)
        for _ in range(2):
            for player in players.values():
                player.leave_some(rng)
            yield from _call(student, rng, players, _AGAIN)


def _call(
    student: Any, rng: np.random.Generator, players: Arena, case: str
) -> Generator[Observation, None, bool]:
    """One call; returns whether the generator went where it should, more or less.

    The discriminator's half was right before anybody repaired anything, so it counts after that.
    """
    n, m = (int(k) for k in rng.permutation(np.arange(2, 24))[:2])
    real, z = batch(rng, n, m)
    D, G = players["discriminator"], players["generator"]
    before, start = (D.look(), G.look()), state(players)
    student.repaired_step(*nets(players), G.optimizer, D.optimizer, real, z)
    after = (D.look(), G.look())
    _, gradient = discriminator_gradient(start, real, z)
    wanted, found = D.expected(gradient), after[0].parameters
    first = added("discriminator-moves", start.discriminator, found, wanted, case=case)
    _, gradient = generator_gradient(replace(start, discriminator=found), z)
    wanted, found = G.expected(gradient), after[1].parameters
    second = added("generator-moves", start.generator, found, wanted, case=case)
    useful = second.passed or downhill(start.generator, found, gradient)
    yield from [seen for seen in (first, second) if useful or not seen.passed]
    flags = (
        as_it_came("discriminator-moves", before[0], after[0]),
        as_it_came("generator-moves", before[1], after[1]),
    )
    yield from [seen for seen in flags if useful or not seen.passed]
    for player in players.values():
        player.thaw()
    return useful
