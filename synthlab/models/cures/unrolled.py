"""Unrolled GAN: the generator looks k steps of the discriminator ahead.

All points on one mode look good to the discriminator of now, and bad to the one that has
answered them. So G lowers its loss under the discriminator of k steps later, and its gradient
goes through these steps: it knows how D will answer (Metz, Poole, Pfau & Sohl-Dickstein 2017,
"Unrolled generative adversarial networks", eqs. 7 to 10).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import torch
from torch import Tensor, nn
from torch.func import functional_call

from synthlab.models.cures.networks import networks
from synthlab.models.gan import GAN, discriminator_loss, non_saturating_loss


def unrolled_parameters(
    discriminator: nn.Module,
    real: Tensor,  # (B, 2)
    fake: Tensor,  # (B, 2)
    steps: int,
    lr: float,
    loss: Callable[[Tensor, Tensor], Tensor] = discriminator_loss,
) -> dict[str, Tensor]:
    """D's parameters after so many steps of gradient descent, as functions of the fakes.

    The discriminator itself is not touched, not even for a moment, so there is nothing to
    restore; its buffers are copies.

    Args:
        discriminator: Maps (B, 2) to logits (B,).
        real: Points of the source.
        fake: Points of the generator; the result can be differentiated in them.
        steps: k in the paper; with 0 these are the parameters that D has.
        lr: Size of the inner steps; η in the paper.
        loss: What the inner steps lower.

    Returns:
        The parameters by name, for `torch.func.functional_call`.
    """
    buffers = {name: b.clone() for name, b in discriminator.named_buffers()}
    ahead = {n: p.detach().requires_grad_() for n, p in discriminator.named_parameters()}
    for _ in range(steps):
        logits = [functional_call(discriminator, ahead | buffers, (x,)) for x in (real, fake)]
        slopes = torch.autograd.grad(loss(*logits), list(ahead.values()), create_graph=True)
        pairs = zip(ahead.items(), slopes, strict=True)
        ahead = {name: value - lr * slope for (name, value), slope in pairs}
    return ahead | buffers


@dataclass(frozen=True)
class UnrolledStep:
    """A generator step under the discriminator of k steps later: fits into `GAN`.

    The inner steps see the batch and the fakes at hand.

    Attributes:
        steps: k; with 0 it is the ordinary step.
        lr: Size of the inner steps.
        discriminator_loss: What they lower.
    """

    steps: int = 5
    lr: float = 0.1
    discriminator_loss: Callable[[Tensor, Tensor], Tensor] = discriminator_loss
    wants: ClassVar[tuple[str, ...]] = ("real",)

    def together(self, runs: int) -> Self:
        """The step for several runs at once, whose losses are means over all of them."""
        return replace(self, lr=self.lr * runs)

    def __call__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        optimizer: torch.optim.Optimizer,
        z: Tensor,  # (B, noise_dim)
        loss: Callable[[Tensor], Tensor] = non_saturating_loss,
        *,
        real: Tensor,  # (B, 2)
    ) -> float:
        """Move the generator one step; return its loss. The discriminator is not touched."""
        fake = generator(z)
        ahead = unrolled_parameters(
            discriminator, real, fake, self.steps, self.lr, self.discriminator_loss
        )
        value = loss(functional_call(discriminator, ahead, (fake,)))
        optimizer.zero_grad()
        # Into the generator alone: the graph ends at detached copies of D's parameters.
        value.backward(inputs=list(generator.parameters()))
        optimizer.step()
        return value.item()


def build(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    """The vanilla GAN whose generator looks five steps ahead."""
    G, D = networks(seed, noise_dim, hidden, depth)
    return GAN(G, D, noise_dim, generator_step=UnrolledStep())
