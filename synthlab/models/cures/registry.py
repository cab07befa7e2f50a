"""Every cure as one whole model, in the order in which the course meets them.

All have the same nets, noise, batches and first weights; what differs is the cure and, where its
paper asks for them, the settings of Adam. Both nets have ReLUs: on noise in R¹⁶ a plain GAN of
them loses modes, while one with tanh in the generator does not (docs/collapse.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from torch import nn

from synthlab.models import nets
from synthlab.models.cures.hinge import hinge_loss
from synthlab.models.cures.instance_noise import InstanceNoise
from synthlab.models.cures.minibatch_std import MinibatchStd
from synthlab.models.cures.pace import EveryNth, two_time_scales
from synthlab.models.cures.pacgan import Packed
from synthlab.models.cures.penalty import Penalised
from synthlab.models.cures.r1 import r1
from synthlab.models.cures.spectral_norm import spectrally_normalised
from synthlab.models.cures.unrolled import Unrolled
from synthlab.models.cures.wgan_gp import critic_loss, generator_loss, gradient_penalty
from synthlab.models.gan import GAN
from synthlab.words import N_


class Size(NamedTuple):
    """What all cures of one comparison share; see `Cure.build`."""

    seed: int
    noise_dim: int
    hidden: int
    depth: int


@dataclass(frozen=True)
class Cure:
    """A way to train a GAN against mode collapse.

    Attributes:
        id: Its name in code.
        title: Its name in the widgets' catalogue.
        paper: Authors and year.
        make: Makes the untrained model of a size.
    """

    id: str
    title: str
    paper: str
    make: Callable[[Size], GAN]

    def build(self, seed: int = 0, noise_dim: int = 16, hidden: int = 128, depth: int = 2) -> GAN:
        """An untrained GAN with this cure.

        Args:
            seed: Of the first weights.
            noise_dim: Width of the noise.
            hidden: Width of the hidden layers of both nets.
            depth: How many hidden layers each has.
        """
        return self.make(Size(seed, noise_dim, hidden, depth))


def _generator(size: Size) -> nn.Sequential:
    return nets.perceptron(size.noise_dim, 2, size.hidden, size.depth, nn.ReLU())


def _discriminator(size: Size, inputs: int = 2) -> nn.Sequential:
    net = nets.perceptron(inputs, 1, size.hidden, size.depth, nn.ReLU())
    return net.append(nn.Flatten(0))  # (B, 1) -> (B,)


def _pair(size: Size, inputs: int = 2) -> tuple[nn.Sequential, nn.Sequential]:
    """The two nets, from the seed."""
    with nets.seeded(size.seed):
        return _generator(size), _discriminator(size, inputs)


def _vanilla(size: Size) -> GAN:
    return GAN(*_pair(size), size.noise_dim)


def _pacgan(size: Size, m: int = 4) -> GAN:
    G, D = _pair(size, inputs=2 * m)
    return GAN(G, Packed(D, m), size.noise_dim)


def _wgan_gp(size: Size) -> GAN:
    return GAN(
        *_pair(size),
        size.noise_dim,
        discriminator_loss=critic_loss,
        generator_loss=generator_loss,
        discriminator_step=Penalised(gradient_penalty, 10.0),
        generator_step=EveryNth(5),
        betas=(0.0, 0.9),
    )


def _r1(size: Size) -> GAN:
    return GAN(*_pair(size), size.noise_dim, discriminator_step=Penalised(r1, 0.1))


def _instance_noise(size: Size) -> GAN:
    noise = InstanceNoise()
    return GAN(
        *_pair(size),
        size.noise_dim,
        discriminator_step=noise.discriminator_step,
        generator_step=noise,
    )


def _spectral_norm(size: Size) -> GAN:
    with nets.seeded(size.seed):
        G, D = _generator(size), spectrally_normalised(_discriminator(size))
    return GAN(G, D, size.noise_dim, discriminator_loss=hinge_loss, generator_loss=generator_loss)


def _minibatch_std(size: Size) -> GAN:
    with nets.seeded(size.seed):
        G, D = _generator(size), _discriminator(size)
        D[-2] = nn.Linear(size.hidden + 1, 1)
    return GAN(G, D.insert(len(D) - 2, MinibatchStd()), size.noise_dim)


def _hinge(size: Size) -> GAN:
    G, D = _pair(size)
    return GAN(G, D, size.noise_dim, discriminator_loss=hinge_loss, generator_loss=generator_loss)


def _two_time_scales(size: Size) -> GAN:
    return two_time_scales(_vanilla(size), discriminator=4e-3, generator=1e-3)


def _unrolled(size: Size) -> GAN:
    unrolled = Unrolled(5)
    return GAN(
        *_pair(size),
        size.noise_dim,
        discriminator_step=unrolled.discriminator_step,
        generator_step=unrolled.generator_step,
    )


_ALL = (
    Cure("vanilla", N_("Plain GAN"), "Goodfellow et al. 2014", _vanilla),
    Cure("pacgan", N_("PacGAN"), "Lin et al. 2018", _pacgan),
    Cure("wgan_gp", N_("WGAN-GP"), "Gulrajani et al. 2017", _wgan_gp),
    Cure("r1", N_("R1 penalty"), "Mescheder et al. 2018", _r1),
    Cure("instance_noise", N_("Instance noise"), "Sønderby et al. 2017", _instance_noise),
    Cure("spectral_norm", N_("Spectral normalisation"), "Miyato et al. 2018", _spectral_norm),
    Cure("minibatch_std", N_("Minibatch deviation"), "Karras et al. 2018", _minibatch_std),
    Cure("hinge", N_("Hinge loss"), "Lim & Ye 2017", _hinge),
    Cure("two_time_scales", N_("Two time scales"), "Heusel et al. 2017", _two_time_scales),
    Cure("unrolled", N_("Unrolled GAN"), "Metz et al. 2017", _unrolled),
)

#: By id, the plain GAN first.
CURES: Mapping[str, Cure] = {cure.id: cure for cure in _ALL}
