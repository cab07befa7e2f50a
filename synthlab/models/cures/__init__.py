"""Cures of mode collapse, one paper a module: pieces that fit into `GAN`.

Each is a loss, a step, or a module around the discriminator; `CURES` names them in reading
order and builds a GAN of each, in one and the same configuration.

>>> CURES["pacgan"].build(seed=0).sample(5).shape
torch.Size([5, 2])
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from synthlab.models.cures import (
    hinge,
    instance_noise,
    minibatch_std,
    pacgan,
    r1,
    spectral_norm,
    two_time_scales,
    unrolled,
    wgan_gp,
)
from synthlab.models.cures.cure import Cure
from synthlab.models.cures.networks import networks
from synthlab.models.gan import GAN
from synthlab.words import N_

__all__ = ["CURES", "Cure"]


def _vanilla(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    return GAN(*networks(seed, noise_dim, hidden, depth), noise_dim)


#: Every cure by its id, in reading order; first the GAN that has none.
CURES: Mapping[str, Cure] = MappingProxyType(
    {
        cure.id: cure
        for cure in (
            Cure("vanilla", N_("GAN without a cure"), "Goodfellow et al. 2014", _vanilla),
            Cure("pacgan", N_("PacGAN"), "Lin et al. 2018", pacgan.build),
            Cure("wgan_gp", N_("WGAN-GP"), "Gulrajani et al. 2017", wgan_gp.build),
            Cure("r1", N_("R1 penalty"), "Mescheder et al. 2018", r1.build),
            Cure(
                "instance_noise",
                N_("Instance noise"),
                "Sønderby et al. 2017",
                instance_noise.build,
            ),
            Cure(
                "spectral_norm",
                N_("Spectral normalisation"),
                "Miyato et al. 2018",
                spectral_norm.build,
            ),
            Cure(
                "minibatch_std",
                N_("Minibatch standard deviation"),
                "Karras et al. 2018",
                minibatch_std.build,
            ),
            Cure("unrolled", N_("Unrolled GAN"), "Metz et al. 2017", unrolled.build),
            Cure("hinge", N_("Hinge loss"), "Lim & Ye 2017", hinge.build),
            Cure(
                "two_time_scales",
                N_("Two time scales"),
                "Heusel et al. 2017",
                two_time_scales.build,
            ),
        )
    }
)
