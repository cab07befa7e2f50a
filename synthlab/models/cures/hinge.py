"""Hinge loss: what is told apart with a margin of 1 is left alone.

Lim & Ye 2017, "Geometric GAN", eqs. 13 and 14; the loss of Miyato et al. 2018, eqs. 16 and 17.
"""

from __future__ import annotations

from torch import Tensor

from synthlab.models.cures.networks import networks
from synthlab.models.gan import GAN


def hinge_discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """Push real outputs above 1 and fake ones below -1: E[(1 - D(x))₊] + E[(1 + D(G(z)))₊]."""
    return (1 - real).relu().mean() + (1 + fake).relu().mean()


def hinge_generator_loss(fake: Tensor) -> Tensor:
    """Raise the outputs for fakes, without an end: -E[D(G(z))]."""
    return -fake.mean()


def build(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    """The vanilla GAN with the hinge losses."""
    return GAN(
        *networks(seed, noise_dim, hidden, depth),
        noise_dim,
        discriminator_loss=hinge_discriminator_loss,
        generator_loss=hinge_generator_loss,
    )
