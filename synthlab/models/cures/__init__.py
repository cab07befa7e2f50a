"""Cures of mode collapse, one paper a module: pieces that fit into `GAN`.

Each is a loss, a step, or a module around the discriminator; `CURES` names them in reading
order and builds a GAN of each, in one and the same configuration.

>>> CURES["pacgan"].build(seed=0).sample(5).shape
torch.Size([5, 2])
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from synthlab.models.cures import pacgan, wgan_gp
from synthlab.models.cures.cure import Cure
from synthlab.models.gan import GAN
from synthlab.words import N_

__all__ = ["CURES", "Cure"]


def _vanilla(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    return GAN.mlp(noise_dim, hidden, depth, seed)


#: Every cure by its id, in reading order; first the GAN that has none.
CURES: Mapping[str, Cure] = MappingProxyType(
    {
        cure.id: cure
        for cure in (
            Cure("vanilla", N_("GAN without a cure"), "Goodfellow et al. 2014", _vanilla),
            Cure("pacgan", N_("PacGAN"), "Lin et al. 2018", pacgan.build),
            Cure("wgan_gp", N_("WGAN-GP"), "Gulrajani et al. 2017", wgan_gp.build),
        )
    }
)
