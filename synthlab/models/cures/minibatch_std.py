"""Minibatch standard deviation: tell the discriminator how much the batch varies.

Karras et al. 2018, "Progressive Growing of GANs for Improved Quality, Stability, and Variation",
section 3; a simple relative of Salimans et al. 2016's minibatch discrimination.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class MinibatchStd(nn.Module):
    """Append the batch's own spread as a feature: (B, h) -> (B, h + 1).

    The standard deviation over the batch is taken for each feature, then the mean over the
    features: one number, the same for every row; 0 for a batch of equal rows.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Append the number to every row."""
        variance = x.var(0, correction=0)  # (h,)
        # sqrt has no gradient at 0, where every row is the same
        std = variance.clamp_min(1e-12).sqrt() * (variance > 0)
        return torch.cat([x, std.mean().expand(len(x), 1)], 1)
