"""R1: the discriminator pays for every slope at real data.

Where the generator is right, D should be flat: else it pushes a generator that is right away
again, and training circles instead of settling (Mescheder, Geiger & Nowozin 2018, "Which
training methods for GANs do actually converge?", eq. 9). Unlike in `wgan_gp` the slope is
drawn to 0, and on real points alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from synthlab.models.cures.networks import networks
from synthlab.models.cures.wgan_gp import input_gradients
from synthlab.models.gan import GAN, discriminator_loss


def r1_penalty(discriminator: nn.Module, real: Tensor) -> Tensor:
    """E[|grad D(x)|²] / 2 on real rows (B, ...), of the logits; D's parameters get a gradient."""
    squares: Tensor = input_gradients(discriminator, real).square().sum(-1)  # (B, d) -> (B,)
    return squares.mean() / 2


@dataclass(frozen=True)
class R1Step:
    """A discriminator step whose loss has the penalty in it: fits into `GAN`.

    Attributes:
        weight: Of the penalty; γ in the paper.
    """

    weight: float = 10.0

    def __call__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        optimizer: torch.optim.Optimizer,
        real: Tensor,  # (B, 2)
        z: Tensor,  # (B, noise_dim)
        loss: Callable[[Tensor, Tensor], Tensor] = discriminator_loss,
    ) -> float:
        """Move the discriminator one step; return its loss. The generator is not touched."""
        with torch.no_grad():
            fake = generator(z)
        value = loss(discriminator(real), discriminator(fake))
        value = value + self.weight * r1_penalty(discriminator, real)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value.item()


def build(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    """The vanilla GAN with the penalty.

    The weight fits the source: a mode with σ = 0.02 needs slopes that γ = 10 forbids.
    """
    step = R1Step(weight=0.1)
    return GAN(*networks(seed, noise_dim, hidden, depth), noise_dim, discriminator_step=step)
