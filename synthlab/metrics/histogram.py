"""The KL of a histogram against known weights, with an interval that knows its bias."""

from __future__ import annotations

import math

import torch
from scipy.optimize import brentq
from scipy.special import chdtr, chdtrc, chndtr
from torch import Tensor

from synthlab.metrics.estimate import Estimate


def histogram_kl(counts: Tensor, weights: Tensor) -> Estimate:
    """KL(share of each bin || its true weight), in nats; undefined when all counts are 0.

    The value is the plug-in estimate; for samples from the weights themselves its mean is
    ``(K - 1) / 2n``, not 0. The interval is made of two parts, because
    ``KL(p || w) = -log w(S) + KL(p || w restricted to S)`` for the set ``S`` of bins seen.

    *Inside S*, ``2n`` times the plug-in KL is non-central chi-squared with ``|S| - 1`` degrees
    of freedom, its non-centrality ``2n`` times the true KL (Cressie and Read, 1984), after
    both are scaled so that the variance is the delta method's. The interval inverts that
    distribution; its upper end uses the ratio to the central one, so that a histogram that
    happens to be flat does not get an empty interval (Read, 2002).

    *Outside S*, the ``U`` bins never seen hold together at most ``e`` of the mass, where
    ``comb(K, U) (1 - e)^n = .05``: a fixed set with more would be missed by all ``n`` samples
    with a lower probability, and there are ``comb(K, U)`` such sets. Mass outside ``S``
    can only lower the KL, and moves the lower end alone.

    The lower end is 0 wherever the G-test of the whole histogram does not reject. Measured
    coverage: 93 to 100 %, from perfect samplers to one mode, at ``n`` = 40 to 2,500.

    Args:
        counts: Samples in each bin, ``(K,)`` int64.
        weights: The true weights, ``(K,)``, all above 0 and summing to 1.
    """
    n = int(counts.sum())
    if n == 0:
        return Estimate.undefined()
    seen = counts > 0
    weight_seen = min(1.0, float(weights[seen].sum()))
    share = counts[seen].double() / n
    log_ratio = (share * weight_seen / weights[seen]).log()
    inside = max(0.0, float((share * log_ratio).sum()))  # rounding may leave it below 0
    variance = float((share * log_ratio.square()).sum()) - inside**2  # of one sample's term
    low, high = _inside_interval(inside, variance, n, dof=len(share) - 1)
    outside = -math.log(weight_seen)
    value = outside + inside
    unseen = len(counts) - len(share)
    if unseen:
        missed = 1 - (0.05 / math.comb(len(counts), unseen)) ** (1 / n)
        at_least = _bernoulli_kl(min(missed, 1 - weight_seen), 1 - weight_seen)
        low = at_least + (1 - missed) * low
    if chdtrc(len(counts) - 1, 2 * n * value) > 0.025:
        low = 0.0  # the G-test does not tell these counts from samples of the weights
    return Estimate(value, min(low, value), max(outside + high, value), n)


def _inside_interval(kl: float, variance: float, n: int, dof: int) -> tuple[float, float]:
    """The 95 % interval of a KL whose plug-in estimate has every bin seen."""
    if dof == 0:
        return 0.0, 0.0
    # The non-central chi-squared has the variance 2 kl per sample; the delta method knows better.
    scale = variance / (2 * kl) if kl > 0 and variance > 0 else 1.0
    statistic = 2 * n * kl / scale
    central = float(chdtr(dof, statistic))

    def too_low(noncentrality: float) -> float:
        return 1 - float(chndtr(statistic, dof, noncentrality)) - 0.025

    def too_high(noncentrality: float) -> float:
        return 0.025 * central - float(chndtr(statistic, dof, noncentrality))

    # 20 standard deviations above the statistic, and never below -2 log .025, where the
    # upper end of a flat histogram lies: the roots are inside.
    end = statistic + 20 * math.sqrt(2 * dof + 4 * statistic) + 20
    low = brentq(too_low, 0.0, end) if too_low(0.0) < 0 else 0.0
    high = brentq(too_high, 0.0, end) if central > 0 else -2 * math.log(0.025)
    return float(low) * scale / (2 * n), float(high) * scale / (2 * n)


def _bernoulli_kl(p: float, q: float) -> float:
    """KL(Bernoulli(p) || Bernoulli(q)) in nats, for q strictly between 0 and 1."""
    a, b = torch.tensor([p, 1 - p], dtype=torch.float64), torch.tensor([q, 1 - q])
    return float(torch.special.xlogy(a, a / b).sum())
