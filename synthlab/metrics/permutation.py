"""Permutation tests: a p-value whose null distribution is made, not assumed.

If both sets came from one distribution, the labels "real" and "generated" would mean nothing,
and every way to deal them out would be as likely as the one that was seen. So the test deals them
out again and again and asks how often chance reaches the statistic that was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from synthlab.data.samples import as_samples
from synthlab.data.source import check_count
from synthlab.errors import SynthlabError


@dataclass(frozen=True)
class PermutationTest:
    """The outcome of a permutation test.

    Attributes:
        statistic: What was measured; larger means further apart.
        p_value: ``(1 + #{null >= statistic}) / (1 + permutations)``. Counting the measured
            deal itself keeps it valid: under the null ``P(p <= a) <= a`` (Phipson and Smyth,
            2010). It is never 0.
        null: The statistic of each random deal, ``(permutations,)``.
    """

    statistic: float
    p_value: float
    null: Tensor


def score_test(
    real: object,
    fake: object,
    generator: torch.Generator | None = None,
    permutations: int = 999,
) -> PermutationTest:
    """Do a classifier's held-out scores say more than chance? The statistic is the AUC.

    The AUC is the chance that a random real sample scores higher than a random generated one, ties
    counted half: 1/2 for a classifier that knows nothing. No threshold is involved, so neither
    the scale of the scores nor a classifier that always leans one way matters.

    Args:
        real: Scores of held-out real samples, ``(n,)``; higher means "more likely real".
        fake: Scores of held-out generated samples, ``(m,)``.
        generator: Deals the labels; None means a fixed seed, so that a repeated test agrees.
        permutations: How many deals.

    Raises:
        SynthlabError: When there are no scores on one side, or one is not finite.

    >>> score_test([2.0, 3.0, 4.0, 5.0, 6.0], [-1.0, 0.0, 1.0, -2.0, 1.5]).statistic
    1.0
    """
    a, b = (_scores(s, name) for s, name in ((real, "real"), (fake, "fake")))
    pooled = torch.cat((a, b))
    _, place, size = pooled.unique(return_inverse=True, return_counts=True)
    rank = (size.cumsum(0) - (size - 1) / 2).double()[place]  # (n + m,) midranks, from 1
    deals = _deals(len(a), len(b), permutations, generator)
    sums = torch.cat((rank[: len(a)].sum()[None], deals @ rank))
    auc = (sums - len(a) * (len(a) + 1) / 2) / (len(a) * len(b))
    return _compare(auc)


def energy_test(
    x: object, y: object, generator: torch.Generator | None = None, permutations: int = 999
) -> PermutationTest:
    """Do two sets of samples come from one distribution? The statistic is the energy distance.

    ``E = 2 E|X - Y| - E|X - X'| - E|Y - Y'|`` is 0 exactly when the distributions agree (Szekely
    and Rizzo, 2004). It needs no classifier and no bandwidth. All pairs are compared, so a set
    has at most a few thousand samples.

    Args:
        x: Samples, an array or tensor ``(n, d)``.
        y: Other samples, ``(m, d)``.
        generator: Deals the samples out; None means a fixed seed.
        permutations: How many deals.

    Raises:
        SynthlabError: When a set is not a table of finite numbers, or the widths differ.

    >>> from synthlab.data import Ring
    >>> g = torch.Generator().manual_seed(0)
    >>> real, fake = Ring(radius=2.0).sample(300, g).x, Ring(radius=1.5).sample(300, g).x
    >>> energy_test(real, fake).p_value
    0.001
    """
    a, b = as_samples(x, "x"), as_samples(y, "y")
    if a.shape[1] != b.shape[1]:
        raise SynthlabError(
            "x and y must have as many columns as each other, not {columns} and {others}.",
            columns=a.shape[1],
            others=b.shape[1],
        )
    pooled = torch.cat((a, b))
    distance = torch.cdist(pooled, pooled)  # (N, N)
    deals = _deals(len(a), len(b), permutations, generator)
    measured = torch.zeros(1, len(pooled), dtype=torch.float64)
    measured[:, : len(a)] = 1
    first = torch.cat((measured, deals))  # (1 + P, N): 1 where a sample is dealt to x
    total, row = distance.sum(), distance.sum(1)
    within_x = (first @ distance * first).sum(1)
    to_all = first @ row  # x to x and to y
    between = to_all - within_x
    within_y = total - 2 * between - within_x
    n, m = len(a), len(b)
    return _compare(2 * between / (n * m) - within_x / n**2 - within_y / m**2)


def _deals(n: int, m: int, permutations: int, generator: torch.Generator | None) -> Tensor:
    """Random ways to choose n of n + m: (P, n + m) of zeros and ones."""
    count = check_count(permutations, "permutations", 1)
    generator = generator or torch.Generator().manual_seed(0)
    order = torch.rand(count, n + m, dtype=torch.float64, generator=generator).argsort(1)
    return (order < n).double()


def _compare(statistics: Tensor) -> PermutationTest:
    """The first statistic is the measured one, the others are chance's."""
    measured, null = statistics[0], statistics[1:]
    # Deals that give the same value in exact arithmetic must count as ties after rounding, too.
    reached = int((null >= measured - 1e-12 * (1 + measured.abs())).sum())
    return PermutationTest(float(measured), (1 + reached) / (1 + len(null)), null)


def _scores(values: object, name: str) -> Tensor:
    try:
        scores = torch.as_tensor(values).detach().to("cpu", torch.float64).flatten()
    except (TypeError, ValueError, RuntimeError):
        raise SynthlabError("{name} must be scores: one number a sample.", name=name) from None
    if scores.numel() == 0 or not bool(torch.isfinite(scores).all()):
        raise SynthlabError("{name} must hold finite scores, at least one.", name=name)
    return scores
