"""``gan.diagnosis``: the line, a measurement, and a repaired step.

The two facts are judged without showing the right ones: a verdict that names them would be the
answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.special import expit

from synthlab.checks.core import Property, check
from synthlab.checks.parts.arena import Arena, State, batch
from synthlab.checks.parts.diagnosis import broken_line, measured
from synthlab.checks.parts.game import LOGISTIC, discriminator_gradient, generator_gradient
from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.parts.steps import moved
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
            weight=1,
            goal=N_("`repaired_step` moves the discriminator by minus the gradient of its loss."),
            nudge=N_("Lines 2 to 7 were right. Did your repair change what they do?"),
            method=N_("Keep the discriminator's half of the step as it was given."),
        ),
        Property(
            "generator-moves",
            weight=3,
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
        for logit, case in _CASES.items():
            yield from _repaired(student, rng, logit, case)


_LINE = N_("Line {measured} is your answer, expected the line that stops the generator.")
_MEASURED = N_("You measured {measured}, expected the share defined above to six decimals.")


#: What is added to every logit: what a clamp of 1e-12 does not survive (log 1e-12 is -27.6), what
#: no logarithm of a probability survives (sigmoid is 0 below -745), and nothing. A verdict keeps
#: the first that fails, so the one that shows the fault best comes first.
_CASES = {
    -60.0: N_("With logits around -60"),
    -900.0: N_("With logits around -900"),
    0.0: N_("With logits around 0"),
}


def _repaired(
    student: Any, rng: np.random.Generator, logit: float, case: str
) -> Iterator[Observation]:
    state, (real, z) = State.drawn(rng, logit), batch(rng)
    arena = Arena(student, state)
    student.repaired_step(*arena.nets, arena.for_generator, arena.for_discriminator, real, z)
    after = arena.state()
    _, gradient = discriminator_gradient(state.generator, state.discriminator, real, z)
    yield moved(
        "discriminator-moves", state.discriminator, after.discriminator, gradient, case=case
    )
    _, gradient = generator_gradient(state.generator, after.discriminator, z)
    yield moved("generator-moves", state.generator, after.generator, gradient, case=case)
