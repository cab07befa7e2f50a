"""The networks that all cures share: with them a GAN collapses.

Perceptrons with ReLU, the usual first choice. With noise in R^16 their fakes begin as one cloud
that moves as a whole from mode to mode; with noise in R^2, and in `GAN.mlp` with its tanh and
leaky ReLU, they spread sooner. docs/collapse.md has the measurements.
"""

from __future__ import annotations

from torch import nn

from synthlab.models import nets


def networks(
    seed: int, noise_dim: int, hidden: int, depth: int, inputs: int = 2
) -> tuple[nn.Sequential, nn.Sequential]:
    """A generator and a discriminator for points in the plane, with the seed's first weights.

    The generator is made first: whatever the discriminator reads, the same seed gives the same
    generator.

    Args:
        seed: Decides the first weights.
        noise_dim: Width of what the generator reads.
        hidden: Width of the hidden layers of both.
        depth: Their number in each.
        inputs: Width of what the discriminator reads.

    Returns:
        G from (B, noise_dim) to points (B, 2), D from (B, inputs) to logits (B,).
    """
    with nets.seeded(seed):
        G = nets.perceptron(noise_dim, 2, hidden, depth, nn.ReLU())
        D = nets.perceptron(inputs, 1, hidden, depth, nn.ReLU())
    return G, D.append(nn.Flatten(-2))  # (B, 1) -> (B,)
