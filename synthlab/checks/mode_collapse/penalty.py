"""Gradient penalty of Gulrajani et al. 2017 (eq. 3), and the critic's loss with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from torch import Tensor
from torch.func import grad
from torch.linalg import vector_norm

from synthlab.checks.parts.game import State
from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.parts.perceptron import TANH, Array, Kind, Weights
from synthlab.checks.parts.steps import Rule, rules

#: The weight of the penalty in the paper.
WEIGHT = 10.0


def penalty(
    critic: Mapping[str, Tensor], real: Tensor, fake: Tensor, epsilon: Tensor, kind: Kind = TANH
) -> Tensor:
    """``mean (|slope| - 1)^2`` at ``epsilon real + (1 - epsilon) fake``, one epsilon a row.

    The rows (B, ...) may have several axes. Where the critic is flat, the slope of the length is 0.
    """
    real, fake, share = real.flatten(1), fake.flatten(1), epsilon[:, None]
    slope: Tensor = grad(lambda x: kind.forward(critic, x).sum())(share * real + (1 - share) * fake)
    length: Tensor = vector_norm(slope, dim=1)
    return (length - 1).square().mean()


def critic_gradient(
    state: State, real: Array, z: Array, epsilon: Array, weight: float = WEIGHT
) -> tuple[float, Weights]:
    """``E f(fake) - E f(real) + weight penalty``, and its gradient for the critic."""
    g, f = state.kinds

    def loss(critic: Mapping[str, Tensor], G: Mapping[str, Tensor], *points: Tensor) -> Tensor:
        real, z, epsilon = points
        fake = g.forward(G, z)
        plain = f.forward(critic, fake).mean() - f.forward(critic, real).mean()
        return plain + weight * penalty(critic, real, fake, epsilon, f)

    return value_and_grad(loss, state.discriminator, state.generator, real, z, epsilon)


def careful(rng: np.random.Generator) -> list[Rule]:
    """Rules with small steps: a penalty's gradient is steep, and a critic thrown far is flat."""
    return [replace(rule, lr=rule.lr / 20) for rule in rules(rng)]
