"""Minibatch standard deviation: the discriminator is told how much its batch varies.

A batch from a collapsed generator varies too little, and D sees it in one number (Karras, Aila,
Laine & Lehtinen 2018, "Progressive growing of GANs for improved quality, stability, and
variation", section 3).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from synthlab.errors import SynthlabError
from synthlab.models.cures.networks import networks
from synthlab.models.gan import GAN
from synthlab.words import N_


class MinibatchStd(nn.Module):
    """Append one column, how much the group varies: (B, d) -> (B, d + 1).

    The standard deviation of each column over the rows of a group, averaged over the columns.
    Neighbouring rows form a group.

    Args:
        group: Rows in a group; None makes the whole batch one.
    """

    #: Keeps the slope of the root finite where nothing varies; the authors' own program adds it.
    EPSILON = 1e-8

    def __init__(self, group: int | None = None) -> None:
        super().__init__()
        self.group = group

    def forward(self, x: Tensor) -> Tensor:
        """Append the column.

        Raises:
            SynthlabError: When the batch cannot be divided into groups.
        """
        size = self.group or x.shape[-2]
        if x.shape[-2] % size:
            raise SynthlabError(
                N_(
                    "{n} row cannot be divided into groups of {size}: choose a batch size "
                    "that the group divides.",
                    "{n} rows cannot be divided into groups of {size}: choose a batch size "
                    "that the group divides.",
                ),
                n=x.shape[-2],
                size=size,
            )
        groups = x.unflatten(-2, (-1, size))  # (B/size, size, d)
        variance = groups.var(-2, correction=0, keepdim=True)  # (B/size, 1, d)
        std = (variance + self.EPSILON).sqrt().mean(-1, keepdim=True)  # (B/size, 1, 1)
        column = std.expand(*groups.shape[:-1], 1).flatten(-3, -2)  # (B, 1)
        return torch.cat([x, column], -1)


def build(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    """The vanilla GAN; the discriminator's first layer reads x, y and the variation."""
    G, D = networks(seed, noise_dim, hidden, depth, inputs=3)
    return GAN(G, nn.Sequential(MinibatchStd(), *D), noise_dim)
