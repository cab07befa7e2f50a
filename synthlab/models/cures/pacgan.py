"""PacGAN: the discriminator judges packs of m points, so a lack of variety is plain to see.

A pack of real points is spread over the modes; a pack from a collapsed generator is not, even
where every single point of it is perfect. Judging packs is judging p^m against q^m, and
TV(p^m, q^m) grows fastest with m where q misses modes (Lin, Khetan, Fanti & Oh 2018, "PacGAN:
The power of two samples in generative adversarial networks").
"""

from __future__ import annotations

from torch import Tensor, nn

from synthlab.errors import SynthlabError
from synthlab.models.cures.networks import networks
from synthlab.models.gan import GAN
from synthlab.words import N_


def pack(x: Tensor, m: int) -> Tensor:
    """Put m neighbouring rows beside each other: (B, d) -> (B/m, m·d).

    Every row is in one pack, and in one alone. Axes in front of the last two stay.

    Raises:
        SynthlabError: When B cannot be divided by m.

    >>> import torch
    >>> pack(torch.arange(8.0).view(4, 2), m=2).tolist()
    [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]
    """
    if m < 1 or x.shape[-2] % m:
        raise SynthlabError(
            N_(
                "{n} row cannot be packed by {m}: choose a batch size that the pack size divides.",
                "{n} rows cannot be packed by {m}: choose a batch size that the pack size divides.",
            ),
            n=x.shape[-2],
            m=m,
        )
    packs: Tensor = x.unflatten(-2, (-1, m)).flatten(-2)  # (B, d) -> (B/m, m, d) -> (B/m, m·d)
    return packs


class Packed(nn.Module):
    """A discriminator of packs: (B, d) -> (B/m,), whatever losses and steps it trains with.

    Real and generated points reach it in separate calls, so no pack mixes them.

    Args:
        discriminator: Maps packs (B/m, m·d) to logits (B/m,).
        m: Points in a pack; with 1 it is the discriminator itself.
    """

    def __init__(self, discriminator: nn.Module, m: int) -> None:
        super().__init__()
        self.discriminator, self.m = discriminator, m

    def forward(self, x: Tensor) -> Tensor:
        """Pack and judge."""
        logits: Tensor = self.discriminator(pack(x, self.m))
        return logits


def build(seed: int, noise_dim: int, hidden: int, depth: int, m: int = 4) -> GAN:
    """The vanilla GAN with a discriminator of packs of m points."""
    G, D = networks(seed, noise_dim, hidden, depth, inputs=2 * m)
    return GAN(G, Packed(D, m), noise_dim)
