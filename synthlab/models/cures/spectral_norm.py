"""Spectral normalisation: every layer's matrix is divided by its largest singular value.

A chain of layers that stretch no vector by more than 1, with activations that do not either, is
a discriminator of slope at most 1: it cannot be as steep as it likes (Miyato, Kataoka, Koyama &
Yoshida 2018, "Spectral normalization for generative adversarial networks"). The largest
singular value is followed by power iteration, one step a call: the matrix changes little from
call to call, so the vectors u and v, which are kept, catch up (algorithm 1).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from synthlab.models import nets
from synthlab.models.cures.networks import networks
from synthlab.models.gan import GAN

#: Keeps the length of a vector of zeros from dividing by 0; in the units of the weights.
EPSILON = 1e-12


class SpectralNorm(nn.Module):
    """A linear layer whose matrix W (out, in) is used as W / σ(W): (B, in) -> (B, out).

    In training mode every call makes a step of power iteration; in evaluation mode u and v rest.
    No gradient flows into u and v, but it does through σ = u·Wv into W (eq. 11).

    Args:
        linear: The layer; its weight and bias stay the parameters.
        warm_up: Steps of power iteration made now, so that σ is right from the first call on.
    """

    def __init__(self, linear: nn.Linear, warm_up: int = 15) -> None:
        super().__init__()
        self.linear = linear
        W = linear.weight.detach()
        with nets.seeded(0):  # where power iteration begins does not matter
            self.register_buffer("u", F.normalize(torch.randn(W.shape[0], dtype=W.dtype), dim=0))
        self.register_buffer("v", F.normalize(W.mT @ self.get_buffer("u"), dim=0, eps=EPSILON))
        for _ in range(warm_up):
            self.iterate()

    @torch.no_grad()
    def iterate(self) -> None:
        """One step: v <- Wᵀu / |Wᵀu|, u <- Wv / |Wv|."""
        W, u, v = self.linear.weight, self.get_buffer("u"), self.get_buffer("v")
        v.copy_(F.normalize((W.mT @ u[..., None])[..., 0], dim=-1, eps=EPSILON))  # (in,)
        u.copy_(F.normalize((W @ v[..., None])[..., 0], dim=-1, eps=EPSILON))  # (out,)

    def weight(self) -> Tensor:
        """The matrix that is used, W / σ(W) with the σ of the present u and v: (out, in)."""
        W = self.linear.weight
        # The backward pass needs u and v as they are now; the next call moves them in place.
        u, v = self.get_buffer("u").clone(), self.get_buffer("v").clone()
        sigma = (u[..., None, :] @ W @ v[..., None])[..., 0, 0]
        scaled: Tensor = W / sigma[..., None, None]
        return scaled

    def forward(self, x: Tensor) -> Tensor:
        """Apply the layer with its normalised matrix."""
        if self.training:
            self.iterate()
        y: Tensor = x @ self.weight().mT + self.linear.bias  # (B, in) -> (B, out)
        return y


def spectrally_normalised(net: nn.Sequential) -> nn.Sequential:
    """The same net with every linear layer in a `SpectralNorm`; the parameters are shared."""
    return nn.Sequential(
        *(SpectralNorm(layer) if isinstance(layer, nn.Linear) else layer for layer in net)
    )


def build(seed: int, noise_dim: int, hidden: int, depth: int) -> GAN:
    """The vanilla GAN with every layer of the discriminator normalised."""
    G, D = networks(seed, noise_dim, hidden, depth)
    return GAN(G, spectrally_normalised(D), noise_dim)
