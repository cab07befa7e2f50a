"""Losses of a GAN's two players, and their gradients for small networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from torch import Tensor
from torch.nn.functional import logsigmoid

from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.parts.perceptron import TANH, Array, Kind, Weights, draw


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


#: What least squares want the logits of real points to be, and minus what those of fakes. Logits
#: of random networks lie between, where least squares and the logistic loss point the same way.
TARGET = 4.0


def squares(scale: float = 1.0, offset: float = 0.0) -> Loss:
    """Least squares (Mao et al. 2017, eq. 2), times a number, plus a number."""
    return Loss(
        discriminator=lambda real, fake: (
            scale * ((real - TARGET).square().mean() + (fake + TARGET).square().mean()) / 2 + offset
        ),
        generator=lambda fake: scale * (fake - TARGET).square().mean() / 2 + offset,
    )


#: Where `State.apart` puts the fakes; the real points stand opposite.
LEFT = np.array([-6.0, 0.0])


@dataclass(frozen=True)
class State:
    """The parameters of both networks at one moment, and the networks' kinds."""

    generator: Weights
    discriminator: Weights
    kinds: tuple[Kind, Kind] = (TANH, TANH)

    @classmethod
    def drawn(
        cls, rng: np.random.Generator, logit: float = 0.0, kinds: tuple[Kind, Kind] = (TANH, TANH)
    ) -> State:
        """Random networks; ``logit`` is added to whatever the discriminator says."""
        state = cls(draw(rng, 2, 5, 2, kinds[0]), draw(rng, 2, 6, 1, kinds[1]), kinds)
        state.discriminator["2.bias"] += logit
        return state

    def astype(self, dtype: str) -> State:
        """The same networks in another float type."""
        G, D = (
            {name: w.astype(dtype) for name, w in net.items()}
            for net in (self.generator, self.discriminator)
        )
        return State(G, D, self.kinds)

    def apart(self, by: float) -> State:
        """Networks whose discriminator tells real from fake points by logits of about ± ``by``.

        The fakes move to `LEFT`, and a unit of tanh tells left from right; `batch` with ``apart``
        draws real points at the right.
        """
        G, D = dict(self.generator), {name: w.copy() for name, w in self.discriminator.items()}
        G["2.bias"] = G["2.bias"] + LEFT
        D["0.weight"][-1], D["0.bias"][-1] = (1.0, 0.0), 0.0
        D["2.weight"] *= 0.1
        D["2.weight"][0, -1], D["2.bias"][:] = by, 0.0
        return State(G, D, self.kinds)


def batch(
    rng: np.random.Generator, real: int = 16, fake: int = 16, apart: bool = False
) -> tuple[Array, Array]:
    """Real points and noise, (n, 2) each: by default enough that a mean and a sum differ."""
    x, z = rng.normal(0.5, 1.5, size=(real, 2)), rng.normal(size=(fake, 2))
    return (x / 2 - LEFT if apart else x), z


def discriminator_gradient(
    state: State, real: Array, z: Array, loss: Loss = LOGISTIC
) -> tuple[float, Weights]:
    """The discriminator's loss and its gradient for the discriminator's parameters."""
    g, d = state.kinds

    def played(D: Mapping[str, Tensor], G: Mapping[str, Tensor], x: Tensor, z: Tensor) -> Tensor:
        return loss.discriminator(d.forward(D, x), d.forward(D, g.forward(G, z)))

    return value_and_grad(played, state.discriminator, state.generator, real, z)


def generator_gradient(state: State, z: Array, loss: Loss = LOGISTIC) -> tuple[float, Weights]:
    """The generator's loss and its gradient for the generator's parameters."""
    g, d = state.kinds

    def played(G: Mapping[str, Tensor], D: Mapping[str, Tensor], z: Tensor) -> Tensor:
        return loss.generator(d.forward(D, g.forward(G, z)))

    return value_and_grad(played, state.generator, state.discriminator, z)
