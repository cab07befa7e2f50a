"""Tiny networks whose gradients the judge computes itself, in numpy and float64.

A two-layer network W2 tanh(W1 x + b1) + b2, with the names that torch gives the parameters of
``Sequential(Linear, Tanh, Linear)``. The chain rule is written out, so that what a learner's
step did is compared with something that no autograd has touched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Array = NDArray[Any]
#: Parameters by name: "0.weight" (H, I), "0.bias" (H,), "2.weight" (O, H), "2.bias" (O,).
Weights = dict[str, Array]


def draw(rng: np.random.Generator, inputs: int, hidden: int, outputs: int) -> Weights:
    """Random weights of order 1, so that no unit is dead, saturated or the identity."""
    shapes = {
        "0.weight": (hidden, inputs),
        "0.bias": (hidden,),
        "2.weight": (outputs, hidden),
        "2.bias": (outputs,),
    }
    return {name: rng.normal(scale=0.7, size=shape) for name, shape in shapes.items()}


def forward(net: Weights, x: Array) -> Array:
    """(B, inputs) -> (B, outputs)."""
    hidden = np.tanh(x @ net["0.weight"].T + net["0.bias"])  # (B, H)
    return np.asarray(hidden @ net["2.weight"].T + net["2.bias"])


def backward(net: Weights, x: Array, upstream: Array) -> tuple[Weights, Array]:
    """The gradients for the parameters and for x, from that for the output (B, outputs)."""
    hidden = np.tanh(x @ net["0.weight"].T + net["0.bias"])  # (B, H)
    inner = (upstream @ net["2.weight"]) * (1 - hidden**2)  # (B, H)
    gradient = {
        "0.weight": inner.T @ x,
        "0.bias": inner.sum(0),
        "2.weight": upstream.T @ hidden,
        "2.bias": upstream.sum(0),
    }
    return gradient, inner @ net["0.weight"]


@dataclass(frozen=True)
class Loss:
    """A GAN's two losses as means over logits, with their derivatives per logit.

    Args:
        real: The discriminator's term for one real logit.
        fake: Its term for one fake logit.
        made: The generator's term for one fake logit.
        real_slope, fake_slope, made_slope: Their derivatives.
    """

    real: Callable[[Array], Array]
    fake: Callable[[Array], Array]
    made: Callable[[Array], Array]
    real_slope: Callable[[Array], Array]
    fake_slope: Callable[[Array], Array]
    made_slope: Callable[[Array], Array]


LOGISTIC = Loss(
    real=lambda x: np.logaddexp(0.0, -x),
    fake=lambda x: np.logaddexp(0.0, x),
    made=lambda x: np.logaddexp(0.0, -x),
    real_slope=lambda x: -expit(-x),
    fake_slope=expit,
    made_slope=lambda x: -expit(-x),
)
SQUARES = Loss(
    real=lambda x: (x - 1) ** 2 / 2,
    fake=lambda x: x**2 / 2,
    made=lambda x: (x - 1) ** 2 / 2,
    real_slope=lambda x: x - 1,
    fake_slope=lambda x: x,
    made_slope=lambda x: x - 1,
)


def discriminator_gradient(
    generator: Weights, discriminator: Weights, real: Array, z: Array, loss: Loss = LOGISTIC
) -> tuple[float, Weights]:
    """The discriminator's loss and its gradient for the discriminator's parameters."""
    fake = forward(generator, z)
    real_logits, fake_logits = forward(discriminator, real), forward(discriminator, fake)  # (B, 1)
    value = loss.real(real_logits).mean() + loss.fake(fake_logits).mean()
    of_real, _ = backward(discriminator, real, loss.real_slope(real_logits) / len(real))
    of_fake, _ = backward(discriminator, fake, loss.fake_slope(fake_logits) / len(fake))
    return float(value), {name: of_real[name] + of_fake[name] for name in of_real}


def generator_gradient(
    generator: Weights, discriminator: Weights, z: Array, loss: Loss = LOGISTIC
) -> tuple[float, Weights]:
    """The generator's loss and its gradient for the generator's parameters."""
    fake = forward(generator, z)
    logits = forward(discriminator, fake)  # (B, 1)
    _, upstream = backward(discriminator, fake, loss.made_slope(logits) / len(z))
    gradient, _ = backward(generator, z, upstream)
    return float(loss.made(logits).mean()), gradient
