"""Mode coverage, sample quality and the KL of the mode histogram: always the three together.

Each one alone can be fooled: samples spread evenly over the ring's circle cover all 8 modes
with a KL of .02, and only 8 % of them lie on a mode; a generator with one perfect mode has the
best quality there is. The customary protocol (Srivastava et al., 2017; Lin et al., 2018) is
kept: a sample belongs to its nearest mode, it is of *high quality* within 3 standard
deviations of it, and 2,500 samples are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from scipy.special import bdtr, bdtrc
from torch import Tensor

from synthlab.data import GaussianMixture
from synthlab.data.samples import as_samples
from synthlab.errors import SynthlabError
from synthlab.metrics.estimate import Estimate, proportion
from synthlab.metrics.histogram import histogram_kl

#: A sample is of high quality within this many standard deviations of its nearest mode.
SIGMAS = 3.0

#: A mode is reached when at least this share of all samples is of high quality and on it.
#: 2,500 samples can tell for up to 25 modes: an unseen one is below 1/400 at 95 %.
REACHED = 1 / 400


@dataclass(frozen=True)
class ModeReport:
    """The three measures of one set of samples.

    Attributes:
        modes: See `modes_covered`.
        high_quality: See `high_quality`.
        kl: See `mode_kl`.
        counts: The number of high-quality samples on each mode, in the source's order.
    """

    modes: Estimate
    high_quality: Estimate
    kl: Estimate
    counts: tuple[int, ...]

    def __repr__(self) -> str:
        return f"modes={self.modes}, high_quality={self.high_quality:.3f}, kl={self.kl:.3f}"


def mode_report(x: object, source: GaussianMixture) -> ModeReport:
    """Modes covered, share of high quality and KL of the mode histogram.

    Args:
        x: Generated samples, an array or tensor ``(n, 2)``; customarily 2,500 of them.
        source: The mixture that they should come from.

    Raises:
        SynthlabError: When ``x`` is not a table of finite numbers ``(n, 2)`` or the source has
            no modes.

    >>> from synthlab.data import Ring
    >>> ring = Ring(modes=8, radius=2.0, std=0.02)
    >>> one_mode = ring.means[:1].repeat(2500, 1)
    >>> report = mode_report(one_mode, ring)
    >>> report.modes.value, report.high_quality.value, round(report.kl.value, 4)
    (1.0, 1.0, 2.0794)
    """
    counts, n = _count(x, source)
    return ModeReport(
        modes=_modes(counts, source.weights, n),
        high_quality=proportion(int(counts.sum()), n),
        kl=histogram_kl(counts, source.weights),
        counts=tuple(counts.tolist()),
    )


def modes_covered(x: object, source: GaussianMixture) -> Estimate:
    """The number of modes with at least one high-quality sample.

    The interval answers a question that does not depend on the number of samples: how many
    modes does the generator *reach*, that is, put at least 1/400 of all its samples on, with
    high quality (a tenth of the mode's true weight, where that is less)? Each mode is judged
    by an exact binomial test (Clopper-Pearson) at 5 %, divided by the number of modes
    (Bonferroni). ``low`` counts the modes that are certainly reached; ``high`` adds those
    that cannot be ruled out. So one stray sample raises the value and not ``low``, and with
    100 samples no unseen mode can be ruled out.

    Takes and raises what `mode_report` does.
    """
    counts, n = _count(x, source)
    return _modes(counts, source.weights, n)


def high_quality(x: object, source: GaussianMixture) -> Estimate:
    """The share of samples within 3 standard deviations of their nearest mode, in [0, 1].

    A perfect sampler scores ``1 - e^-4.5`` = 98.89 % (in the plane the squared distance over
    the variance is chi-squared with 2 degrees of freedom). More than that means modes that are
    too narrow. The interval is Wilson's (see `proportion`).

    Takes and raises what `mode_report` does.
    """
    counts, n = _count(x, source)
    return proportion(int(counts.sum()), n)


def mode_kl(x: object, source: GaussianMixture) -> Estimate:
    """KL(histogram of modes || the source's weights) over high-quality samples, in nats.

    This is the "reverse KL" of the mode-collapse papers. It is undefined, not 0, when no
    sample is of high quality: then there is no histogram. A generator with one of K equal modes
    has log K, which is the maximum.

    The value is the plug-in estimate, as in the papers. It has a floor: for a perfect sampler
    its mean is ``(K - 1) / 2n``, that is .0014 for 8 modes and 2,500 samples and .0049 for 25.
    The interval knows this floor; `histogram_kl` says how.

    Takes and raises what `mode_report` does.
    """
    counts, _ = _count(x, source)
    return histogram_kl(counts, source.weights)


def _count(x: object, source: GaussianMixture) -> tuple[Tensor, int]:
    """High-quality samples on each mode, ``(K,)`` int64, and the number of all samples."""
    if not isinstance(source, GaussianMixture):
        raise SynthlabError(
            "{type} has no modes to count; measure on a Ring, a Grid or another GaussianMixture.",
            type=type(source).__name__,
        )
    points = as_samples(x, "x", source.kind)
    counts = torch.zeros(len(source.means), dtype=torch.int64)
    for part in torch.split(points, 1 << 16):
        squared = (part[:, None] - source.means).square().sum(-1)  # (n, K)
        nearest, mode = squared.min(dim=1)
        good = mode[nearest <= (SIGMAS * source.std) ** 2]
        counts += torch.bincount(good, minlength=len(counts))
    return counts, len(points)


def _modes(counts: Tensor, weights: Tensor, n: int) -> Estimate:
    seen, threshold = counts.numpy(), (weights / 10).clamp(max=REACHED).numpy()
    level = 0.05 / len(seen)
    certain = bdtrc(seen - 1, n, threshold) <= level  # P(as many or more | just reached)
    excluded = bdtr(seen, n, threshold) <= level  # P(as few or fewer | just reached)
    value = int((seen > 0).sum())
    low, high = int(certain.sum()), len(seen) - int(excluded.sum())
    # With very many samples a seen mode can be ruled out as reached; the value still counts it.
    return Estimate(float(value), float(low), float(max(high, value)), n)
