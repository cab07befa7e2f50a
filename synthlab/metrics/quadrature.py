"""Divergences without chance: sums over a fine lattice instead of samples."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from synthlab.data.source import check_count
from synthlab.errors import SynthlabError
from synthlab.metrics.likelihood import Likelihood

#: A lattice on which a density sums to something further from 1 than this is refused.
MASS = 1e-3


def kl_quadrature(
    p: Likelihood, q: Likelihood, bounds: tuple[float, float], *, points: int = 400, dim: int = 2
) -> float:
    """KL(p || q) in nats by the midpoint rule; infinite where q is 0 and p is not.

    Args:
        p: A density with ``log_prob``.
        q: Another one.
        bounds: ``(low, high)`` of a window, the same along every axis, that holds ``p``.
        points: Lattice points along each axis. A spacing of a third of the narrowest standard
            deviation is enough for a mixture of Gaussians.
        dim: 1 for densities of numbers ``(n,)``, 2 for densities of points ``(n, 2)``.

    Raises:
        SynthlabError: When ``p`` does not sum to 1 within 0.001 on this lattice, so that the
            result would be wrong.

    >>> from synthlab.data import Line
    >>> round(kl_quadrature(Line(), Line(mean=1.0), (-10.0, 10.0), dim=1), 6)  # 1/2
    0.5
    """
    (log_p, log_q), cell = _logs((p, q), bounds, points, dim)
    return _kl(log_p, log_q, cell)


def js_quadrature(
    p: Likelihood, q: Likelihood, bounds: tuple[float, float], *, points: int = 400, dim: int = 2
) -> float:
    """JSD(p, q) in nats, between 0 and log 2; takes and raises what `kl_quadrature` does.

    The window must hold both densities.
    """
    (log_p, log_q), cell = _logs((p, q), bounds, points, dim)
    _mass(log_q, cell, "q")
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    return (_kl(log_p, log_m, cell) + _kl(log_q, log_m, cell)) / 2


@torch.no_grad()
def _logs(
    densities: tuple[Likelihood, Likelihood], bounds: tuple[float, float], points: int, dim: int
) -> tuple[list[Tensor], float]:
    """Both log-densities on the lattice, and the volume of one of its cells."""
    low, high = bounds
    spacing = (high - low) / check_count(points, "points", 2)
    side = low + spacing * (torch.arange(points, dtype=torch.float64) + 0.5)
    x = side if dim == 1 else torch.cartesian_prod(side, side)
    logs = [density.log_prob(x).double() for density in densities]
    _mass(logs[0], spacing**dim, "p")
    return logs, spacing**dim


def _mass(log_density: Tensor, cell: float, name: str) -> None:
    mass = float(log_density.exp().sum()) * cell
    if not abs(mass - 1) <= MASS:
        raise SynthlabError(
            "On this lattice {name} sums to {mass:.4g}, not to 1: take a wider window or "
            "more points.",
            name=name,
            mass=mass,
        )


def _kl(log_p: Tensor, log_q: Tensor, cell: float) -> float:
    here = log_p > -math.inf  # 0 log 0 is 0
    return float((log_p[here].exp() * (log_p[here] - log_q[here])).sum()) * cell
