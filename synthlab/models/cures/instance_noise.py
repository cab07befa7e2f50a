"""Annealed instance noise: blur the real and the fake alike, and ever less.

Where p and q do not overlap, a perfect discriminator exists and its gradient says nothing; noise
on both makes them overlap (Sønderby et al. 2017, "Amortised MAP Inference for Image
Super-resolution", section 3.4; Arjovsky & Bottou 2017).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from synthlab.models.gan import (
    discriminator_loss,
    discriminator_step,
    generator_step,
    non_saturating_loss,
)


class InstanceNoise(nn.Module):
    """Noise N(0, σ²) on everything that the discriminator sees, σ falling to 0 in a straight line.

    Its two steps fit into ``GAN(discriminator_step=…, generator_step=…)``; it must be the
    generator's step itself, so that its clock is saved with the model.

    Args:
        std: σ before the first step, in the units of the data.
        steps: Steps of the generator until σ is 0.
    """

    clock: Tensor

    def __init__(self, std: float = 0.5, steps: int = 3000) -> None:
        super().__init__()
        self.std, self.steps = std, steps
        self.register_buffer("clock", torch.zeros((), dtype=torch.int64))

    @property
    def sigma(self) -> float:
        """The noise at this step."""
        return self.std * max(0.0, 1 - int(self.clock) / self.steps)

    def discriminator_step(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        optimizer: torch.optim.Optimizer,
        real: Tensor,
        z: Tensor,
        loss: Callable[[Tensor, Tensor], Tensor] = discriminator_loss,
        rng: torch.Generator | None = None,
    ) -> float:
        """The usual step on blurred points, real and fake."""
        blurred = self._blurred(generator, rng)
        noisy = real + self.sigma * torch.randn(real.shape, generator=rng)
        return discriminator_step(blurred, discriminator, optimizer, noisy, z, loss)

    def forward(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        optimizer: torch.optim.Optimizer,
        z: Tensor,
        loss: Callable[[Tensor], Tensor] = non_saturating_loss,
        rng: torch.Generator | None = None,
    ) -> float:
        """The generator's step, through blurred fakes; the clock goes on."""
        value = generator_step(self._blurred(generator, rng), discriminator, optimizer, z, loss)
        self.clock += 1
        return value

    def _blurred(self, generator: nn.Module, rng: torch.Generator | None) -> _Blurred:
        return _Blurred(generator, self.sigma, rng)


class _Blurred(nn.Module):
    """A generator with noise on its points."""

    def __init__(self, net: nn.Module, sigma: float, rng: torch.Generator | None) -> None:
        super().__init__()
        self.net, self.sigma, self.rng = net, sigma, rng

    def forward(self, z: Tensor) -> Tensor:
        x: Tensor = self.net(z)
        return x + self.sigma * torch.randn(x.shape, generator=self.rng)
