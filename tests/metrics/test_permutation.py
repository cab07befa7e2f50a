"""Permutation tests: uniform under the null, powerful beside it, exact on small examples."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

from synthlab.data import Ring
from synthlab.errors import SynthlabError
from synthlab.metrics import energy_test, score_test


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def ks(p_values):
    """The largest distance of their empirical distribution from the uniform one."""
    p = torch.tensor(sorted(p_values), dtype=torch.float64)
    at = torch.arange(len(p) + 1) / len(p)
    return float(torch.maximum(at[1:] - p, p - at[:-1]).max())


#: P(sup |F_n - F| > t) <= 2 exp(-2 n t^2) (Dvoretzky, Kiefer, Wolfowitz; Massart 1990): 1e-5 for
#: 300 p-values. Discreteness of 199 deals adds 1/200.
LIMIT = math.sqrt(math.log(2 / 1e-5) / (2 * 300)) + 1 / 200


def test_scores_are_uniform_under_the_null():
    found = []
    for seed in range(300):
        g = seeded(seed)
        scores = 3 + 2 * torch.randn(60, generator=g)  # a classifier that always says "real"
        found.append(score_test(scores[:20], scores[20:], g, permutations=199).p_value)
    assert ks(found) < LIMIT


def test_energy_is_uniform_under_the_null():
    ring, found = Ring(std=0.2), []
    for seed in range(300):
        g = seeded(seed)
        x, y = ring.sample(30, g).x, ring.sample(20, g).x
        found.append(energy_test(x, y, g, permutations=199).p_value)
    assert ks(found) < LIMIT


def test_both_see_a_planted_shift():
    g = seeded()
    # The AUC of a shift of one std has the mean Phi(1/sqrt 2) = .76; 80 + 80 scores put it
    # sqrt(12 * 80 * 80 / 161) * .26 = 5.7 standard errors above one half.
    a, b = torch.randn(80, generator=g) + 1, torch.randn(80, generator=g)
    assert score_test(a, b, g).p_value == 0.001
    assert score_test(b, a, g).p_value > 0.9  # one-sided
    one_mode = Ring(modes=8).sample(200, g).x
    lost = Ring(modes=7).sample(200, g).x
    assert energy_test(one_mode, lost, g).p_value < 0.01


def test_small_sets_agree_with_enumeration():
    real, fake = [0.3, 2.0, 1.0], [0.1, 1.0, -1.0]  # with a tie

    def auc(a, b):
        return sum((x > y) + 0.5 * (x == y) for x in a for y in b) / (len(a) * len(b))

    pooled, n = real + fake, len(real)
    deals = [
        auc([pooled[i] for i in chosen], [pooled[i] for i in range(6) if i not in chosen])
        for chosen in itertools.combinations(range(6), n)
    ]
    exact = sum(d >= auc(real, fake) - 1e-12 for d in deals) / len(deals)
    found = score_test(real, fake, seeded(), permutations=20_000)
    assert found.statistic == pytest.approx(auc(real, fake))
    # four standard errors of a share of 20,000
    assert found.p_value == pytest.approx(exact, abs=4 * 0.5 / 20_000**0.5)


def test_energy_distance_by_hand():
    # X = {0, 2}, Y = {1}: 2 * 1 - 1 - 0 = 1
    assert energy_test([[0.0], [2.0]], [[1.0]], permutations=5).statistic == pytest.approx(1.0)
    same = torch.randn(40, 2, generator=seeded())
    assert energy_test(same, same).statistic == pytest.approx(0.0, abs=1e-12)
    assert energy_test(same, same).p_value == 1


def test_p_values_are_never_zero_and_repeat():
    test = score_test([5.0] * 9, [0.0] * 9, permutations=99)
    assert test.p_value == 0.01
    assert torch.equal(test.null, score_test([5.0] * 9, [0.0] * 9, permutations=99).null)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: score_test([], [1.0]),
        lambda: score_test([math.nan], [1.0]),
        lambda: score_test("a", [1.0]),
        lambda: score_test([1.0], [1.0], permutations=0),
        lambda: energy_test([[0.0]], [[0.0, 1.0]]),
    ],
)
def test_bad_input_gets_a_sentence(wrong):
    with pytest.raises(SynthlabError):
        wrong()
