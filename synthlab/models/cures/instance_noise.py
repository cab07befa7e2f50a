"""Instance noise: real and generated points are blurred, less and less.

Thin distributions hardly overlap, so D can be sure of itself everywhere and its gradient says
little. Noise on both sides makes them overlap; as it fades, the game becomes the original one
(Sønderby, Caballero, Theis, Shi & Huszár 2017, "Amortised MAP inference for image
super-resolution"; Arjovsky & Bottou 2017).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from synthlab.data.source import check_count, check_positive
from synthlab.models import nets
from synthlab.models.cures.networks import networks
from synthlab.models.gan import GAN, discriminator_loss, non_saturating_loss


class Annealed(nn.Module):
    """A discriminator that remembers how much noise its points get now.

    Its age is a buffer, so a saved run goes on with the noise that it had.

    Args:
        discriminator: Maps (B, d) to logits (B,).
        start: Standard deviation of the noise at first, in the units of the points.
        steps: It falls linearly, to 0 after so many steps of the discriminator.
    """

    def __init__(self, discriminator: nn.Module, start: float, steps: int) -> None:
        super().__init__()
        self.discriminator = discriminator
        self.start, self.steps = check_positive(start, "start"), check_count(steps, "steps", 1)
        self.register_buffer("age", torch.zeros((), dtype=torch.int64))

    @property
    def std(self) -> float:
        """The standard deviation of the noise now."""
        age = int(self.get_buffer("age").max())
        return self.start * max(0.0, 1 - age / self.steps)

    def grow_older(self) -> None:
        """Count a step."""
        self.get_buffer("age").add_(1)

    def blur(self, x: Tensor, random: torch.Generator) -> Tensor:
        """The points with noise of their own added."""
        return x + self.std * nets.drawn(torch.randn, x.shape, random)

    def forward(self, x: Tensor) -> Tensor:
        """Judge the points as they are."""
        logits: Tensor = self.discriminator(x)
        return logits


@dataclass(frozen=True)
class BlurredDiscriminatorStep:
    """A discriminator step on blurred points, real and generated: fits into `GAN`."""

    wants: ClassVar[tuple[str, ...]] = ("random",)

    def __call__(
        self,
        generator: nn.Module,
        discriminator: Annealed,
        optimizer: torch.optim.Optimizer,
        real: Tensor,  # (B, 2)
        z: Tensor,  # (B, noise_dim)
        loss: Callable[[Tensor, Tensor], Tensor] = discriminator_loss,
        *,
        random: torch.Generator,
    ) -> float:
        """Move the discriminator one step; return its loss. The generator is not touched."""
        with torch.no_grad():
            fake = discriminator.blur(generator(z), random)
        real = discriminator.blur(real, random)
        value = loss(discriminator(real), discriminator(fake))
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        discriminator.grow_older()
        return value.item()


@dataclass(frozen=True)
class BlurredGeneratorStep:
    """A generator step that is judged through the same noise: fits into `GAN`."""

    wants: ClassVar[tuple[str, ...]] = ("random",)

    def __call__(
        self,
        generator: nn.Module,
        discriminator: Annealed,
        optimizer: torch.optim.Optimizer,
        z: Tensor,  # (B, noise_dim)
        loss: Callable[[Tensor], Tensor] = non_saturating_loss,
        *,
        random: torch.Generator,
    ) -> float:
        """Move the generator one step; return its loss. The discriminator is not touched."""
        with nets.frozen(discriminator):
            value = loss(discriminator(discriminator.blur(generator(z), random)))
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return value.item()


def build(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    """The vanilla GAN with noise, at first a third as wide as the ring's modes are apart."""
    G, D = networks(seed, noise_dim, hidden, depth)
    return GAN(
        G,
        Annealed(D, start=0.5, steps=500),
        noise_dim,
        discriminator_step=BlurredDiscriminatorStep(),
        generator_step=BlurredGeneratorStep(),
    )
