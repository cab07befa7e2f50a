"""Mixtures of round Gaussians: the ring, the grid and the eight Gaussians."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar

import torch
from torch import Tensor

from synthlab.data.source import Batch, check_count, check_finite, check_points, check_positive
from synthlab.data.toy2d import smooth
from synthlab.data.toy2d.plane import PlaneSource
from synthlab.errors import SynthlabError


class GaussianMixture(PlaneSource):
    """``p(x) = sum_k w_k N(x; m_k, std^2 I)``: one round Gaussian, a mode, around each centre.

    ``condition`` of a sample is the index of its mode.

    Args:
        means: The centres, ``(K, 2)``.
        std: The standard deviation along each axis, the same for all modes.
        weights: The modes' probabilities, ``(K,)``, summing to 1; None makes them equal.

    Raises:
        SynthlabError: When a parameter has the wrong shape or range, or two centres are the
            same point: such a mixture has fewer modes than it says.

    >>> pair = GaussianMixture(means=[[-1.0, 0.0], [1.0, 0.0]], std=0.1, weights=[0.9, 0.1])
    >>> x, mode = pair.sample(1000, torch.Generator().manual_seed(0))
    >>> x.shape, bool(0.85 < (mode == 0).float().mean() < 0.95)
    (torch.Size([1000, 2]), True)
    """

    _parameters: ClassVar[tuple[str, ...]] = ("means", "std", "weights")

    def __init__(
        self,
        *,
        means: Tensor | Sequence[Sequence[float]],
        std: float,
        weights: Tensor | Sequence[float] | None = None,
    ) -> None:
        centres = check_points(_tensor(means, "means"), name="means").detach().clone()
        if len(centres) == 0:
            raise SynthlabError("means must hold at least one centre.")
        self.means = centres
        self.std = check_positive(std, "std")
        _distinct(centres, self.std)
        self._equal = weights is None
        self.weights = _weights(weights, len(centres))
        self._means32 = centres.float()

    def _draw(self, n: int, generator: torch.Generator) -> Batch:
        if self._equal:
            mode = torch.randint(len(self.means), (n,), generator=generator)
        else:
            mode = _choose(self.weights, n, generator)
        noise = torch.randn(n, 2, generator=generator)
        return Batch(self._means32[mode] + self.std * noise, mode)

    def _log_prob(self, x: Tensor) -> Tensor:
        return smooth.log_density(x, self.means, self.weights.log(), self.std)

    @cached_property
    def entropy(self) -> float:
        """The differential entropy in nats, by quadrature around each mode.

        Modes that do not overlap give ``log(2 pi e std^2) - sum_k w_k log w_k``.
        """
        return smooth.entropy(self.means, self.weights.log(), self.std)

    @property
    def bounds(self) -> tuple[float, float]:
        """``(low, high)`` of a square window around all modes with a margin."""
        low, high = float(self.means.min()), float(self.means.max())
        margin = max(4 * self.std, (high - low) / 8)
        return low - margin, high + margin


class Ring(GaussianMixture):
    """Equal modes on a circle, the classic test of mode collapse (Metz et al., 2017).

    Centre ``k`` stands at the angle ``rotation + 2 pi k / modes``. (``linspace(0, 2 pi,
    modes)``, seen in many copies of this benchmark, doubles the first centre and so has one
    mode fewer than it says.)

    Args:
        modes: How many, at least 1.
        radius: The circle's radius, above 0.
        std: The standard deviation of each mode along each axis.
        rotation: The angle of the first centre, in radians.

    >>> ring = Ring(modes=8, radius=2.0, std=0.02)
    >>> ring
    Ring(modes=8, radius=2.0, std=0.02, rotation=0.0)
    >>> ring.sample(4, torch.Generator().manual_seed(0)).x.shape
    torch.Size([4, 2])
    >>> round(ring.entropy, 4)
    -2.9067
    """

    _parameters = ("modes", "radius", "std", "rotation")

    def __init__(
        self, *, modes: int = 8, radius: float = 2.0, std: float = 0.02, rotation: float = 0.0
    ) -> None:
        self.modes = check_count(modes, "modes", 1)
        self.radius = check_positive(radius, "radius")
        self.rotation = check_finite(rotation, "rotation")
        turn = torch.arange(self.modes, dtype=torch.float64) / self.modes
        angle = self.rotation + 2 * math.pi * turn
        super().__init__(means=_circle(angle, self.radius), std=std)

    @property
    def bounds(self) -> tuple[float, float]:
        """``(low, high)`` of a square window around the whole circle with a margin."""
        half = self.radius + max(4 * self.std, self.radius / 4)
        return -half, half


class Grid(GaussianMixture):
    """Equal modes on a square grid centred on 0 (Dumoulin et al., 2017).

    Mode ``side * i + j`` is in column ``i`` (from the left) and row ``j`` (from below).

    Args:
        side: Modes along each side, at least 1.
        spacing: The distance between neighbours, above 0.
        std: The standard deviation of each mode along each axis.

    >>> Grid().means.shape, round(Grid().entropy, 4)
    (torch.Size([25, 2]), 0.0653)
    """

    _parameters = ("side", "spacing", "std")

    def __init__(self, *, side: int = 5, spacing: float = 2.0, std: float = 0.05) -> None:
        self.side = check_count(side, "side", 1)
        self.spacing = check_positive(spacing, "spacing")
        steps = torch.arange(self.side, dtype=torch.float64) - (self.side - 1) / 2
        along = self.spacing * steps
        super().__init__(means=torch.cartesian_prod(along, along).reshape(-1, 2), std=std)


class EightGaussians(GaussianMixture):
    """FFJORD's eight Gaussians: radius ``4 / 1.414``, std ``0.5 / 1.414`` (Grathwohl et al., 2019).

    Unlike the ring's, neighbouring modes overlap a little. The modes stand in the ring's
    order, counter-clockwise from the right.

    >>> round(EightGaussians().entropy, 2)
    2.83
    """

    _parameters = ()

    def __init__(self) -> None:
        angle = 2 * math.pi * torch.arange(8, dtype=torch.float64) / 8
        super().__init__(means=_circle(angle, 4 / 1.414), std=0.5 / 1.414)


def _circle(angle: Tensor, radius: float) -> Tensor:
    return radius * torch.stack((angle.cos(), angle.sin()), dim=1)  # (K,) -> (K, 2)


def _distinct(centres: Tensor, std: float) -> None:
    """Raise SynthlabError when two centres are one point: a mode that nobody can count."""
    apart = torch.cdist(centres, centres).fill_diagonal_(math.inf)
    if float(apart.min()) > 1e-6 * std:
        return
    first, second = divmod(int(apart.argmin()), len(centres))
    advice = SynthlabError("leave one of them out, or give a mode more weight.")
    if (first, second) == (0, len(centres) - 1):
        advice = SynthlabError(
            "linspace(0, 2 pi, K) ends where it began; the angles of K centres on a circle "
            "are 2 pi k / K, which is linspace with endpoint=False."
        )
    raise SynthlabError(
        "Two of the {count} centres are the same point, number {first} and number "
        "{second}, so there are only {modes} modes: {advice}",
        count=len(centres),
        first=first,
        second=second,
        modes=len(centres) - 1,
        advice=advice,
    )


def _tensor(values: object, name: str) -> Tensor:
    try:
        return torch.as_tensor(values, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError):
        raise SynthlabError("{name} must be a table of numbers.", name=name) from None


def _weights(weights: object, modes: int) -> Tensor:
    if weights is None:
        return torch.full((modes,), 1 / modes, dtype=torch.float64)
    w = _tensor(weights, "weights").detach().clone()
    if w.shape != (modes,):
        raise SynthlabError(
            "weights must have the shape ({modes},), not {shape}.",
            modes=modes,
            shape=tuple(w.shape),
        )
    # Written so that NaN fails too; 1e-6 leaves room for weights given in float32.
    if not (bool((w > 0).all()) and abs(float(w.sum()) - 1) < 1e-6):
        raise SynthlabError("weights must all be above 0 and sum to 1.")
    return w / w.sum()


def _choose(weights: Tensor, n: int, generator: torch.Generator) -> Tensor:
    # Not torch.multinomial, which refuses to draw nothing.
    u = torch.rand(n, dtype=torch.float64, generator=generator)
    return torch.searchsorted(weights.cumsum(0)[:-1], u, right=True)
