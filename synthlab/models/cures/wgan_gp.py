"""WGAN with a gradient penalty: the critic measures how far the fakes must be moved.

The Wasserstein distance W1(p, q) is the largest E_p[f] - E_q[f] among all f that change by at
most 1 per unit of length (Kantorovich-Rubinstein). A critic whose gradient has norm 1 between
real and fake points comes close to it, and its slope tells a fake where to go even when p and
q do not overlap (Gulrajani, Ahmed, Arjovsky, Dumoulin & Courville 2017, "Improved training of
Wasserstein GANs").
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from synthlab.errors import SynthlabError
from synthlab.models import nets
from synthlab.models.cures.networks import networks
from synthlab.models.gan import GAN


def critic_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Rate the real high and the fake low: E[f(G(z))] - E[f(x)]; its negative estimates W1."""
    return fake.mean() - real.mean()


def generator_loss(fake: Tensor) -> Tensor:
    """Be rated high: -E[f(G(z))]."""
    return -fake.mean()


def input_gradients(critic: nn.Module, x: Tensor) -> Tensor:
    """The gradient of every output in its own row of x, as rows: (B, ...) -> (B, d).

    It can itself be differentiated in the critic's parameters.

    Raises:
        SynthlabError: When the critic does not rate every row by itself, as one with packs or
            flattened batches.
    """
    x = x.detach().requires_grad_()
    ratings = critic(x)
    if ratings.shape != x.shape[: ratings.ndim]:
        raise SynthlabError(
            "A gradient penalty needs one rating for each row: the critic made {ratings} of "
            "{rows}.",
            ratings=tuple(ratings.shape),
            rows=tuple(x.shape),
        )
    # Rows do not meet inside the critic, so the gradient of the sum has each row's own.
    gradients: Tensor = torch.autograd.grad(ratings.sum(), x, create_graph=True)[0]
    return gradients.flatten(ratings.ndim)


def gradient_penalty(
    critic: nn.Module,
    real: Tensor,  # (B, ...)
    fake: Tensor,  # (B, ...)
    generator: torch.Generator | Sequence[torch.Generator],
) -> Tensor:
    """E[(|grad f(x̂)| - 1)²] with x̂ = ε x + (1 - ε) G(z) and ε ~ U(0, 1) of each row's own.

    The norm is that of a whole row, over all its axes. The generator of the fakes gets no
    gradient; the critic's parameters do.

    Args:
        critic: Maps (B, ...) to ratings (B,), without batch normalisation: a row's rating may
            not depend on other rows.
        real: Rows from the source.
        fake: As many from the generator.
        generator: Draws ε.

    Raises:
        SynthlabError: When the shapes differ, or see `input_gradients`.
    """
    if real.shape != fake.shape:
        raise SynthlabError(
            "Between {real} real and {fake} fake numbers there is no line: give "
            "equally many of each.",
            real=tuple(real.shape),
            fake=tuple(fake.shape),
        )
    axes = 1 if isinstance(generator, torch.Generator) else 2  # several runs: (runs, B, ...)
    rows = nets.drawn(torch.rand, real.shape[:axes], generator)
    epsilon = rows[(..., *[None] * (real.ndim - axes))]  # (B,) -> (B, 1, ...)
    between = epsilon * real.detach() + (1 - epsilon) * fake.detach()
    penalty: Tensor = (input_gradients(critic, between).norm(dim=-1) - 1).square().mean()
    return penalty


@dataclass(frozen=True)
class CriticStep:
    """Several steps of the critic, each with noise and penalty of its own: fits into `GAN`.

    All of them see the batch at hand.

    Attributes:
        n_critic: How many for one of the generator.
        weight: Of the penalty; λ in the paper.
    """

    n_critic: int = 5
    weight: float = 10.0
    wants: ClassVar[tuple[str, ...]] = ("noise", "random")

    def __call__(
        self,
        generator: nn.Module,
        critic: nn.Module,
        optimizer: torch.optim.Optimizer,
        real: Tensor,  # (B, 2)
        z: Tensor,  # (B, noise_dim)
        loss: Callable[[Tensor, Tensor], Tensor] = critic_loss,
        *,
        noise: Callable[[], Tensor],
        random: torch.Generator,
    ) -> float:
        """Move the critic; return its last loss with the penalty. The generator is not touched."""
        for turn in range(self.n_critic):
            with torch.no_grad():
                fake = generator(z if turn == 0 else noise())
            penalty = gradient_penalty(critic, real, fake, random)
            value = loss(critic(real), critic(fake)) + self.weight * penalty
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
        return value.item()


def build(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    """The vanilla nets with critic, losses and Adam's rates of decay as in the paper.

    The weight of the penalty is the 0.1 of the authors' own program for points in the plane.
    """
    return GAN(
        *networks(seed, noise_dim, hidden, depth),
        noise_dim,
        discriminator_loss=critic_loss,
        generator_loss=generator_loss,
        discriminator_step=CriticStep(weight=0.1),
        betas=(0.0, 0.9),
    )
