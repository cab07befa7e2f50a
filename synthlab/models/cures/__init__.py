"""Cures for mode collapse, one paper a module, each a piece that fits into a `GAN`.

>>> from synthlab.models.cures import CURES
>>> model = CURES["pacgan"].build(seed=0)
>>> model.sample(4).shape
torch.Size([4, 2])
"""

from synthlab.models.cures.hinge import hinge_loss
from synthlab.models.cures.instance_noise import InstanceNoise
from synthlab.models.cures.minibatch_std import MinibatchStd
from synthlab.models.cures.pace import EveryNth, two_time_scales
from synthlab.models.cures.pacgan import Packed, pack
from synthlab.models.cures.penalty import Penalised, Penalty
from synthlab.models.cures.r1 import r1
from synthlab.models.cures.registry import CURES, Cure
from synthlab.models.cures.spectral_norm import SpectralNorm, spectrally_normalised
from synthlab.models.cures.unrolled import Unrolled, look_ahead
from synthlab.models.cures.wgan_gp import critic_loss, generator_loss, gradient_penalty

__all__ = [
    "CURES",
    "Cure",
    "EveryNth",
    "InstanceNoise",
    "MinibatchStd",
    "Packed",
    "Penalised",
    "Penalty",
    "SpectralNorm",
    "Unrolled",
    "critic_loss",
    "generator_loss",
    "gradient_penalty",
    "hinge_loss",
    "look_ahead",
    "pack",
    "r1",
    "spectrally_normalised",
    "two_time_scales",
]
