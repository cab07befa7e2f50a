"""A discriminator's step with a penalty on its gradient: what WGAN-GP and R1 have in common."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from synthlab.models.gan import discriminator_loss

#: Of a discriminator, real points (B, d), fake ones (B, d) and a random generator: a scalar that
#: the discriminator's parameters can be moved by. No gradient flows back into the points.
Penalty = Callable[[nn.Module, Tensor, Tensor, "torch.Generator | None"], Tensor]


class Penalised:
    """A step of the discriminator on loss + weight × penalty, for ``GAN(discriminator_step=…)``.

    Args:
        penalty: What to add.
        weight: Its weight, the papers' lambda or gamma.
    """

    def __init__(self, penalty: Penalty, weight: float) -> None:
        self.penalty, self.weight = penalty, weight

    def __call__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        optimizer: torch.optim.Optimizer,
        real: Tensor,
        z: Tensor,
        loss: Callable[[Tensor, Tensor], Tensor] = discriminator_loss,
        rng: torch.Generator | None = None,
    ) -> float:
        """Move the discriminator one step; return its loss without the penalty."""
        with torch.no_grad():
            fake = generator(z)
        value = loss(discriminator(real), discriminator(fake))
        penalty = self.penalty(discriminator, real, fake, rng)
        optimizer.zero_grad()
        (value + self.weight * penalty).backward()
        optimizer.step()
        return value.item()


def slopes(discriminator: nn.Module, x: Tensor) -> Tensor:
    """The gradient of each score by its own point, (B, d), itself differentiable.

    The scores are summed first: score i depends on point i alone, so the sum's gradient holds
    every row's own. A discriminator that looks at the whole batch (batch norm, packing) mixes
    them.
    """
    x = x.detach().requires_grad_()
    (found,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return found
