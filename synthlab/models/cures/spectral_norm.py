"""Spectral normalisation: divide each weight matrix by its largest singular value.

Layers that stretch nothing by more than 1 make a discriminator with a Lipschitz constant of at
most 1. The largest singular value is followed by one power iteration a step, which the slow
change of the weights allows (Miyato et al. 2018, "Spectral Normalization for Generative
Adversarial Networks", algorithm 1).
"""

from __future__ import annotations

from typing import TypeVar

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn
from torch.nn.utils import parametrize

_Net = TypeVar("_Net", bound=nn.Module)


class SpectralNorm(nn.Module):
    """W -> W / σ(W), σ by power iteration; a parametrisation of a ``Linear``'s weight.

    The vectors u (rows,) and v (columns,) are kept from call to call and move in training mode
    alone. They are constants for the gradient, as in the paper: σ = uᵀ W v.

    Args:
        weight: The first W, (rows, columns).
        iterations: Power iterations at each use in training mode.
    """

    u: Tensor
    v: Tensor

    def __init__(self, weight: Tensor, iterations: int = 1) -> None:
        super().__init__()
        self.iterations = iterations
        u = F.normalize(torch.randn(weight.shape[0]), dim=0)
        self.register_buffer("u", u)
        self.register_buffer("v", F.normalize(weight.detach().T @ u, dim=0))
        self._iterate(weight.detach(), 15)

    @torch.no_grad()
    def _iterate(self, weight: Tensor, times: int) -> None:
        for _ in range(times):
            self.u = F.normalize(weight @ self.v, dim=0)
            self.v = F.normalize(weight.T @ self.u, dim=0)

    def forward(self, weight: Tensor) -> Tensor:
        """The weight with a largest singular value of about 1."""
        if self.training:
            self._iterate(weight, self.iterations)
        return weight / (self.u @ weight @ self.v)


def spectrally_normalised(net: _Net, iterations: int = 1) -> _Net:
    """Put every ``Linear`` of a net under spectral normalisation; the net is changed in place."""
    for module in list(net.modules()):
        if isinstance(module, nn.Linear):
            norm = SpectralNorm(module.weight, iterations)
            parametrize.register_parametrization(module, "weight", norm)
    return net
