"""Gaussians fitted by maximum likelihood: step by step on the line, at once in the plane."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Self

import torch
from torch import Tensor, nn

from synthlab.data.source import Batch, check_points, use_generator
from synthlab.errors import SynthlabError


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


class FullGaussian(nn.Module):
    """N(mean, covariance) in the plane; its maximum-likelihood fit has a closed form.

    >>> corners = torch.tensor([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]])
    >>> FullGaussian().fit(corners).covariance.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    mean: Tensor
    covariance: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(2, dtype=torch.float64))
        self.register_buffer("covariance", torch.eye(2, dtype=torch.float64))

    def fit(self, x: Tensor) -> Self:
        """Take the samples' mean and their covariance, divided by n: ``x`` is (n, 2).

        Raises:
            SynthlabError: When the samples lie on one line, so that no density fits them.
        """
        points = check_points(x).double()
        mean = points.mean(0) if len(points) else self.mean
        offset = points - mean
        covariance = offset.T @ offset / max(len(points), 1)
        if not float(torch.linalg.det(covariance)) > 0:
            raise SynthlabError("x must hold at least three points that are not on one line.")
        self.mean, self.covariance = mean, covariance
        return self

    def log_prob(self, x: Tensor) -> Tensor:
        """The log-density at each point, (n, 2) -> (n,), in nats."""
        offset = check_points(x).double() - self.mean
        scaled = torch.linalg.solve(self.covariance, offset.T).T  # (n, 2)
        half = (offset * scaled).sum(1) / 2
        found: Tensor = -half - torch.logdet(self.covariance) / 2 - math.log(2 * math.pi)
        return found.to(x.dtype)

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n points: (n, 2)."""
        noise = torch.randn(n, 2, dtype=torch.float64, generator=use_generator(generator))
        x: Tensor = self.mean + noise @ torch.linalg.cholesky(self.covariance).T
        return x.float()
