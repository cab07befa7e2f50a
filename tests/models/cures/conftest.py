"""Fixtures of the tests of the cures: a generator, points, and small nets in float64."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from synthlab.models import nets


@pytest.fixture
def random() -> torch.Generator:
    return torch.Generator().manual_seed(0)


@pytest.fixture
def points(random):
    """Real and generated points: (8, 2) each, in float64."""
    real = torch.randn(8, 2, generator=random, dtype=torch.float64)
    fake = torch.randn(8, 2, generator=random, dtype=torch.float64) + 1
    return real, fake


@pytest.fixture
def players():
    """A smooth generator and a smooth discriminator in float64: tanh has no kinks."""
    with nets.seeded(3):
        G = nets.perceptron(3, 2, 8, 1, nn.Tanh())
        D = nets.perceptron(2, 1, 8, 2, nn.Tanh()).append(nn.Flatten(-2))
    return G.double(), D.double()
