"""Two time scales: each network has a learning rate of its own.

With the faster discriminator close to its best answer at all times, the game converges to a
local equilibrium (Heusel, Ramsauer, Unterthiner, Nessler & Hochreiter 2017, "GANs trained by a
two time-scale update rule converge to a local Nash equilibrium"). That says nothing about
which one: a discriminator that is too far ahead can make collapse worse.
"""

from __future__ import annotations

from synthlab.data.source import check_positive
from synthlab.models.cures.networks import networks
from synthlab.models.gan import GAN


def two_time_scales(gan: GAN, *, discriminator: float, generator: float) -> GAN:
    """Give the two optimisers their own learning rates; returns the same GAN.

    Raises:
        SynthlabError: When a rate is not above 0.
    """
    for part, rate in (("discriminator", discriminator), ("generator", generator)):
        for group in gan.optimizers[part].param_groups:
            group["lr"] = check_positive(rate, f"the learning rate of the {part}")
    return gan


def build(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    """The vanilla GAN with a discriminator four times as fast as the generator."""
    gan = GAN(*networks(seed, noise_dim, hidden, depth), noise_dim)
    return two_time_scales(gan, discriminator=2e-3, generator=5e-4)
