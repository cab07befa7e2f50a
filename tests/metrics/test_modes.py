"""Modes, quality and KL on samples whose true scores are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from synthlab.data import Checkerboard, GaussianMixture, Grid, Ring
from synthlab.errors import SynthlabError
from synthlab.metrics import high_quality, mode_kl, mode_report, modes_covered

RING = Ring(modes=8, radius=2.0, std=0.02)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def on_modes(source, counts) -> torch.Tensor:
    """Samples that lie exactly on the centres, so many on each."""
    return source.means.repeat_interleave(torch.as_tensor(counts), dim=0)


@pytest.mark.parametrize("source", [RING, Grid()], ids=repr)
def test_a_perfect_sampler_scores_98_89_percent(source):
    n = 100_000
    report = mode_report(source.sample(n, seeded()).x, source)
    ceiling = 1 - math.exp(-4.5)  # chi-squared with 2 degrees of freedom is at most 3^2
    assert abs(report.high_quality.value - ceiling) < 5 * math.sqrt(ceiling * (1 - ceiling) / n)
    assert report.high_quality.low < ceiling < report.high_quality.high
    k = len(source.means)
    assert (report.modes.value, report.modes.low, report.modes.high) == (k, k, k)
    assert report.kl.low == 0
    assert sum(report.counts) == report.kl.n


@pytest.mark.parametrize("factor", [0.02, 0.5, 1.5, 7.07])
def test_quality_of_modes_with_another_std(factor):
    # std^2 in place of std is the factor .02 (all of high quality: above the ceiling);
    # sqrt(std) is 7.07. A radius of 3 std holds 1 - exp(-9 / (2 factor^2)) of the samples.
    n = 20_000
    x = Ring(std=0.02 * factor).sample(n, seeded()).x
    expected = 1 - math.exp(-4.5 / factor**2)
    error = 5 * math.sqrt(expected * (1 - expected) / n) + 1e-12
    assert high_quality(x, RING).value == pytest.approx(expected, abs=error)


def test_samples_spread_over_the_circle():
    n = 100_000
    angle = 2 * math.pi * (torch.arange(n, dtype=torch.float64) + 0.5) / n
    report = mode_report(2 * torch.stack((angle.cos(), angle.sin()), dim=1), RING)
    # A chord of 3 std spans 2 asin(3 std / 2r) on either side of each of 8 centres: 7.64 %.
    # Each of the 16 ends may cut one sample off.
    share = 8 * 2 * 2 * math.asin(3 * 0.02 / 4) / (2 * math.pi)
    assert report.high_quality.value == pytest.approx(share, abs=16 / n)
    assert (report.modes.low, report.modes.value, report.modes.high) == (8, 8, 8)
    assert report.kl.value < 1e-6


def test_one_mode_has_the_largest_kl():
    report = mode_report(on_modes(RING, [0, 0, 2500, 0, 0, 0, 0, 0]), RING)
    assert report.kl.value == pytest.approx(math.log(8))
    assert report.kl.high == pytest.approx(math.log(8))
    assert report.high_quality.value == 1
    assert (report.modes.low, report.modes.value, report.modes.high) == (1, 1, 1)
    # An unseen set of 7 modes with more than e has 8 (1 - e)^2500 < .05: e = .002. Moving it
    # there changes the KL from log 8 to e log(e / 7/8) + (1 - e) log(8 (1 - e)) = 2.061.
    assert report.kl.low == pytest.approx(2.061, abs=5e-4)


def test_seven_equal_modes_of_eight():
    assert mode_kl(on_modes(RING, [100] * 7 + [0]), RING).value == pytest.approx(math.log(8 / 7))


def test_no_sample_of_high_quality_leaves_the_kl_undefined():
    report = mode_report(torch.zeros(2500, 2), RING)
    assert (report.modes.value, report.modes.high, report.high_quality.value) == (0, 0, 0)
    assert not report.kl.defined
    assert math.isnan(report.kl.value)


def test_the_edge_is_three_standard_deviations():
    source = GaussianMixture(means=[[0.0, 0.0], [10.0, 0.0]], std=1.0)
    x = [[2.99, 0.0], [3.01, 0.0], [0.0, -2.99], [10.0, 3.01], [2.2, 2.2], [2.1, 2.1]]
    # |(2.2, 2.2)| = 3.11 and |(2.1, 2.1)| = 2.97: a circle, not a square.
    assert mode_report(x, source).counts == (3, 0)


def test_a_sample_belongs_to_its_nearest_mode_alone():
    source = GaussianMixture(means=[[0.0, 0.0], [1.0, 0.0]], std=1.0)  # 3 std reach both
    assert mode_report([[0.4, 0.0], [0.6, 0.0], [0.6, 0.0]], source).counts == (1, 2)


def test_kl_is_measured_against_the_true_weights():
    source = GaussianMixture(means=[[0.0, 0.0], [9.0, 0.0]], std=1.0, weights=[0.9, 0.1])
    assert mode_kl(on_modes(source, [900, 100]), source).value == pytest.approx(0, abs=1e-12)
    even = mode_kl(on_modes(source, [500, 500]), source).value
    assert even == pytest.approx(0.5 * math.log(0.5 / 0.9) + 0.5 * math.log(0.5 / 0.1))


def test_few_samples_cannot_rule_a_mode_out():
    x = on_modes(RING, [30, 30, 40, 0, 0, 0, 0, 0])
    estimate = modes_covered(x, RING)
    assert (estimate.low, estimate.value, estimate.high) == (3, 3, 8)


def test_one_stray_sample_counts_but_is_not_certain():
    estimate = modes_covered(on_modes(RING, [800, 800, 899, 1, 0, 0, 0, 0]), RING)
    assert (estimate.low, estimate.value, estimate.high) == (3, 4, 4)


def test_interval_of_the_modes_holds_the_truth_95_percent_of_the_time():
    # Six modes are plain; the seventh is reached (.4 % of samples, above 1/400), the last not.
    p = np.array([0.995 / 6] * 6 + [0.004, 0.001])
    draws = np.random.default_rng(0).multinomial(2500, p, size=150)
    estimates = [modes_covered(on_modes(RING, counts), RING) for counts in draws]
    held = sum(e.low <= 7 <= e.high for e in estimates)
    assert held >= 142.5 - 3 * math.sqrt(150 * 0.95 * 0.05)
    # It is an interval, not the whole range: the plain modes are never in doubt.
    assert all(e.low >= 6 and e.high <= 8 for e in estimates)


@pytest.mark.parametrize("kind", [np.asarray, lambda x: x.float(), lambda x: x.tolist()])
def test_arrays_tensors_and_lists(kind):
    x = RING.sample(200, seeded()).x.double()
    assert mode_report(kind(x), RING) == mode_report(x, RING)


@pytest.mark.parametrize(
    ("x", "source"),
    [
        (torch.zeros(5), RING),
        (torch.zeros(5, 3), RING),
        (torch.zeros(0, 2), RING),
        ([[0.0, math.nan]], RING),
        ([[0.0, math.inf]], RING),
        ("samples", RING),
        (None, RING),
        (torch.zeros(5, 2), Checkerboard()),
    ],
)
@pytest.mark.parametrize("measure", [mode_report, modes_covered, high_quality, mode_kl])
def test_bad_input_gets_one_sentence(measure, x, source):
    with pytest.raises(SynthlabError) as caught:
        measure(x, source)
    assert str(caught.value).endswith(".")
