"""The Jensen-Shannon divergence against its closed forms."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.integrate import quad
from scipy.stats import norm

from synthlab.data import GaussianMixture, Ring
from synthlab.errors import SynthlabError
from synthlab.metrics import js_divergence


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_equal_and_disjoint_sources():
    assert js_divergence(Ring(), Ring(), generator=seeded()).value == 0
    apart = js_divergence(Ring(), Ring(radius=5.0), generator=seeded())
    assert apart.value == pytest.approx(math.log(2), abs=1e-12)


def test_planted_loss_of_modes():
    # q keeps k of K equal modes that do not overlap. With m = (p + q) / 2 the two halves are
    # 1/2 log(2 / (1 + K/k)) k/K + 1/2 log 2 (1 - k/K) and 1/2 log(2 (K/k) / (1 + K/k)).
    full = Ring()
    half = GaussianMixture(means=full.means[:4], std=full.std)
    exact = 0.25 * math.log(2 / 3) + 0.25 * math.log(2) + 0.5 * math.log(4 / 3)
    estimate = js_divergence(full, half, n=20_000, generator=seeded())
    assert estimate.low < exact < estimate.high
    assert estimate.high - estimate.low < 0.02


def test_two_gaussians():
    # Equal Gaussians one std apart: the second axis drops out, one integral remains.
    def integrand(x: float) -> float:
        p, q = norm.pdf(x), norm.pdf(x, 1)
        m = (p + q) / 2
        return 0.5 * p * math.log(p / m) + 0.5 * q * math.log(q / m)

    exact = quad(integrand, -12, 13)[0]
    p, q = (GaussianMixture(means=[[c, 0.0]], std=1.0) for c in (0.0, 1.0))
    estimate = js_divergence(p, q, n=50_000, generator=seeded())
    assert estimate.value == pytest.approx(exact, abs=5 * (estimate.high - exact) + 1e-12)
    assert estimate.low < exact < estimate.high


def test_too_few_samples():
    with pytest.raises(SynthlabError):
        js_divergence(Ring(), Ring(), n=1)
