"""The classifier two-sample test: can a classifier tell generated samples from real ones?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from scipy.special import bdtrc
from torch import Tensor

from synthlab.data.samples import as_samples
from synthlab.errors import SynthlabError
from synthlab.metrics.estimate import Estimate, proportion

#: Below this many samples on each side, no accuracy on the held-out half has a p-value of 5 %.
FEWEST = 10

#: Length scales of the random features, in standard deviations of the pooled data.
_SCALES = (2.0, 0.5, 0.125)
_FEATURES = 64  # per scale
_RIDGE = 0.1
_NEWTON_STEPS = 8


@dataclass(frozen=True)
class TwoSampleTest:
    """The outcome of a classifier two-sample test.

    Attributes:
        accuracy: The classifier's accuracy on held-out samples; 0.5 means that it cannot tell.
        p_value: The chance of this accuracy or a higher one if both sets came from the same
            distribution.
    """

    accuracy: Estimate
    p_value: float


def classifier_test(
    x: object, y: object, generator: torch.Generator | None = None
) -> TwoSampleTest:
    """Test whether two sets of samples come from one distribution (Lopez-Paz & Oquab, 2017).

    Half of each set trains a logistic regression on linear, quadratic and random Fourier features
    at three length scales (Rahimi and Recht, 2007); the other half measures its accuracy. The
    larger set is thinned to the size of the smaller, so that guessing scores 1/2.

    The p-value is the binomial tail ``P(Bin(m, 1/2) >= correct)`` over the ``m`` held-out
    samples. It is valid for any classifier: under the null, one that says "x" with
    probability ``a`` gets ``Bin(m/2, a) + Bin(m/2, 1 - a)`` right, whose mean is ``m / 2`` and
    which is less spread than ``Bin(m, 1/2)`` (Hoeffding, 1956). A test with a high p-value
    does not say that the sets are the same; it says that this classifier saw no difference.

    Args:
        x: Samples, an array or tensor ``(n, d)``.
        y: Other samples, ``(m, d)``; each set needs at least 10.
        generator: Chooses the halves and the features. None means a fixed seed, so that a
            repeated test gives the same answer.

    Raises:
        SynthlabError: When a set is not a table of finite numbers, is too small, or the two
            have different numbers of columns.

    >>> from synthlab.data import Ring
    >>> g = torch.Generator().manual_seed(0)
    >>> real, fake = Ring(radius=2.0).sample(1000, g).x, Ring(radius=1.9).sample(1000, g).x
    >>> classifier_test(real, fake).p_value < 1e-6
    True
    """
    a, b = as_samples(x, "x"), as_samples(y, "y")
    if a.shape[1] != b.shape[1]:
        raise SynthlabError(
            "x and y must have as many columns as each other, not {columns} and {others}.",
            columns=a.shape[1],
            others=b.shape[1],
        )
    n = min(len(a), len(b))
    if n < FEWEST:
        raise SynthlabError(
            "The test needs at least {fewest} samples of each set, not {n}.", fewest=FEWEST, n=n
        )
    generator = generator or torch.Generator().manual_seed(0)
    a = a[torch.randperm(len(a), generator=generator)[:n]]
    b = b[torch.randperm(len(b), generator=generator)[:n]]
    half = n // 2
    says_a = _fit(a[:half], b[:half], generator)
    correct = int(says_a(a[half:]).sum()) + int((~says_a(b[half:])).sum())
    held_out = 2 * (n - half)
    p_value = float(bdtrc(correct - 1, held_out, 0.5))
    return TwoSampleTest(proportion(correct, held_out), p_value)


def _fit(a: Tensor, b: Tensor, generator: torch.Generator) -> Callable[[Tensor], Tensor]:
    """Logistic regression of ``a`` (label 1) against ``b`` (label 0); returns its decision."""
    features = _features(torch.cat((a, b)), generator)
    rows = features(torch.cat((a, b)))  # (2m, F)
    label = torch.cat((torch.ones(len(a)), torch.zeros(len(b)))).double()
    beta = torch.zeros(rows.shape[1], dtype=torch.float64)
    ridge = _RIDGE * torch.eye(rows.shape[1], dtype=torch.float64)
    for _ in range(_NEWTON_STEPS):  # Newton's method on the penalised log-likelihood
        p = torch.sigmoid(rows @ beta)
        gradient = rows.T @ (p - label) + ridge @ beta
        hessian = (rows.T * (p * (1 - p))) @ rows + ridge
        beta = beta - torch.linalg.solve(hessian, gradient)
    return lambda x: features(x) @ beta > 0


def _features(pooled: Tensor, generator: torch.Generator) -> Callable[[Tensor], Tensor]:
    """The map ``(n, d) -> (n, F)``: 1, linear, quadratic and random Fourier features."""
    d = pooled.shape[1]
    centre, spread = pooled.mean(dim=0), pooled.std(dim=0)
    spread = torch.where(spread > 0, spread, 1.0)  # a constant column tells nothing
    waves = torch.randn(len(_SCALES), _FEATURES, d, dtype=torch.float64, generator=generator)
    waves = (waves / torch.tensor(_SCALES)[:, None, None]).reshape(-1, d)  # (3 * 64, d)
    phase = 2 * math.pi * torch.rand(len(waves), dtype=torch.float64, generator=generator)
    i, j = torch.triu_indices(d, d)

    def features(x: Tensor) -> Tensor:
        z = (x - centre) / spread
        fourier = torch.cos(z @ waves.T + phase)
        return torch.cat((torch.ones(len(z), 1), z, z[:, i] * z[:, j], fourier), dim=1)

    return features
