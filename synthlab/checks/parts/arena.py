"""Two networks on the learner's side that a check plays the game with.

Used by ``gan.training_step`` and ``gan.diagnosis``: both judge a step by what it did to the
parameters, under SGD with learning rate 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlab.checks.parts.perceptron import Weights, draw
from synthlab.checks.parts.steps import parameters
from synthlab.checks.properties import Observation, as_array, holds
from synthlab.words import N_

Array = NDArray[Any]

#: Points a batch: enough that a mean, a sum and half a batch all differ.
BATCH = 16


@dataclass(frozen=True)
class State:
    """The parameters of both networks at one moment."""

    generator: Weights
    discriminator: Weights

    @classmethod
    def drawn(cls, rng: np.random.Generator, logit: float = 0.0) -> State:
        """Random networks; ``logit`` is added to whatever the discriminator says."""
        state = cls(draw(rng, 2, 5, 2), draw(rng, 2, 6, 1))
        state.discriminator["2.bias"] += logit
        return state


class Arena:
    """A generator and a discriminator on the learner's side, with an optimizer each.

    Args:
        student: What the check got; with its harness.
        state: The parameters to start with.
        options: For the optimizers, see ``sgd`` in the harness.
    """

    def __init__(self, student: Any, state: State, **options: Any) -> None:
        self._student, self._start = student, state
        self.generator = student.harness.perceptron(state.generator)
        self.discriminator = student.harness.critic(state.discriminator)
        self.for_generator = student.harness.sgd(self.generator, **options)
        self.for_discriminator = student.harness.sgd(self.discriminator, **options)

    @property
    def nets(self) -> tuple[Any, Any]:
        """Generator and discriminator, as a step takes them."""
        return self.generator, self.discriminator

    def state(self) -> State:
        """Both networks' parameters now.

        Raises:
            Unusable: When they are not what the networks began with, in name and shape. What
                comes from the learner's side is not computed with before.
        """
        return State(
            self._read(self.generator, self._start.generator),
            self._read(self.discriminator, self._start.discriminator),
        )

    def without_gradient(self) -> Observation:
        """Observe ``generator-left-alone``: that the generator holds no gradient."""
        held = float(self._student.harness.largest_gradient(self.generator))
        detail = N_("The generator holds a gradient of size {measured}, expected 0.")
        return holds("generator-left-alone", held == 0.0, detail, measured=held)

    def _read(self, net: Any, start: Weights) -> Weights:
        found = parameters(self._student, net)
        return {name: as_array(found[name], value.shape) for name, value in start.items()}


def batch(rng: np.random.Generator) -> tuple[Array, Array]:
    """Real points and noise, (B, 2) each."""
    return rng.normal(0.5, 1.5, size=(BATCH, 2)), rng.normal(size=(BATCH, 2))


def change(before: Weights, after: Weights) -> Weights:
    """What was added to every parameter."""
    return {name: after[name] - before[name] for name in before}
