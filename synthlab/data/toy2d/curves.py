"""Round Gaussian noise along curves: the two moons and the spirals."""

from __future__ import annotations

import math
from abc import abstractmethod
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from synthlab.data.source import Batch, check_positive
from synthlab.data.toy2d import smooth
from synthlab.data.toy2d.plane import PlaneSource

#: Gauss-Legendre nodes in each panel of the quadrature along an arm.
_NODES = 8


class NoisyCurve(PlaneSource):
    """A point on one of two arms, chosen with equal chance, plus noise ``N(0, std^2 I)``.

    The position on an arm is ``t`` with density ``q(t)``, so
    ``p(x) = 1/2 sum_arm ∫ q(t) N(x; curve(arm, t), std^2 I) dt``. The integral has no closed
    form. It is taken by Gauss-Legendre quadrature on panels about ``2 std`` long, which makes it
    a Gaussian mixture around the nodes. Within ``8 std`` of an arm ``log_prob`` is accurate
    to 1e-5 nats, at any ``std``.

    ``condition`` of a sample is the index of its arm.
    """

    #: The length of an arm.
    _length: float
    _parameters = ("std",)

    def __init__(self, std: float) -> None:
        self.std = check_positive(std, "std")

    @abstractmethod
    def _curve(self, arm: Tensor, t: Tensor) -> Tensor:
        """The point at ``t`` on an arm: two ``(n,) -> (n, 2)``."""

    @abstractmethod
    def _position(self, u: Tensor) -> Tensor:
        """``t`` for a uniform ``u`` in [0, 1]: the inverse of its distribution function."""

    @abstractmethod
    def _density(self, t: Tensor) -> Tensor:
        """``q(t)``, the density of the position."""

    def _draw(self, n: int, generator: torch.Generator) -> Batch:
        arm = torch.randint(2, (n,), generator=generator)
        t = self._position(torch.rand(n, generator=generator))
        noise = torch.randn(n, 2, generator=generator)
        return Batch(self._curve(arm, t) + self.std * noise, arm)

    @cached_property
    def _quadrature(self) -> tuple[Tensor, Tensor]:
        """Nodes ``(M, 2)`` on both arms and the logarithms of their weights ``(M,)``."""
        panels = max(2, math.ceil(self._length / (2 * self.std)))
        # Panels of equal probability have nearly equal length on both families of curves.
        edges = self._position(torch.linspace(0, 1, panels + 1, dtype=torch.float64))
        node, weight = (torch.from_numpy(a) for a in np.polynomial.legendre.leggauss(_NODES))
        half = edges.diff()[:, None] / 2  # (panels, 1)
        t = (edges[:-1, None] + half * (1 + node)).flatten()  # (panels * 8,)
        w = (half * weight).flatten() * self._density(t) / 2
        arm = torch.arange(2).repeat_interleave(len(t))
        return self._curve(arm, t.repeat(2)), w.repeat(2).log()

    def _log_prob(self, x: Tensor) -> Tensor:
        return smooth.log_density(x, *self._quadrature, self.std)

    @cached_property
    def entropy(self) -> float:
        """The differential entropy in nats, by quadrature around the arms."""
        return smooth.entropy(*self._quadrature, self.std)


class TwoMoons(NoisyCurve):
    """Two interleaved half circles with noise, in scikit-learn's coordinates.

    The upper moon is ``(cos t, sin t)``, the lower ``(1 - cos t, 1/2 - sin t)``, with ``t``
    uniform on [0, pi]. (scikit-learn's ``make_moons`` spaces ``t`` evenly; here samples are
    independent.)

    Args:
        std: The standard deviation of the noise along each axis.

    >>> x, moon = TwoMoons(std=0.05).sample(500, torch.Generator().manual_seed(0))
    >>> moon.unique().tolist()
    [0, 1]
    """

    _length = math.pi

    def __init__(self, *, std: float = 0.05) -> None:
        super().__init__(std)

    def _curve(self, arm: Tensor, t: Tensor) -> Tensor:
        upper = torch.stack((t.cos(), t.sin()), dim=1)
        lower = torch.stack((1 - t.cos(), 0.5 - t.sin()), dim=1)
        return torch.where((arm == 0)[:, None], upper, lower)

    def _position(self, u: Tensor) -> Tensor:
        return math.pi * u

    def _density(self, t: Tensor) -> Tensor:
        return torch.full_like(t, 1 / math.pi)

    @property
    def bounds(self) -> tuple[float, float]:
        """``(low, high)`` of a square window around both moons with a margin."""
        margin = max(4 * self.std, 0.4)
        return -1 - margin, 2 + margin


class Spirals(NoisyCurve):
    """Two spiral arms of one and a half turns with noise, after FFJORD (Grathwohl et al., 2019).

    The arms are ``± t (-cos t, sin t) / 3`` for ``t = 3 pi sqrt(u)``, ``u`` uniform, which
    spreads the mass evenly along the arm. FFJORD also shifts each point by a uniform jitter;
    it is left out, so that the density is a single integral.

    Args:
        std: The standard deviation of the noise along each axis.

    >>> x, arm = Spirals().sample(500, torch.Generator().manual_seed(0))
    >>> bool(Spirals().log_prob(x).isfinite().all())
    True
    """

    _end = 3 * math.pi  # the largest t
    #: ∫ sqrt(1 + t^2) / 3 dt over [0, 3 pi].
    _length = (_end * math.hypot(1, _end) + math.asinh(_end)) / 6

    def __init__(self, *, std: float = 0.1) -> None:
        super().__init__(std)

    def _curve(self, arm: Tensor, t: Tensor) -> Tensor:
        radius = torch.where(arm == 0, t, -t) / 3
        return radius[:, None] * torch.stack((-t.cos(), t.sin()), dim=1)

    def _position(self, u: Tensor) -> Tensor:
        return self._end * u.sqrt()

    def _density(self, t: Tensor) -> Tensor:
        return 2 * t / self._end**2

    @property
    def bounds(self) -> tuple[float, float]:
        """``(low, high)`` of a square window around both arms with a margin."""
        half = self._end / 3 + max(4 * self.std, 0.4)
        return -half, half
