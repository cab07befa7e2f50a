"""``start.training_step``: one step of gradient descent, observed by the parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.parts.steps import moved, parameters, returns_loss
from synthlab.checks.properties import Observation
from synthlab.checks.start.linear import draw, mean_squared_error
from synthlab.words import N_


@check(
    "start.training_step",
    target="training_step",
    properties=[
        Property(
            "moves-downhill",
            weight=3,
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
    """Three steps on one affine model, each compared with the judge's own gradient."""
    start = draw(rng, 3, 2)
    net = student.harness.linear(start)
    optimizer = student.harness.sgd(net)
    for name in ("moves-downhill", "fresh-gradients", "fresh-gradients"):
        x, y = rng.normal(size=(11, 3)), rng.normal(size=(11, 2))
        before = parameters(student, net)
        returned = student(net, optimizer, x, y)
        wanted, gradient = value_and_grad(mean_squared_error, before, x, y)
        yield moved(name, before, parameters(student, net), gradient)
        # 22 squares of size 10 in float64
        yield returns_loss(returned, wanted, tolerance=1e-10)
    with student.part("given-optimizer"):
        net = student.harness.linear(start)
        optimizer = student.harness.sgd(net, lr=0.125)
        student(net, optimizer, x, y)
        _, gradient = value_and_grad(mean_squared_error, start, x, y)
        after = parameters(student, net)
        yield moved("given-optimizer", start, after, gradient, learning_rate=0.125)
