"""``mode-collapse.gradient_penalty``: the penalty, and the critic's step that it shapes.

The value of a penalty says nothing about whether it reaches the critic: without
``create_graph`` it is right to the last digit and moves no parameter. So the step is judged by
what it did to the critic.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlab.checks.core import Property, check
from synthlab.checks.mode_collapse.penalty import WEIGHT, critic_gradient, penalty
from synthlab.checks.parts.arena import Arena, arena, nets
from synthlab.checks.parts.game import State, batch
from synthlab.checks.parts.gradients import value
from synthlab.checks.parts.perceptron import draw
from synthlab.checks.parts.steps import again, downhill, left_alone, moved, returns_loss
from synthlab.checks.properties import Observation, same
from synthlab.words import N_

Array = NDArray[Any]

#: Means over 16 slopes of float64 networks: rounding stays below 1e-13, while a penalty computed
#: in float32, or with a small number added under the root, is off by 1e-7 or more. A root with
#: 1e-12 under it is off by 1e-12 and still right.
TOLERANCE = 1e-9

#: The first optimizer of a process imports torch's compiler: 1 s on an idle machine, and more than
#: 20 s at a load of 20 on two cores.
SECONDS = 60

_PROPERTIES = [
    Property(
        "linear-critic",
        weight=2,
        goal=N_("For the critic `w . x` the penalty is exactly `(|w| - 1)^2`."),
        nudge=N_(
            "Whose slope is penalised, and from which length on: only above 1, or also below?"
        ),
        method=N_(
            "Take the gradient of the sum of the critic's outputs for the points, its length a "
            "row, subtract 1, square, and average over the rows."
        ),
    ),
    Property(
        "between",
        weight=2,
        goal=N_("The slope is taken at `epsilon * real + (1 - epsilon) * fake`, row by row."),
        nudge=N_("At which points do you ask for the slope? Print three of them."),
        method=N_(
            "Give `epsilon` one axis for each axis of the rows, mix real and fake, and let the "
            "mixed points require a gradient."
        ),
    ),
    Property(
        "every-axis",
        weight=1,
        goal=N_("For rows of several axes, such as images, the length runs over all of them."),
        nudge=N_("What is the shape of the gradient of an image, and which axes does `norm` take?"),
        method=N_("Flatten the gradient from axis 1 on before you take the norm of each row."),
    ),
    Property(
        "critic-learns",
        weight=4,
        goal=N_(
            "`critic_step` moves the critic by minus the gradient of "
            "`E f(fake) - E f(real) + weight * penalty`."
        ),
        nudge=N_(
            "Set the weight to 1000. Does the critic move otherwise? If not, the penalty is a "
            "number without a history."
        ),
        method=N_(
            "`torch.autograd.grad(..., create_graph=True)` records how the slope was made, so "
            "that `backward` can go through it to the critic's parameters. The critic wants "
            "real high and fake low, and it minimises."
        ),
    ),
    Property(
        "generator-left-alone",
        weight=1,
        goal=N_("`critic_step` leaves the generator as it was, without any gradient in it."),
        nudge=N_("In this step, are the fakes data or something that learns?"),
        method=N_("Make the fakes under `no_grad`, or `detach` them."),
    ),
    Property(
        "fresh-gradients",
        weight=1,
        goal=N_("A second step uses its own gradient alone."),
        nudge=N_("`backward` adds to what `p.grad` holds. Who empties it?"),
        method=N_("Call `zero_grad` on the optimizer before `backward`."),
    ),
    Property(
        "returns-the-loss",
        weight=1,
        goal=N_("`critic_step` returns the loss before the move, penalty included, as a float."),
        nudge=N_("What is the type of what you return, and does it contain the penalty?"),
        method=N_("Keep the tensor that you call `backward` on, and return its `item()`."),
    ),
]


@check(
    "mode-collapse.gradient_penalty",
    target=("gradient_penalty", "critic_step"),
    seconds=SECONDS,
    properties=_PROPERTIES,
)
def gradient_penalty(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Values on critics whose slope the judge knows, then steps seen by the parameters."""
    with student.part("linear-critic"):
        for length in (float(rng.uniform(2.0, 4.0)), float(rng.uniform(0.2, 0.6))):
            w = rng.normal(size=2)
            w *= length / np.linalg.norm(w)
            critic = student.harness.linear_critic(w, float(rng.normal()))
            found = student.gradient_penalty(critic, *_points(rng, (8, 2)))
            case = _LONG if length > 1 else _SHORT
            yield same("linear-critic", found, (length - 1) ** 2, tolerance=TOLERANCE, case=case)
    with student.part("between"):
        critic, at = draw(rng, 2, 6, 1), _points(rng, (16, 2))
        found = student.gradient_penalty(student.harness.critic(critic), *at)
        yield same("between", found, value(penalty, critic, *at), tolerance=TOLERANCE)
    with student.part("every-axis"):
        critic, at = draw(rng, 12, 6, 1), _points(rng, (5, 2, 3, 2))
        found = student.gradient_penalty(student.harness.critic(critic), *at)
        wanted = value(penalty, critic, *at)
        yield same("every-axis", found, wanted, tolerance=TOLERANCE, case=_IMAGES)
    with student.part("critic-learns"):
        yield from _one_step(student, rng)
    with student.part("fresh-gradients"):
        yield from _second_step(student, rng)


_LONG = N_("With a slope longer than 1")
_SHORT = N_("With a slope shorter than 1")
_IMAGES = N_("With rows of shape (2, 3, 2)")


def _points(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """Real rows, fake rows, and one epsilon a row."""
    real, fake = rng.normal(size=(2, *shape))
    return real, fake + 0.5, rng.uniform(size=shape[0])


def _one_step(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Steps with the usual weight, with another one, and with none."""
    for weight in (WEIGHT, float(rng.uniform(1.0, 5.0)), 0.0):
        state, (real, z) = State.drawn(rng), batch(rng)
        epsilon = rng.uniform(size=len(real))
        players = arena(student, state)
        before = players["generator"].look()
        options = {} if weight == WEIGHT else {"weight": weight}
        optimizer = players["discriminator"].optimizer
        returned = student.critic_step(*nets(players), optimizer, real, z, epsilon, **options)
        wanted, gradient = critic_gradient(
            state.generator, state.discriminator, real, z, epsilon, weight
        )
        start, after = state.discriminator, players["discriminator"].look().parameters
        case = _CASES[weight if weight in _CASES else None]
        yield moved("critic-learns", start, after, gradient, case=case)
        if not downhill(start, after, gradient):
            return
        yield from left_alone("generator-left-alone", before, players["generator"].look())
        yield returns_loss(returned, wanted, TOLERANCE * 100)


_CASES = {
    WEIGHT: N_("With the penalty's weight at its default, 10"),
    0.0: N_("With the penalty's weight at 0"),
    None: N_("With another weight of the penalty"),
}


def _second_step(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Two steps in a row, each as on fresh copies."""
    players = arena(student, State.drawn(rng))
    for _ in range(2):
        (real, z), epsilon = batch(rng), rng.uniform(size=16)

        def play(who: Arena, *at: Array) -> Any:
            return student.critic_step(*nets(who), who["discriminator"].optimizer, *at)

        yield from again(
            "fresh-gradients", players, ["discriminator"], play, real, z, epsilon, case=_TWICE
        )


_TWICE = N_("Compared with the same step on fresh copies")
