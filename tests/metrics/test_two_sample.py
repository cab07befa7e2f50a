"""The classifier two-sample test: its false positives, its power, its p-value."""

from __future__ import annotations

import math

import pytest
import torch
from scipy.stats import binomtest

from synthlab.data import EightGaussians, Grid, Ring, TwoMoons
from synthlab.errors import SynthlabError
from synthlab.metrics import classifier_test


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("source", [EightGaussians(), Ring()], ids=repr)
def test_false_positives_under_the_null(source):
    rejected, p_values = 0, []
    for seed in range(80):
        g = seeded(seed)
        x, y = source.sample(120, g).x, source.sample(150, g).x
        p_values.append(classifier_test(x, y, g).p_value)
        rejected += p_values[-1] <= 0.05
    # A valid 5 % test rejects 4 of 80 on average, and more than 10 once in 500 tests.
    assert rejected <= 10
    # The p-values are spread out, not all 1: the median of a discrete one lies near 1/2.
    assert 0.3 < sorted(p_values)[40] < 0.75


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (Ring(), Ring(std=0.03)),
        (Ring(), Ring(radius=2.02)),
        (Ring(), Ring(rotation=0.02)),
        (Grid(), Grid(std=0.1)),
        (TwoMoons(std=0.05), TwoMoons(std=0.1)),
    ],
    ids=["std", "radius", "rotation", "grid-std", "moons-std"],
)
def test_power_on_planted_differences(p, q):
    g = seeded()
    assert classifier_test(p.sample(2500, g).x, q.sample(2500, g).x).p_value < 1e-4


def test_a_lost_mode_is_seen():
    g = seeded()
    x, mode = Ring().sample(3000, g)
    assert classifier_test(Ring().sample(2500, g).x, x[mode != 5][:2500]).p_value < 1e-4


def test_p_value_is_the_exact_binomial_tail():
    g = seeded(5)
    test = classifier_test(torch.randn(301, 3, generator=g), torch.randn(400, 3, generator=g) + 0.1)
    held_out = 2 * (301 - 150)  # the smaller set's other half, twice
    assert test.accuracy.n == held_out
    correct = round(test.accuracy.value * held_out)
    reference = binomtest(correct, held_out, 0.5, alternative="greater").pvalue
    assert test.p_value == pytest.approx(reference)


def test_repeated_test_gives_the_same_answer():
    g = seeded()
    x, y = torch.randn(100, 2, generator=g), torch.randn(100, 2, generator=g)
    state = torch.get_rng_state()
    assert classifier_test(x, y) == classifier_test(x, y)
    assert torch.equal(torch.get_rng_state(), state)
    assert classifier_test(x, y, seeded(1)) == classifier_test(x, y, seeded(1))


def test_sets_that_are_one_point_each():
    # A collapsed generator has no spread at all; the features must not divide by it.
    test = classifier_test(torch.zeros(100, 2), torch.ones(100, 2))
    assert test.accuracy.value == 1
    same = classifier_test(torch.zeros(100, 2), torch.zeros(100, 2))
    assert same.accuracy.value == 0.5


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (torch.zeros(5, 2), torch.zeros(100, 2)),
        (torch.zeros(100, 2), torch.zeros(100, 3)),
        (torch.zeros(100), torch.zeros(100)),
        (torch.full((100, 2), math.nan), torch.zeros(100, 2)),
        ("real", "fake"),
    ],
)
def test_bad_input_gets_one_sentence(x, y):
    with pytest.raises(SynthlabError):
        classifier_test(x, y)
