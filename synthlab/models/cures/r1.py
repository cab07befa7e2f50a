"""R1: a discriminator that stays flat where the data is.

At the equilibrium nothing should push the generator away from the data; the penalty takes away
the slope there (Mescheder et al. 2018, "Which Training Methods for GANs do actually Converge?",
eq. 9).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from synthlab.models.cures.penalty import slopes


def r1(
    discriminator: nn.Module, real: Tensor, fake: Tensor, rng: torch.Generator | None = None
) -> Tensor:
    """½ E[|grad D(x)|²] at the real points (B, d) alone; the weight in front is the paper's γ."""
    return 0.5 * slopes(discriminator, real).square().sum(-1).mean()
