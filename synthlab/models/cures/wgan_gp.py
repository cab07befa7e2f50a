"""WGAN-GP: a critic that measures a distance, and a penalty that keeps it honest.

The Wasserstein distance between p and q is the largest E_p[f] - E_q[f] over all f that climb no
steeper than 1 (Kantorovich and Rubinstein). A critic network stands for f; the penalty holds the
norm of its gradient at 1 on the lines between real and fake points. Gulrajani et al. 2017,
"Improved Training of Wasserstein GANs", algorithm 1.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from synthlab.models.cures.penalty import slopes


def critic_loss(real_scores: Tensor, fake_scores: Tensor) -> Tensor:
    """Score the real high and the fake low: E[f(G(z))] - E[f(x)]; minus the distance so far."""
    return fake_scores.mean() - real_scores.mean()


def generator_loss(fake_scores: Tensor) -> Tensor:
    """Be scored high: -E[f(G(z))]. Its gradient by a score is -1/B, however sure the critic is."""
    return -fake_scores.mean()


def gradient_penalty(
    critic: nn.Module, real: Tensor, fake: Tensor, rng: torch.Generator | None = None
) -> Tensor:
    """E[(|grad f(x̂)| - 1)²] at x̂ = ε x + (1 - ε) x̃, one ε in [0, 1] for each pair of rows.

    Args:
        critic: Maps points (B, d) to scores (B,), each from its own row alone.
        real: Points x of the source, (B, d).
        fake: Points x̃ of the generator, (B, d); no gradient flows back into them.
        rng: Where the ε come from.
    """
    eps = torch.rand(*real.shape[:-1], 1, generator=rng)  # (B, 1): one for a row, not a coordinate
    between = eps * real + (1 - eps) * fake.detach()
    norm: Tensor = slopes(critic, between).norm(dim=-1)  # (B,)
    return (norm - 1).square().mean()
