"""Which network moves how fast: learning rates of their own, and steps of their own.

Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", give the discriminator the
larger rate. WGAN-GP lets its critic move several times for each step of the generator.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor, nn

from synthlab.models.gan import GAN, generator_step, non_saturating_loss

_Model = TypeVar("_Model", bound=GAN)


def two_time_scales(model: _Model, discriminator: float, generator: float) -> _Model:
    """Give the two networks learning rates of their own; the model is changed in place."""
    for name, lr in (("discriminator", discriminator), ("generator", generator)):
        for group in model.optimizers[name].param_groups:
            group["lr"] = lr
    return model


class EveryNth(nn.Module):
    """A generator's step that moves once in n calls, for ``GAN(generator_step=…)``.

    Between, it returns the loss of its last move. The count is saved with the model.

    Args:
        n: Steps of the discriminator for each of the generator.
    """

    count: Tensor
    last: Tensor

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))
        self.register_buffer("last", torch.zeros((), dtype=torch.float64))

    def forward(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        optimizer: torch.optim.Optimizer,
        z: Tensor,
        loss: Callable[[Tensor], Tensor] = non_saturating_loss,
    ) -> float:
        """Move the generator on every n-th call."""
        self.count += 1
        if int(self.count) % self.n == 0:
            value = generator_step(generator, discriminator, optimizer, z, loss)
            self.last.fill_(value)
        return float(self.last)
