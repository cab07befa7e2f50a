"""A histogram as a density: the simplest model that can learn any shape, given enough samples."""

from __future__ import annotations

import math
from typing import Self

import torch
from torch import Tensor, nn

from synthlab.data.source import check_count, check_finite, check_positive, use_generator
from synthlab.errors import SynthlabError


class Histogram(nn.Module):
    """Equal bins on a window; the density is constant in each of them and 0 outside.

    With ``B`` bins of volume ``v``, of which bin ``b`` holds ``n_b`` of ``n`` samples, the
    density in it is ``(n_b + a) / (n + a B) / v``. For ``a = 0`` that is maximum likelihood. The
    default ``a = 1`` adds one sample to every bin (Laplace, 1814), so that a bin which the
    training data missed does not call a new sample impossible.

    Args:
        low, high: The window, the same along every axis.
        bins: Bins along each axis.
        dim: 1 for numbers ``(n,)``, 2 for points ``(n, 2)``.
        pseudocount: ``a``.

    Raises:
        SynthlabError: When the numbers make no window or no bins.

    >>> h = Histogram(0.0, 1.0, bins=2, dim=1).fit(torch.tensor([0.1, 0.2, 0.3, 0.9]))
    >>> h.log_prob(torch.tensor([0.25, 0.75])).exp().tolist()  # 2 * 4/6 and 2 * 2/6
    [1.3333333730697632, 0.6666666865348816]
    """

    counts: Tensor

    def __init__(
        self, low: float, high: float, bins: int, *, dim: int = 2, pseudocount: float = 1.0
    ) -> None:
        super().__init__()
        self.low, self.high = check_finite(low, "low"), check_finite(high, "high")
        if self.low >= self.high:
            raise SynthlabError(
                "low must be below high, not {low!r} and {high!r}.", low=low, high=high
            )
        if dim not in (1, 2):
            raise SynthlabError("dim must be 1 or 2, not {dim!r}.", dim=dim)
        self.bins, self.dim = check_count(bins, "bins", 1), dim
        self.pseudocount = 0.0 if pseudocount == 0 else check_positive(pseudocount, "pseudocount")
        self.register_buffer("counts", torch.zeros(self.bins**dim, dtype=torch.int64))

    def fit(self, x: Tensor) -> Self:
        """Count these samples, in place of what was counted before; points outside do not count."""
        cell, inside = self._cells(x)
        self.counts = torch.bincount(cell[inside], minlength=len(self.counts))
        return self

    @property
    def log_density(self) -> Tensor:
        """The log-density in each bin, ``(bins ** dim,)`` float64; the last axis runs fastest."""
        mass = self.counts.double() + self.pseudocount
        return mass.log() - mass.sum().log() - self._log_volume

    @property
    def _log_volume(self) -> float:
        return self.dim * math.log((self.high - self.low) / self.bins)

    def log_prob(self, x: Tensor) -> Tensor:
        """The log-density at each sample, -> (n,) in nats; minus infinity outside the window."""
        cell, inside = self._cells(x)
        found = self.log_density[cell].masked_fill(~inside, -math.inf)
        return found.to(x.dtype)

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n samples: a bin by its mass, then a uniform place in it."""
        generator = use_generator(generator)
        mass = self.counts.double() + self.pseudocount
        u = torch.rand(check_count(n, "n", 0), dtype=torch.float64, generator=generator)
        edges = (mass / mass.sum()).cumsum(0)[:-1]
        cell = torch.searchsorted(edges, u, right=True)
        corner = torch.stack((cell // self.bins, cell % self.bins), dim=1)[:, 2 - self.dim :]
        place = corner + torch.rand(n, self.dim, generator=generator)  # (n, dim)
        x = (self.low + (self.high - self.low) / self.bins * place).float()
        return x[:, 0] if self.dim == 1 else x

    def _cells(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The bin of each sample, and whether it lies in the window: (n,) each."""
        points = x[:, None] if self.dim == 1 and x.ndim == 1 else x
        if points.ndim != 2 or points.shape[1] != self.dim:
            shape = "(n,)" if self.dim == 1 else "(n, 2)"
            raise SynthlabError(
                "x must have the shape {expected}, not {measured}.",
                expected=shape,
                measured=tuple(x.shape),
            )
        inside = ((points >= self.low) & (points <= self.high)).all(dim=1)  # NaN is outside
        at = (points.double() - self.low) * (self.bins / (self.high - self.low))
        # The upper edge belongs to the last bin; what lies outside is masked by the caller.
        index = at.nan_to_num(0.0).floor().clamp(0, self.bins - 1).long()  # (n, dim)
        cell = index[:, 0] if self.dim == 1 else index[:, 0] * self.bins + index[:, 1]
        return cell, inside
