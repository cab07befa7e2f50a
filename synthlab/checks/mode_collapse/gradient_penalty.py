"""``mode-collapse.gradient_penalty``: the penalty, and the critic's step that it shapes.

The value of a penalty says nothing about whether it reaches the critic: without
``create_graph`` it is right to the last digit and moves no parameter. So the step is judged by
what it did to the critic.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlab.checks.core import Property, check
from synthlab.checks.mode_collapse.penalty import WEIGHT, careful, critic_gradient, penalty
from synthlab.checks.parts.arena import Arena, arena, nets
from synthlab.checks.parts.game import State, batch
from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.parts.losses import differentiate, trained_on
from synthlab.checks.parts.perceptron import DROPOUT, NORMALISED, RELU, TANH, Kind, Weights, draw
from synthlab.checks.parts.steps import (
    PLAIN,
    Rule,
    added,
    again,
    as_it_came,
    downhill,
    left_alone,
    returns_loss,
)
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_

Array = NDArray[Any]
_Points = tuple[Array, Array, Array]

#: A root with the 1e-8 under it that the exercise allows is off by at most 5e-9 / length, so a
#: penalty of lengths above 0.001 is off by less than 1e-5, and that of a flat critic by 2e-4.
TOLERANCE = 1e-5
FLAT = 1e-3
#: The gradient of a length near 0 is off by more: by 5e-3 where one is 0.001. Of ten rows with
#: slopes of order 1 in the plane, one in 100,000 steps has such a row. Any other penalty moves a
#: critic by 1 % and more; float32 carries some hundred roundings of 1.2e-7.
STEP = 1e-3

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
            "`critic_step` lets its optimizer follow the gradient of `E f(fake) - E f(real) + "
            "weight * penalty`, which stays finite where the critic is flat."
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
        lengths = rng.uniform(2.0, 4.0), rng.uniform(0.2, 0.6), 0.0
        for length, (case, tolerance) in zip(lengths, _SLOPES, strict=True):
            w = rng.normal(size=int(rng.integers(1, 5)))
            w *= length / np.linalg.norm(w)
            critic = student.harness.linear_critic(w, float(rng.normal()))
            found = student.gradient_penalty(critic, *_points(rng, (_size(rng), len(w))))
            yield same("linear-critic", found, (length - 1) ** 2, tolerance=tolerance, case=case)
    with student.part("between"):
        for kind in (TANH, RELU, DROPOUT):
            critic = student.harness.critic(_steep(rng, 2, kind), **asdict(kind))
            real, fake, epsilon = _points(rng, (8 + _size(rng), 2))
            epsilon[:2] = rng.permutation([0.0, 1.0])  # both ends are between, too
            middle = epsilon[:, None] * real + (1 - epsilon[:, None]) * fake
            points = (real, fake, epsilon), (middle, middle, epsilon)
            yield from _alike("between", student, critic, *points, _MIDDLE)
    with student.part("every-axis"):
        sizes = [int(n) for n in rng.permutation([2, 3, 4, 5])]
        for axes in (sizes[1:], sizes[2:]):
            critic = student.harness.critic(_steep(rng, int(np.prod(axes))))
            real, fake, epsilon = _points(rng, (sizes[0], *axes))
            flat = real.reshape(sizes[0], -1), fake.reshape(sizes[0], -1), epsilon
            yield from _alike("every-axis", student, critic, (real, fake, epsilon), flat, _FLAT)
    with student.part("critic-learns"):
        critic, at = draw(rng, 2, 6, 1), _points(rng, (_size(rng), 2))
        module, alone = student.harness.critic(critic), student.gradient_penalty
        _, slope = value_and_grad(penalty, critic, *at)
        backward = differentiate(student, alone, module, *at, at=[0])
        yield from trained_on("critic-learns", backward, [slope], tolerance=STEP, case=_ALONE)
        for trial in _trials(rng):
            yield from trial.observe(student, rng)
    with student.part("fresh-gradients"):
        yield from _in_turn(student, rng)


_SLOPES = (
    (N_("With a slope longer than 1"), TOLERANCE),
    (N_("With a slope shorter than 1"), TOLERANCE),
    (N_("With a flat critic"), FLAT),
)
_MIDDLE = N_("Compared with your penalty at the mixed points themselves")
_FLAT = N_("Rows of several axes, compared with your penalty for the same rows laid flat")
_ALONE = N_("The gradient of the penalty alone, for the critic")
_TWICE = N_("Compared with the same step on fresh copies")


def _size(rng: np.random.Generator) -> int:
    """How many rows: few and many."""
    return int(rng.integers(2, 25))


def _points(rng: np.random.Generator, shape: tuple[int, ...]) -> _Points:
    """Real rows, fake rows, and one epsilon a row."""
    real, fake = rng.normal(size=(2, *shape))
    return real, fake + 0.5, rng.uniform(size=shape[0])


def _steep(rng: np.random.Generator, inputs: int, kind: Kind = TANH) -> Weights:
    """A critic with slopes above 1, and with others below."""
    critic = draw(rng, inputs, 6, 1, kind)
    return {**critic, "2.weight": 5 * critic["2.weight"]}


def _alike(
    name: str, student: Any, critic: Any, points: _Points, others: _Points, case: str
) -> Iterator[Observation]:
    """Two calls that ask for the slope at the same points, whatever is made of it there."""
    elsewhere = points[0][::-1] + 1.0, points[1] - 1.0, points[2]
    calls = points, others, elsewhere
    here, there, away = (
        as_array(student.gradient_penalty(critic, *at), (), finite=True) for at in calls
    )
    if abs(here - away) <= TOLERANCE:
        detail = N_("The penalty is {measured} at any points, expected one that depends on them.")
        yield holds(name, False, detail, measured=here)
    yield same(name, here, there, tolerance=TOLERANCE, case=case)


@dataclass(frozen=True)
class _Trial:
    """Networks, weight and optimizer of one step on networks that have never played."""

    case: str
    weight: float = WEIGHT
    kinds: tuple[Kind, Kind] = (TANH, TANH)
    rows: int = 16
    flat: bool = False
    rule: Rule = PLAIN
    dtype: str = "float64"

    def observe(self, student: Any, rng: np.random.Generator) -> Iterator[Observation]:
        """The step; one that makes nothing smaller earns nothing for what it leaves alone."""
        state, epsilon = State.drawn(rng, kinds=self.kinds), rng.uniform(size=self.rows)
        if self.flat:
            _flatten(state.discriminator)
        state = state.astype(self.dtype)
        real, z = (x.astype(self.dtype) for x in batch(rng, self.rows, self.rows))
        epsilon = epsilon.astype(self.dtype)
        players = arena(student, state, self.rule)
        G, critic = players["generator"], players["discriminator"]
        G.leave_some(rng)
        before = G.look(), critic.look()
        options = {} if self.weight == WEIGHT else {"weight": self.weight}
        returned = student.critic_step(
            *nets(players), critic.optimizer, real, z, epsilon, **options
        )
        wanted, gradient = critic_gradient(state, real, z, epsilon, self.weight)
        after = G.look(), critic.look()
        start, end = before[1].parameters, after[1].parameters
        exact = STEP if self.flat or self.dtype == "float32" else TOLERANCE
        step = critic.expected(gradient)
        yield added("critic-learns", start, end, step, tolerance=STEP, case=self.case)
        yield as_it_came("critic-learns", before[1], after[1])
        if self.rule.maximize or downhill(start, end, gradient):
            yield from left_alone("generator-left-alone", before[0], after[0])
            yield as_it_came("generator-left-alone", before[0], after[0])
            yield returns_loss(returned, wanted, exact)


def _trials(rng: np.random.Generator) -> list[_Trial]:
    """What a step meets; the plain case first, since a verdict keeps the first fault."""
    weight, ascent = float(rng.uniform(1.0, 5.0)), careful(rng)[1]
    return [
        _Trial(N_("With the penalty's weight at its default, 10")),
        _Trial(N_("With another weight of the penalty"), weight, rows=_size(rng)),
        _Trial(N_("With the penalty's weight at 0"), 0.0, (NORMALISED, DROPOUT), _size(rng)),
        _Trial(N_("With one row"), kinds=(RELU, TANH), rows=1),
        _Trial(
            N_("With a critic that is flat at some of the points"), kinds=(TANH, RELU), flat=True
        ),
        _Trial(N_("With an optimizer that climbs"), rule=ascent),
        _Trial(N_("With float32 networks"), rows=_size(rng), dtype="float32"),
    ]


def _flatten(critic: Weights) -> None:
    """Make a critic of ReLUs flat in one half of the plane: all its units look the same way."""
    critic["0.weight"] = np.abs(critic["0.weight"][:, :1]) * critic["0.weight"][0]
    critic["0.bias"] = np.zeros_like(critic["0.bias"])


def _in_turn(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Steps in a row with what others left behind, each as on fresh copies."""

    def play(who: Arena, *at: Array) -> Any:
        return student.critic_step(*nets(who), who["discriminator"].optimizer, *at)

    players = arena(student, State.drawn(rng), careful(rng)[0])
    for rows in (16, 16, 5):
        for player in players.values():
            player.leave_some(rng)
        (real, z), epsilon = batch(rng, rows, rows), rng.uniform(size=rows)
        moves = ["discriminator"]
        yield from again("fresh-gradients", players, moves, play, real, z, epsilon, case=_TWICE)
