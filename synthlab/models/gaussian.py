"""A Gaussian on the line, fitted by maximum likelihood, one gradient step at a time."""

from __future__ import annotations

import math
from collections.abc import Collection

import torch
from torch import Tensor, nn

from synthlab.data.source import Batch, use_generator


class Gaussian(nn.Module):
    """N(mean, std^2): its two numbers move downhill on the mean negative log-likelihood.

    Args:
        mean, std: Where it starts.
        lr: The learning rate of plain gradient descent.

    >>> Gaussian(mean=0.0, std=1.0).log_prob(torch.zeros(1)).item()
    -0.9189385175704956
    """

    def __init__(self, mean: float = -1.5, std: float = 1.5, lr: float = 0.05) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.tensor(mean))
        self.log_std = nn.Parameter(torch.tensor(math.log(std)))  # any real number is a std
        self.optimizers: dict[str, torch.optim.Optimizer] = {
            "nll": torch.optim.SGD(self.parameters(), lr)
        }

    def log_prob(self, x: Tensor) -> Tensor:
        """The log-density at each point, (n,) -> (n,), in nats."""
        z = (x - self.mean) / self.log_std.exp()
        return -z.square() / 2 - self.log_std - math.log(2 * math.pi) / 2

    def update(
        self, batch: Batch, generator: torch.Generator, parts: Collection[str] | None = None
    ) -> dict[str, float]:
        """Make one step on the batch's mean negative log-likelihood, and return it."""
        loss = -self.log_prob(batch.x).mean()  # (B,) -> ()
        self.optimizers["nll"].zero_grad()
        torch.autograd.backward(loss)
        self.optimizers["nll"].step()
        return {"nll": loss.item()}

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n points: (n,)."""
        return self.mean + self.log_std.exp() * torch.randn(n, generator=use_generator(generator))
