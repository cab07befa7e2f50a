"""Unrolled GAN: the generator looks k steps of the discriminator ahead.

A generator that sends everything to one mode wins against today's discriminator and loses
against tomorrow's. Its loss is taken at the discriminator's parameters after k more steps, and
the gradient flows through those steps (Metz et al. 2017, "Unrolled Generative Adversarial
Networks", eqs. 7-10). The steps are computed beside the discriminator, which does not change.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call

from synthlab.errors import SynthlabError
from synthlab.models.gan import discriminator_loss, discriminator_step, non_saturating_loss

_Loss = Callable[[Tensor, Tensor], Tensor]


class Unrolled:
    """Both steps of an unrolled GAN, for ``GAN(discriminator_step=…, generator_step=…)``.

    The inner steps are those that the discriminator's Adam would make, from the moments that it
    has. They see the real batch of the discriminator's last step and the noise of the
    generator's.

    Args:
        k: Steps to look ahead; 0 is the plain GAN.
    """

    def __init__(self, k: int = 5) -> None:
        self.k = k
        self._last: tuple[Tensor, torch.optim.Optimizer, _Loss] | None = None

    def discriminator_step(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        optimizer: torch.optim.Optimizer,
        real: Tensor,
        z: Tensor,
        loss: _Loss = discriminator_loss,
    ) -> float:
        """The plain step; its batch and optimiser are what the generator looks ahead with."""
        self._last = real, optimizer, loss
        return discriminator_step(generator, discriminator, optimizer, real, z, loss)

    def generator_step(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        optimizer: torch.optim.Optimizer,
        z: Tensor,
        loss: Callable[[Tensor], Tensor] = non_saturating_loss,
    ) -> float:
        """Move the generator against the discriminator k steps ahead; return its loss there.

        Raises:
            SynthlabError: Before the discriminator's first step: there is no real batch yet.
        """
        if self._last is None:
            raise SynthlabError("An unrolled generator needs a step of the discriminator first.")
        real, inner, inner_loss = self._last
        fake = generator(z)
        ahead = look_ahead(discriminator, inner, real, fake, self.k, inner_loss)
        value = loss(functional_call(discriminator, ahead, (fake,)))
        optimizer.zero_grad()
        gradients = torch.autograd.grad(value, list(generator.parameters()))
        for parameter, gradient in zip(generator.parameters(), gradients, strict=True):
            parameter.grad = gradient
        optimizer.step()
        return value.item()


def look_ahead(
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    real: Tensor,
    fake: Tensor,
    k: int,
    loss: _Loss = discriminator_loss,
) -> dict[str, Tensor]:
    """The discriminator's parameters after k steps of its Adam, as functions of ``fake``.

    Args:
        discriminator: Maps points (B, d) to logits (B,); it stays as it is.
        optimizer: Its Adam, without weight decay; it stays as it is.
        real: Points of the source (B, d), the same in every step.
        fake: Points of the generator (B, d), the same in every step.
        k: How many steps.
        loss: Of the logits for real and fake.
    """
    group = optimizer.param_groups[0]
    lr, (beta1, beta2), eps = group["lr"], group["betas"], group["eps"]
    theta: dict[str, Tensor] = {
        name: p.detach().requires_grad_() for name, p in discriminator.named_parameters()
    }
    moments = {}
    for name, p in discriminator.named_parameters():
        state = optimizer.state.get(p, {})
        first = state.get("exp_avg", torch.zeros_like(p))
        second = state.get("exp_avg_sq", torch.zeros_like(p))
        moments[name] = first.clone(), second.clone(), int(state.get("step", 0))
    for _ in range(k):
        logits = (functional_call(discriminator, theta, (x,)) for x in (real, fake))
        value = loss(*logits)
        gradients = torch.autograd.grad(value, list(theta.values()), create_graph=True)
        for (name, weight), g in zip(list(theta.items()), gradients, strict=True):
            first, second, t = moments[name]
            first = beta1 * first + (1 - beta1) * g
            second = beta2 * second + (1 - beta2) * g.square()
            t += 1
            # sqrt has no gradient at 0, where a weight has never been moved
            scale = (second / (1 - beta2**t)).clamp_min(1e-24).sqrt() + eps
            theta[name] = weight - lr * (first / (1 - beta1**t)) / scale
            moments[name] = first, second, t
    return theta
