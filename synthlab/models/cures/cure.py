"""Record of a cure: its name, its paper, and how a GAN that takes it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from synthlab.models.gan import GAN


@dataclass(frozen=True)
class Cure:
    """One remedy against mode collapse.

    Attributes:
        id: Its short name, the name of its module.
        title: Its name for people, marked for translation.
        paper: Who proposed it, and when.
        make: Builds the GAN from seed, noise_dim, hidden and depth.
    """

    id: str
    title: str
    paper: str
    make: Callable[[int, int, int, int], GAN]

    def build(self, seed: int, noise_dim: int = 16, hidden: int = 128, depth: int = 2) -> GAN:
        """A fresh GAN for points in the plane; the same seed gives every cure one generator.

        Args:
            seed: Decides the first weights.
            noise_dim: Width of the noise.
            hidden: Width of the hidden layers of both networks.
            depth: Their number in each.
        """
        return self.make(seed, noise_dim, hidden, depth)
