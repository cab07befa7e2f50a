"""Excess NLL and divergences: paired, by samples and by quadrature, against closed forms."""

from __future__ import annotations

import math

import pytest
import torch

from synthlab.data import GaussianMixture, Line, Ring
from synthlab.errors import SynthlabError
from synthlab.metrics import (
    excess_nll,
    js_divergence,
    js_quadrature,
    kl_divergence,
    kl_quadrature,
)
from synthlab.models.histogram import Histogram


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_truth_has_no_excess():
    ring = Ring()
    found = excess_nll(ring, ring, ring.sample(500, seeded()).x)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_the_excess_of_a_gaussian_is_its_kl():
    # KL(N(0, 1) || N(m, s^2)) = log s + (1 + m^2) / (2 s^2) - 1/2
    exact = math.log(1.5) + (1 + 0.25) / (2 * 2.25) - 0.5
    model = Line(mean=0.5, std=1.5)
    found = kl_divergence(Line(), model, n=50_000, generator=seeded())
    assert found.low < exact < found.high
    assert kl_quadrature(Line(), model, (-12.0, 12.0), dim=1) == pytest.approx(exact, abs=1e-9)


def test_pairing_makes_the_interval_small():
    # log p - log q has a far smaller spread than log q alone when q is close to p.
    source, model = Line(), Line(mean=0.05)
    x = source.sample(10_000, seeded()).x
    paired = excess_nll(model, source, x)
    alone = float(model.log_prob(x).std()) / 100
    assert (paired.high - paired.low) / 2 < 0.2 * 1.96 * alone


def test_the_interval_covers():
    # 95 % of 400 intervals: 380 +- 4.4; five standard errors are 22.
    exact = 0.5 * 0.3**2
    inside = 0
    for seed in range(400):
        found = kl_divergence(Line(), Line(mean=0.3), n=400, generator=seeded(seed))
        inside += found.low < exact < found.high
    assert 358 <= inside <= 400


def test_what_the_model_excludes_costs_everything():
    model = Histogram(-1.0, 1.0, bins=4, dim=1).fit(torch.zeros(5))
    found = excess_nll(model, Line(), torch.tensor([0.0, 0.5, 2.0]))
    assert found.value == math.inf


def test_a_lost_mode_by_quadrature():
    # q keeps 7 of 8 modes: KL(p || q) is infinite (here: as large as the tails allow), KL(q || p)
    # is log 8/7, and JSD is 7/16 log(14/15 ...) as below.
    p = GaussianMixture(means=Ring(radius=2.0).means, std=0.1)
    q = GaussianMixture(means=p.means[:7], std=0.1)
    assert kl_quadrature(q, p, p.bounds) == pytest.approx(math.log(8 / 7), abs=1e-6)
    w_p, w_q, w_m = 1 / 8, 1 / 7, (1 / 8 + 1 / 7) / 2
    exact = (7 * w_p * math.log(w_p / w_m) + w_p * math.log(2)) / 2
    exact += 7 * w_q * math.log(w_q / w_m) / 2
    assert js_quadrature(p, q, p.bounds) == pytest.approx(exact, abs=1e-6)
    found = js_divergence(p, q, n=20_000, generator=seeded())
    assert found.low < exact < found.high
    assert kl_quadrature(p, q, p.bounds) > 5  # 1/8 of the mass, tens of nats each


def test_quadrature_refuses_what_it_cannot_see():
    with pytest.raises(SynthlabError, match="sums to"):
        kl_quadrature(Ring(std=0.001), Ring(), (-2.5, 2.5))
    with pytest.raises(SynthlabError, match="sums to"):
        kl_quadrature(Line(), Line(), (0.0, 5.0), dim=1)


def test_bad_input_gets_a_sentence():
    class Rows:
        def log_prob(self, x):
            return torch.zeros(len(x), 1)

    class Nan:
        def log_prob(self, x):
            return torch.full((len(x),), math.nan)

    for model in (Rows(), Nan()):
        with pytest.raises(SynthlabError):
            excess_nll(model, Line(), torch.zeros(3))
