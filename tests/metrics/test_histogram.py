"""The KL of a histogram: its floor, and an interval that holds the truth as often as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from synthlab.metrics.histogram import histogram_kl


def even(k: int) -> torch.Tensor:
    return torch.full((k,), 1 / k, dtype=torch.float64)


@pytest.mark.parametrize(("k", "floor"), [(8, 0.0014), (25, 0.0048)])
def test_a_perfect_sampler_has_a_floor(k, floor):
    # 2n KL is chi-squared with K - 1 degrees of freedom: mean (K - 1) / 2n = 7/5000, 24/5000.
    draws = np.random.default_rng(0).multinomial(2500, even(k).numpy(), size=400)
    values = [histogram_kl(torch.from_numpy(counts), even(k)).value for counts in draws]
    # The mean of 400 has a standard error of sqrt(2 (K - 1)) / 2n / 20.
    error = 4 * math.sqrt(2 * (k - 1)) / 5000 / 20
    assert np.mean(values) == pytest.approx(floor, abs=error + 5e-5)


@pytest.mark.parametrize("n", [40, 2500])
@pytest.mark.parametrize(
    "p",
    [
        [1 / 8] * 8,
        [1 / 3] * 3 + [0] * 5,
        [0.9] + [0.1 / 7] * 7,
        [0.3] + [0.1] * 7,
        [1] + [0] * 7,
        [1 / 25] * 25,
    ],
    ids=["perfect", "three-of-eight", "one-heavy", "slightly-uneven", "one", "grid"],
)
def test_interval_holds_the_true_kl(p, n):
    p = np.array(p)
    truth = sum(q * math.log(q * len(p)) for q in p if q > 0)
    draws = np.random.default_rng(1).multinomial(n, p, size=100)
    estimates = [histogram_kl(torch.from_numpy(c), even(len(p))) for c in draws]
    held = sum(e.low <= truth + 1e-12 and truth - 1e-12 <= e.high for e in estimates)
    # At a coverage of 93 %, fewer than 84 of 100 happen once in 1,500 tests.
    assert held >= 84


def test_three_equal_modes_are_known_closely():
    # The plug-in value varies by 4e-4; what is unknown is the mass on the five unseen modes.
    estimate = histogram_kl(torch.tensor([834, 833, 833, 0, 0, 0, 0, 0]), even(8))
    assert estimate.value == pytest.approx(math.log(8 / 3), abs=1e-5)
    assert 0.01 < estimate.high - estimate.low < 0.03


@given(st.lists(st.integers(0, 500), min_size=1, max_size=30))
def test_value_and_interval_are_in_range(counts):
    estimate = histogram_kl(torch.tensor(counts), even(len(counts)))
    assert estimate.defined == (sum(counts) > 0)
    if estimate.defined:
        assert 0 <= estimate.low <= estimate.value <= estimate.high
        assert estimate.value <= math.log(len(counts)) + 1e-12
        assert estimate.n == sum(counts)


def test_a_flat_histogram_still_has_an_interval():
    estimate = histogram_kl(torch.full((8,), 300), even(8))
    assert estimate.value == estimate.low == 0
    # The ratio of the two chi-squared densities at 0 is exp(-lambda / 2) = .025: 7.38 / 2n.
    assert estimate.high == pytest.approx(-2 * math.log(0.025) / 4800, rel=1e-3)
