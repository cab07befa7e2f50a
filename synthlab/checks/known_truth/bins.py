"""``known-truth.histogram_bins``: choose the bins from the training data alone.

The judge draws the data from densities that it knows, so it also knows the expected held-out
NLL of every histogram exactly: nothing in the verdict depends on a held-out draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from synthlab.checks.core import Property, check
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_

Array = NDArray[Any]

MOST = 1024
#: How far from the best histogram the chosen one may stay, in nats. The exercise says the same.
REGRET = 0.01

#: Samples of each kind. A choice by five-fold cross-validation misses REGRET when a histogram whose
#: expected NLL is 0.01 worse looks better on all n samples. Per sample the difference of the two
#: log-densities has a variance of about 2 * 0.01 (twice their KL, to second order), so that is
#: 0.01 / sqrt(0.02 / 4000) = 4.5 standard errors: 4e-6 for each of some ten such candidates.
SMOOTH, FINE = 4_000, 30_000

#: torch divides whole numbers in float32, so a right log-density may be off by 1e-7 of its size,
#: which is below 10; the smallest of the known mistakes is off by 0.03.
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Truth:
    """Normal bumps on an even floor, cut to [0, 1]."""

    means: Array
    stds: Array
    weights: Array
    floor: float

    @classmethod
    def smooth(cls, rng: np.random.Generator) -> Truth:
        """Broad bumps: few bins are best, and many overfit."""
        return cls(
            rng.uniform(0.25, 0.75, 3), rng.uniform(0.12, 0.2, 3), rng.dirichlet([3] * 3), 0.2
        )

    @classmethod
    def fine(cls, rng: np.random.Generator) -> Truth:
        """Narrow peaks: only many bins see them."""
        return cls(
            rng.uniform(0.1, 0.9, 6), 0.004 * rng.uniform(0.8, 1.2, 6), np.full(6, 1 / 6), 0.3
        )

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Draw n numbers in [0, 1]."""
        kept = np.empty(0)
        while len(kept) < n:
            k = rng.choice(len(self.means), size=n, p=self.weights)
            x = rng.normal(self.means[k], self.stds[k])
            x = np.where(rng.random(n) < self.floor, rng.random(n), x)
            kept = np.concatenate([kept, x[(x >= 0) & (x <= 1)]])
        return kept[:n]

    def mass(self, bins: int) -> Array:
        """The exact probability of each of so many equal bins."""
        edges = np.linspace(0.0, 1.0, bins + 1)
        bumps = (self.weights * ndtr((edges[:, None] - self.means) / self.stds)).sum(1)
        cdf = (1 - self.floor) * (bumps - bumps[0]) + self.floor * edges
        return np.asarray(np.diff(cdf) / cdf[-1])

    def expected_nll(self, train: Array, bins: int) -> float:
        """The held-out NLL of the fitted histogram on infinitely many new samples, in nats."""
        return float(-(self.mass(bins) * log_density(train, bins)).sum())


def log_density(train: Array, bins: int) -> Array:
    """The logarithm of ``(n_b + 1) / (n + B) * B`` in each bin of [0, 1]."""
    counts, _ = np.histogram(train, bins=bins, range=(0.0, 1.0))
    return np.asarray(np.log((counts + 1) / (len(train) + bins) * bins))


@check(
    "known-truth.histogram_bins",
    target=("histogram_nll", "choose_bins"),
    false_fail=1e-4,
    properties=[
        Property(
            "held-out-nll",
            weight=3,
            goal=N_(
                "`histogram_nll` is the mean of `-log q` over the held-out samples, with the "
                "density `(n_b + 1)/(n + B) * B` in bin b."
            ),
            nudge=N_("Test it with one bin: the density is 1 everywhere, so the NLL is 0."),
            method=N_(
                "Count the training samples in each bin, turn the counts into a density (divide "
                "the probability by the width 1/B), look up the bin of each held-out sample."
            ),
        ),
        Property(
            "edges",
            weight=1,
            goal=N_("The sample 1.0 belongs to the last bin."),
            nudge=N_("Which index does `floor(1.0 * B)` give, and is there such a bin?"),
            method=N_("Clamp the index to at most B - 1."),
        ),
        Property(
            "no-overfitting",
            weight=3,
            goal=N_("On smooth data, your choice is within 0.01 nats of the best held-out NLL."),
            nudge=N_("On which samples do you measure the NLL that you minimise?"),
            method=N_(
                "Split the data into five parts. Fit on four, measure on the fifth, in turn, and "
                "average. Take the number of bins with the smallest average."
            ),
        ),
        Property(
            "no-underfitting",
            weight=3,
            goal=N_("On data with fine peaks, your choice is within 0.01 nats of the best, too."),
            nudge=N_("Does your choice look at the values of the data, or at their number alone?"),
            method=N_(
                "Compare candidates up to 1024 bins. A rule such as the square root of n does not "
                "know how narrow the peaks are."
            ),
        ),
    ],
)
def histogram_bins(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """The NLL of a histogram, then the choice on data that the judge knows better."""
    with student.part("held-out-nll"):
        truth = Truth.smooth(rng)
        for n, m, bins in ((300, 200, 12), (40, 500, 64)):
            train, held_out = truth.sample(n, rng), truth.sample(m, rng)
            returned = student.histogram_nll(train, held_out, bins)
            wanted = _nll(train, held_out, bins)
            yield same("held-out-nll", returned, wanted, tolerance=TOLERANCE, case=_CASES[bins])
    with student.part("edges"):
        train = np.concatenate([truth.sample(20, rng), [1.0, 1.0]])
        held_out = np.array([0.05, 1.0, 0.95])
        returned = student.histogram_nll(train, held_out, 10)
        yield same("edges", returned, _nll(train, held_out, 10), tolerance=TOLERANCE)
    for name, truth, n in (
        ("no-overfitting", Truth.smooth(rng), SMOOTH),
        ("no-underfitting", Truth.fine(rng), FINE),
    ):
        with student.part(name):
            yield _choice(student, name, truth, truth.sample(n, rng))


_CASES = {12: N_("With 12 bins"), 64: N_("With more bins than training samples")}


def _nll(train: Array, held_out: Array, bins: int) -> float:
    index = np.minimum((held_out * bins).astype(int), bins - 1)
    return float(-log_density(train, bins)[index].mean())


def _choice(student: Any, name: str, truth: Truth, x: Array) -> Observation:
    chosen = as_array(student.choose_bins(x), (), finite=True)
    bins = float(chosen)
    if chosen.dtype.kind == "b" or bins != int(bins) or not 1 <= bins <= MOST:
        no_count = N_(
            "You choose {n} bin, expected a whole number from 1 to {most}.",
            "You choose {n} bins, expected a whole number from 1 to {most}.",
        )
        return holds(name, False, no_count, n=chosen, most=MOST)
    regret = truth.expected_nll(x, int(bins)) - _best(truth, x)
    return holds(
        name,
        regret <= REGRET,
        N_(
            "{n} bin is {measured} nats above the best on new samples, "
            "expected at most {expected}.",
            "{n} bins are {measured} nats above the best on new samples, "
            "expected at most {expected}.",
        ),
        n=int(bins),
        measured=f"{regret:.4f}",
        expected=REGRET,
    )


def _best(truth: Truth, x: Array) -> float:
    """The smallest expected NLL of all histograms with up to MOST bins."""
    ordered = np.sort(x)
    best = np.inf
    for bins in range(1, MOST + 1):
        edges = np.searchsorted(ordered, np.linspace(0.0, 1.0, bins + 1)[1:-1])
        counts = np.diff(np.concatenate([[0], edges, [len(x)]]))
        log_q = np.log((counts + 1) / (len(x) + bins) * bins)
        best = min(best, float(-(truth.mass(bins) * log_q).sum()))
    return best
