"""Gradient penalty of Gulrajani et al. 2017 (eq. 3), and the critic's loss with it."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor
from torch.func import grad

from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.parts.perceptron import Array, Weights, forward

#: The weight of the penalty in the paper.
WEIGHT = 10.0


def penalty(critic: Mapping[str, Tensor], real: Tensor, fake: Tensor, epsilon: Tensor) -> Tensor:
    """``mean (|slope| - 1)^2`` at ``epsilon real + (1 - epsilon) fake``, one epsilon a row.

    The rows (B, ...) may have several axes.
    """
    real, fake, share = real.flatten(1), fake.flatten(1), epsilon[:, None]
    slope: Tensor = grad(lambda x: forward(critic, x).sum())(share * real + (1 - share) * fake)
    length = slope.square().sum(1).sqrt()
    return (length - 1).square().mean()


def critic_gradient(
    generator: Weights,
    critic: Weights,
    real: Array,
    z: Array,
    epsilon: Array,
    weight: float = WEIGHT,
) -> tuple[float, Weights]:
    """``E f(fake) - E f(real) + weight penalty``, and its gradient for the critic."""

    def loss(f: Mapping[str, Tensor], G: Mapping[str, Tensor], *points: Tensor) -> Tensor:
        real, z, epsilon = points
        fake = forward(G, z)
        plain = forward(f, fake).mean() - forward(f, real).mean()
        return plain + weight * penalty(f, real, fake, epsilon)

    return value_and_grad(loss, critic, generator, real, z, epsilon)
