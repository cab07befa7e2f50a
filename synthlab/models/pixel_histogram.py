"""A histogram a pixel: the model of images that knows nothing of a pixel's neighbours."""

from __future__ import annotations

from collections.abc import Collection
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from synthlab.data.kinds import Images
from synthlab.data.source import Batch, check_count, check_positive, use_generator
from synthlab.errors import SynthlabError


class PixelHistogram(nn.Module):
    """Independent pixels, each with its own probability of each level.

    A pixel that had level ``k`` in ``n_k`` of ``n`` images has it with probability
    ``(n_k + a) / (n + a K)``. Before the first image that is ``1/K``. All that a better model of
    images gains over this one, it gains from what pixels say about each other.

    Images that come twice count twice. So a long run over finite data ends at maximum
    likelihood, and a level that no image had there becomes impossible, as ``a / n`` goes to 0.

    Args:
        kind: The images, with levels.
        pseudocount: ``a``, above 0.

    >>> one_pixel = PixelHistogram(Images(1, 1, 1, levels=2))
    >>> one_pixel.fit(torch.tensor([1, 1, 0, 1]).reshape(4, 1, 1, 1)).mass  # (1 + 1) / (4 + 2) is 0
    tensor([[[[0.3333, 0.6667]]]], dtype=torch.float64)
    """

    counts: Tensor

    def __init__(self, kind: Images, pseudocount: float = 1.0) -> None:
        super().__init__()
        if kind.levels is None:
            raise SynthlabError("A histogram needs images whose pixels have levels to count.")
        self.kind, self.levels = kind, kind.levels
        self.pseudocount = check_positive(pseudocount, "pseudocount")
        self.register_buffer("counts", torch.zeros(*kind.shape, kind.levels, dtype=torch.int64))
        self.optimizers: dict[str, torch.optim.Optimizer] = {}  # counting needs none

    @property
    def mass(self) -> Tensor:
        """The probability of each level at each pixel, (C, H, W, K) in float64."""
        weight = self.counts + self.pseudocount
        return weight.double() / weight.double().sum(-1, keepdim=True)

    def log_prob(self, x: Tensor) -> Tensor:
        """The log-probability of each image, (n, C, H, W) -> (n,), in nats."""
        level = self.kind.check(x).long()[..., None]  # (n, C, H, W, 1)
        log_mass = self.mass.log().expand(len(x), *self.counts.shape)  # (n, C, H, W, K)
        return log_mass.gather(-1, level).flatten(1).sum(1)

    def update(
        self, batch: Batch, generator: torch.Generator, parts: Collection[str] | None = None
    ) -> dict[str, float]:
        """Count the batch, and return its mean negative log-likelihood before."""
        nll = -self.log_prob(batch.x).mean()
        self.counts += self._one_hot(batch.x).sum(0)
        return {"nll": nll.item()}

    def fit(self, x: Tensor) -> Self:
        """Count these images, in place of what was counted before."""
        self.counts = self._one_hot(x).sum(0)
        return self

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n images: (n, C, H, W) in int64."""
        shape = (check_count(n, "n", 0), *self.counts.shape[:-1])
        u = torch.rand(shape, dtype=torch.float64, generator=use_generator(generator))
        below = self.mass.cumsum(-1)[..., :-1]  # (C, H, W, K - 1): P(level <= k)
        return (u[..., None] >= below).sum(-1)  # (n, C, H, W, K - 1) -> (n, C, H, W)

    def _one_hot(self, x: Tensor) -> Tensor:
        return one_hot(self.kind.check(x).long(), self.levels)  # (n, C, H, W) -> (n, C, H, W, K)
