"""A mixture of round Gaussians, fitted by expectation-maximisation."""

from __future__ import annotations

import math
from typing import Self

import torch
from torch import Tensor, nn

from synthlab.data.source import check_count, check_points, check_positive, use_generator
from synthlab.errors import SynthlabError


class Mixture(nn.Module):
    """``q(x) = sum_k w_k N(x; m_k, s_k^2 I)`` in the plane, with a size ``s_k`` of its own each.

    One step of EM (Dempster, Laird and Rubin, 1977) asks how much each component is responsible
    for each sample, and then gives each one the weighted mean, spread and share of "its" samples.
    No step lowers the likelihood of the training data.

    Args:
        components: How many.
        narrowest: No ``s_k`` falls below it. Without a floor, a component that sits on a
            single sample could make the likelihood as large as it likes.

    >>> x = torch.cat((torch.randn(500, 2) - 5, torch.randn(500, 2) + 5))
    >>> m = Mixture(2).start(x, torch.Generator().manual_seed(0)).fit(x, steps=20)
    >>> m.weights.round(decimals=2).tolist()
    [0.5, 0.5]
    """

    means: Tensor
    stds: Tensor
    weights: Tensor

    def __init__(self, components: int, *, narrowest: float = 0.01) -> None:
        super().__init__()
        k = check_count(components, "components", 1)
        self.narrowest = check_positive(narrowest, "narrowest")
        self.register_buffer("means", torch.zeros(k, 2, dtype=torch.float64))
        self.register_buffer("stds", torch.ones(k, dtype=torch.float64))
        self.register_buffer("weights", torch.full((k,), 1 / k, dtype=torch.float64))

    def start(self, x: Tensor, generator: torch.Generator | None = None) -> Self:
        """Put the components on samples far from each other (Arthur and Vassilvitskii, 2007).

        Each next one is the best of a few, drawn in proportion to the squared distance from the
        centres that there are. EM climbs to a local maximum: another start may end higher.
        """
        points = check_points(x).double()
        if len(points) == 0:
            raise SynthlabError("x holds no samples to start from.")
        generator = use_generator(generator)
        chosen = [int(torch.randint(len(points), (), generator=generator))]
        nearest = (points - points[chosen[0]]).square().sum(1)  # squared distance to a centre
        tries = 2 + int(math.log(len(self.means)))
        for _ in range(1, len(self.means)):
            u = torch.rand(tries, dtype=torch.float64, generator=generator) * nearest.sum()
            at = torch.searchsorted(nearest.cumsum(0), u).clamp(max=len(points) - 1)
            squares = (points - points[at, None]).square().sum(2)  # (tries, n)
            left = torch.minimum(nearest, squares)
            best = int(left.sum(1).argmin())
            chosen.append(int(at[best]))
            nearest = left[best]
        self.means = points[chosen]
        spread = max(float((nearest.mean() / 2).sqrt()), self.narrowest)
        self.stds = torch.full_like(self.stds, spread)
        self.weights = torch.full_like(self.weights, 1 / len(self.means))
        return self

    def fit(self, x: Tensor, steps: int = 1) -> Self:
        """Make so many steps of EM on these samples, from where the mixture stands."""
        points = check_points(x).double()
        for _ in range(check_count(steps, "steps", 0)):
            joint = self._joint(points)  # (n, K)
            share = (joint - joint.logsumexp(1, keepdim=True)).exp()
            size = share.sum(0)  # (K,) samples of each component
            kept = size > 1e-9  # a component that explains nothing stays where it is
            safe = size.clamp(min=1e-9)
            means = share.T @ points / safe[:, None]
            squares = _squares(points, means)
            stds = ((share * squares).sum(0) / (2 * safe)).sqrt().clamp(min=self.narrowest)
            self.means = torch.where(kept[:, None], means, self.means)
            self.stds = torch.where(kept, stds, self.stds)
            self.weights = safe / safe.sum()
        return self

    def _joint(self, points: Tensor) -> Tensor:
        """``log w_k N(x; m_k, s_k^2 I)`` for every sample and component: (n, K)."""
        squares = _squares(points, self.means)
        constant = self.weights.log() - 2 * self.stds.log() - math.log(2 * math.pi)
        return constant - squares / (2 * self.stds.square())

    def log_prob(self, x: Tensor) -> Tensor:
        """The log-density at each point, (n, 2) -> (n,), in nats."""
        return self._joint(check_points(x).double()).logsumexp(1).to(x.dtype)

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n points: (n, 2)."""
        generator = use_generator(generator)
        u = torch.rand(check_count(n, "n", 0), dtype=torch.float64, generator=generator)
        k = torch.searchsorted(self.weights.cumsum(0)[:-1], u, right=True)
        noise = torch.randn(n, 2, dtype=torch.float64, generator=generator)
        return (self.means[k] + self.stds[k, None] * noise).float()


def _squares(points: Tensor, means: Tensor) -> Tensor:
    """The squared distance of every point from every centre: (n, 2), (K, 2) -> (n, K).

    One matrix product; in float64 the cancellation loses ``1e-16 |x|^2``, far below ``s_k^2``.
    """
    size = points.square().sum(1, keepdim=True) + means.square().sum(1)
    return torch.addmm(size, points, means.T, alpha=-2).clamp(min=0)
