"""``start.training_step``: one step of gradient descent, observed by the parameters."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthlab.checks.core import TRAINED, Property, check
from synthlab.checks.parts.gradients import value, value_and_grad
from synthlab.checks.parts.perceptron import DROPOUT, NORMALISED, RELU, TANH, Array, Kind, draw
from synthlab.checks.parts.steps import (
    Player,
    again,
    as_it_came,
    downhill,
    moved,
    returns_loss,
    rules,
)
from synthlab.checks.properties import Observation
from synthlab.checks.start.error import mean_squared_error
from synthlab.words import N_


@check(
    "start.training_step",
    target="training_step",
    moves={"training_step": {0: TRAINED, 1: TRAINED}},
    properties=[
        Property(
            "moves-downhill",
            weight=4,
            goal=N_("Every parameter moves by minus the gradient of the mean squared error."),
            nudge=N_("In which order do `backward` and `step` come?"),
            method=N_(
                "Compute the loss, zero the old gradients, call `backward` on the loss, then "
                "`optimizer.step()`."
            ),
        ),
        Property(
            "fresh-gradients",
            weight=3,
            goal=N_("The second step uses its own gradient alone."),
            nudge=N_("`backward` adds to what `p.grad` holds. Who empties it?"),
            method=N_("Call `optimizer.zero_grad()` in every step, before `backward`."),
        ),
        Property(
            "given-optimizer",
            weight=1,
            goal=N_("The optimizer decides how far a parameter moves."),
            nudge=N_("Does your step know the learning rate? It should not need to."),
            method=N_("Call `optimizer.step()` and change no parameter by hand."),
        ),
        Property(
            "returns-the-loss",
            weight=2,
            goal=N_("The step returns the loss before the move, as a Python float."),
            nudge=N_("What is the type of the value that you return, and when was it computed?"),
            method=N_("Keep the loss tensor from before the move and return its `item()`."),
        ),
    ],
)
def training_step(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Calls on fresh models, then on models with a history; each against the judge's gradient."""
    with student.part("moves-downhill"):
        if not (yield from _alone(student, rng)):
            return
    with student.part("fresh-gradients"):
        yield from _in_turn(student, rng)
    with student.part("given-optimizer"):
        yield from _given_optimizer(student, rng)


@dataclass(frozen=True)
class _Trial:
    """Model and data of one call: the plain case first, since a verdict keeps the first fault."""

    case: str
    kind: Kind = TANH
    sizes: tuple[int, int, int] = (11, 3, 2)
    scale: float = 1.0
    dtype: str = "float64"


_PLAIN = N_("With 11 rows")


def _trials(rng: np.random.Generator) -> list[_Trial]:
    n, i, o = (int(k) for k in rng.integers((4, 1, 1), (30, 6, 6)))
    small, large = (float(10 ** rng.uniform(*at)) for at in ((-5, -3), (2, 4)))
    return [
        _Trial(_PLAIN),
        _Trial(N_("With a model that drops units while it trains"), DROPOUT, (n, i, o)),
        _Trial(N_("With a model that normalises batches"), NORMALISED, (n, i, o)),
        _Trial(N_("With one row and one output"), RELU, (1, i, 1)),
        _Trial(N_("With a small loss"), TANH, (n, i, o), small),
        _Trial(N_("With a large loss"), RELU, (n, i, o), large),
        _Trial(N_("With a float32 model"), TANH, (n, i, o), dtype="float32"),
    ]


def _alone(student: Any, rng: np.random.Generator) -> Generator[Observation, None, bool]:
    """One call a trial; returns whether it went downhill in the first."""
    for trial in _trials(rng):
        rows, inputs, outputs = trial.sizes
        weights = draw(rng, inputs, 5, outputs, trial.kind)
        x = rng.normal(size=(rows, inputs)).astype(trial.dtype)
        weights = {name: w.astype(trial.dtype) for name, w in weights.items()}
        guess = value(trial.kind.forward, weights, x)
        y = (guess + trial.scale * rng.normal(size=guess.shape)).astype(trial.dtype)
        player = Player(student, weights, trial.kind)
        before = player.look()
        returned = student(player.module, player.optimizer, x, y)
        after = player.look()
        wanted, gradient = value_and_grad(mean_squared_error(trial.kind.forward), weights, x, y)
        seen = moved("moves-downhill", weights, after.parameters, gradient, case=trial.case)
        yield seen
        if not downhill(weights, after.parameters, gradient):
            return trial.case != _PLAIN
        yield as_it_came("moves-downhill", before, after)
        # some hundred squares: float64 is exact to 1e-13 of the sum, float32 to 1e-5
        yield returns_loss(returned, wanted, 1e-10 if trial.dtype == "float64" else 1e-4)
        if not seen.passed:
            return True
    return True


def _in_turn(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Four calls on one model, in which somebody else has left gradients."""
    players = {"model": Player(student, draw(rng, 3, 5, 2, DROPOUT), DROPOUT)}
    for i in range(4):
        if i % 2 == 0:
            players["model"].leave_some(rng)
        play, (x, y) = _play(student), _data(rng)
        yield from again("fresh-gradients", players, ["model"], play, x, y, case=_COPY)


def _given_optimizer(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Three calls by each rule; the second has nothing to learn, and momentum moves on."""
    for rule in rules(rng):
        weights = draw(rng, 3, 5, 2)
        players = {"model": Player(student, weights, rule=rule)}
        for fits in (False, True, False):
            x, y = _data(rng)
            if fits:
                y = value(TANH.forward, players["model"].look().parameters, x)
            players["model"].leave(None)
            yield from again(
                "given-optimizer",
                players,
                ["model"],
                _play(student),
                x,
                y,
                case=_RULES[rule.maximize],
            )


_COPY = N_("Compared with the same step on a fresh copy of the model")
_RULES = {False: N_("With an optimizer that has momentum"), True: N_("With one that ascends")}


def _play(student: Any) -> Callable[..., Any]:
    return lambda who, x, y: student(who["model"].module, who["model"].optimizer, x, y)


def _data(rng: np.random.Generator) -> tuple[Array, Array]:
    rows = int(rng.integers(5, 20))
    return rng.normal(size=(rows, 3)), rng.normal(size=(rows, 2))
