"""Estimates: Wilson's interval, the mean's interval, and how they print."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from synthlab.errors import SynthlabError
from synthlab.metrics import Estimate, proportion
from synthlab.metrics.estimate import mean

counts = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts)
def test_proportion_has_wilsons_interval(pair):
    successes, n = pair
    share = proportion(successes, n)
    reference = binomtest(successes, n).proportion_ci(method="wilson")
    assert share.value == successes / n
    assert share.low == pytest.approx(reference.low, abs=1e-12)
    assert share.high == pytest.approx(reference.high, abs=1e-12)
    assert 0 <= share.low <= share.value <= share.high <= 1
    assert share.low < share.high


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_no_share_without_samples(successes, n):
    with pytest.raises(SynthlabError):
        proportion(successes, n)


def test_mean_has_the_interval_of_the_central_limit_theorem():
    estimate = mean([1.0, 2.0, 3.0, 4.0])
    # Variance 5/3 with n - 1, standard error sqrt(5/12), times 1.959964.
    assert estimate.value == 2.5
    assert estimate.high - 2.5 == pytest.approx(1.959964 * math.sqrt(5 / 12), abs=1e-6)
    assert estimate.n == 4
    with pytest.raises(SynthlabError):
        mean([1.0])


def test_printing():
    assert str(Estimate(0.98889, 0.984, 0.9924, 2500)) == "0.9889 [0.984, 0.9924]"
    assert f"{Estimate(8.0, 7.0, 8.0, 2500):.0f}" == "8 [7, 8]"
    nothing = Estimate.undefined()
    assert not nothing.defined
    assert str(nothing) == f"{nothing:.3f}" == "undefined"
