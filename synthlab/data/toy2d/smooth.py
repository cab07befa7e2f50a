"""Round Gaussian noise around points: log-density and entropy.

The points are the centres of a mixture, or the nodes of a quadrature along a curve. Both have
the density ``p(x) = sum_k w_k N(x; m_k, std^2 I)``.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

#: This many (sample, centre) pairs are worked on at a time: 1 MiB, which stays in the cache.
_PAIRS = 1 << 17


def log_density(x: Tensor, means: Tensor, log_weights: Tensor, std: float) -> Tensor:
    """``log sum_k w_k N(x; m_k, std^2 I)`` in the plane.

    The square ``|x - m|^2 = |x|^2 - 2 x.m + |m|^2`` is expanded, so that one matrix product
    does the work. With a std of .01 the cancellation in it would cost every digit of float32;
    so the work is done in float64, whatever ``x`` has, and about ``1e-16 (|x| / std)^2`` is lost.

    Args:
        x: ``(n, 2)``, any floating dtype; gradients flow through it.
        means: ``(K, 2)``, float64.
        log_weights: ``(K,)``, float64, the logarithms of weights that sum to 1.
        std: The standard deviation along each axis.

    Returns:
        ``(n,)`` nats, in the dtype of ``x``.
    """
    precision = 1 / std**2
    constant = log_weights - means.square().sum(dim=1) * precision / 2  # (K,)
    slopes = (means * precision).T  # (2, K)
    parts = []
    for part in torch.split(x.double(), max(1, _PAIRS // len(means))):
        peak = torch.logsumexp(torch.addmm(constant, part, slopes), dim=1)
        parts.append(peak - part.square().sum(dim=1) * precision / 2)
    return (torch.cat(parts) - math.log(2 * math.pi) - 2 * math.log(std)).to(x.dtype)


def entropy(means: Tensor, log_weights: Tensor, std: float) -> float:
    """``-∫ p log p`` in nats, by the trapezoid rule on a lattice around the centres.

    The lattice has a spacing of ``std / 3`` and reaches at least ``8 std`` from every centre
    (the mass beyond is below ``e^-32``). It is cut into blocks, and a block sees only the
    centres that matter to it, so the cost grows with the number of centres, not with the plane
    that lies between them. On smooth functions that vanish at the border the trapezoid rule
    converges exponentially (Trefethen and Weideman, 2014): the error is below 1e-6 nats.

    Args:
        means: ``(K, 2)``.
        log_weights: ``(K,)``, the logarithms of weights that sum to 1.
        std: The standard deviation along each axis.
    """
    side = 4 * std
    step = torch.arange(12, dtype=torch.float64) * (std / 3)
    within = torch.cartesian_prod(step, step)  # (144, 2)
    total = 0.0
    for corner in _blocks(means, side).double() * side:
        # A centre that is left out is at least 11 std away: less than e^-60 of a peak.
        local = means - corner  # the block's own coordinates, where nothing cancels
        near = (local - side / 2).abs().amax(dim=1) <= 13 * std
        log_p = log_density(within, local[near], log_weights[near], std)
        total -= float((log_p.exp() * log_p).sum())
    return total * (std / 3) ** 2


def _blocks(means: Tensor, side: float) -> Tensor:
    """The blocks of a square tiling that are at most two blocks away from a centre's own.

    Returns:
        Their integer coordinates, ``(B, 2)``; block ``b`` has its lower corner at ``b * side``.
    """
    step = torch.arange(-2, 3)
    around = torch.cartesian_prod(step, step)  # (25, 2)
    home = torch.floor(means / side).long()[:, None]  # (K, 1, 2)
    return torch.from_numpy(np.unique((home + around).reshape(-1, 2).numpy(), axis=0))
