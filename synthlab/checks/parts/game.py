"""Losses of a GAN's two players, and their gradients for small networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor
from torch.nn.functional import logsigmoid

from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.parts.perceptron import Array, Weights, forward


def softplus(x: Tensor) -> Tensor:
    """log(1 + e^x); torch's own takes a short cut above 20, which is off by 2.1e-9."""
    return -logsigmoid(-x)


@dataclass(frozen=True)
class Loss:
    """The two losses of a GAN, on logits of any shape.

    Args:
        discriminator: Takes the logits of real and of fake points.
        generator: Takes the logits of fake points.
    """

    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor], Tensor]


#: The losses of Goodfellow et al. 2014, that of the generator not saturating.
LOGISTIC = Loss(
    discriminator=lambda real, fake: softplus(-real).mean() + softplus(fake).mean(),
    generator=lambda fake: softplus(-fake).mean(),
)
#: Least squares (Mao et al. 2017, eq. 9).
SQUARES = Loss(
    discriminator=lambda real, fake: ((real - 1).square().mean() + fake.square().mean()) / 2,
    generator=lambda fake: (fake - 1).square().mean() / 2,
)


def discriminator_gradient(
    generator: Weights, discriminator: Weights, real: Array, z: Array, loss: Loss = LOGISTIC
) -> tuple[float, Weights]:
    """The discriminator's loss and its gradient for the discriminator's parameters."""

    def played(D: Mapping[str, Tensor], G: Mapping[str, Tensor], x: Tensor, z: Tensor) -> Tensor:
        return loss.discriminator(forward(D, x), forward(D, forward(G, z)))

    return value_and_grad(played, discriminator, generator, real, z)


def generator_gradient(
    generator: Weights, discriminator: Weights, z: Array, loss: Loss = LOGISTIC
) -> tuple[float, Weights]:
    """The generator's loss and its gradient for the generator's parameters."""

    def played(G: Mapping[str, Tensor], D: Mapping[str, Tensor], z: Tensor) -> Tensor:
        return loss.generator(forward(D, forward(G, z)))

    return value_and_grad(played, generator, discriminator, z)
