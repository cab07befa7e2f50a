"""The best answer that a discriminator could give: p / (p + q), beside the one that it gives.

The source's density p is known. The generator's density q is known where the generator is
affine: then q is Gaussian. Elsewhere both are estimated on a grid, p from many samples and q from
as many as the counters use, and smoothed alike, so that what is compared is comparable.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import MultivariateNormal

from synthlab.models.gan import optimal_discriminator
from synthlab_widgets import look

#: Samples behind an estimate of p.
MANY = 50_000
#: The smoothing: a Gaussian with a standard deviation of one cell of the grid.
BANDWIDTH = 1.0


class BestAnswer:
    """p / (p + q) on a grid over the plane, for one source.

    Args:
        source: Where the real points come from.
        side: Points a side of the grid.
    """

    def __init__(self, source: Any, side: int) -> None:
        self.source, self.side = source, side
        self.bounds = tuple(float(b) for b in source.bounds)
        self._smooth = _kernel(side)
        self._p: Tensor | None = None

    def __call__(
        self, model: Any, fakes: Tensor, bounds: tuple[float, float], opinion: Tensor
    ) -> tuple[Tensor, dict[str, Any]]:
        """The field (side, side), and how far D's opinion is from it.

        The gap is the mean of ``|D - D*|`` under the even mixture of real and fake.
        """
        affine = _affine(model)
        if affine is not None and hasattr(self.source, "log_prob"):
            x = look.grid(bounds, self.side, torch.float64)
            log_p, log_q = self.source.log_prob(x), affine.log_prob(x)
            field = optimal_discriminator(log_p, log_q).reshape(self.side, self.side)
            weight = (log_p.exp() + log_q.exp()).reshape(self.side, self.side)
            exact = True
        else:
            p, q = self._densities(fakes, bounds)
            field, weight, exact = p / (p + q), p + q, False
        field = field.float().nan_to_num(nan=0.5)
        gap = float((weight * (opinion - field).abs()).sum() / weight.sum().clamp(min=1e-30))
        return field, {
            "exact": exact,
            "gap": gap if math.isfinite(gap) else None,
            "jsd": self.divergence(fakes, bounds),
        }

    def divergence(self, fakes: Tensor, bounds: tuple[float, float]) -> float:
        """The Jensen-Shannon divergence of p and q after smoothing, in nats: 0 to log 2."""
        p, q = self._densities(fakes, bounds)
        m = (p + q) / 2
        terms = torch.special.xlogy(p, p / m) + torch.special.xlogy(q, q / m)
        return float(terms.nan_to_num(nan=0.0).sum() / 2)

    def _densities(self, fakes: Tensor, bounds: tuple[float, float]) -> tuple[Tensor, Tensor]:
        """P and q, each a table (side, side) that sums to 1 or, with points outside, to less."""
        if self._p is None or self.bounds != bounds:
            generator = torch.Generator().manual_seed(1)
            self.bounds = bounds
            self._p = self._table(self.source.sample(MANY, generator).x, bounds)
        return self._p, self._table(fakes, bounds)

    def _table(self, x: Tensor, bounds: tuple[float, float]) -> Tensor:
        low, high = bounds
        at = ((x.detach() - low) * ((self.side - 1) / (high - low))).round()
        inside = ((at >= 0) & (at < self.side)).all(dim=1)
        column, row = at[inside].long().T
        counts = torch.bincount(row * self.side + column, minlength=self.side**2)
        table = counts.reshape(self.side, self.side).double() / len(x)
        return self._smooth @ table @ self._smooth.T


def _kernel(side: int) -> Tensor:
    """A (side, side) matrix that smooths a column; what it spreads sums to 1."""
    at = torch.arange(side, dtype=torch.float64)
    weights = torch.exp(-((at[:, None] - at) ** 2) / (2 * BANDWIDTH**2))
    return weights / weights.sum(dim=0, keepdim=True)


def _affine(model: Any) -> MultivariateNormal | None:
    """The generator's exact density, when it is one linear layer of normal noise."""
    layers = getattr(model, "generator", None)
    if isinstance(layers, nn.Sequential) and len(layers) == 1:
        layers = layers[0]
    normal = getattr(model, "prior", None) is torch.randn and not getattr(model, "classes", False)
    if not isinstance(layers, nn.Linear) or not normal:
        return None
    weight = layers.weight.detach().double()
    covariance = weight @ weight.T
    if np.linalg.cond(covariance.numpy()) > 1e12:
        return None  # the noise is thrown onto a line: there is no density in the plane
    bias = layers.bias.detach().double() if layers.bias is not None else torch.zeros(2).double()
    return MultivariateNormal(bias, covariance)
