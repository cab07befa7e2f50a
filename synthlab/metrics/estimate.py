"""A measured value with its 95 % interval: a number without one is not a measurement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from synthlab.errors import SynthlabError
from synthlab.words import N_, translate

#: Two-sided 95 %: the 0.975 quantile of the standard normal distribution, 1.95996.
Z95 = NormalDist().inv_cdf(0.975)

_UNDEFINED = N_("undefined")


@dataclass(frozen=True)
class Estimate:
    """A value measured on ``n`` samples, with its 95 % confidence interval.

    Attributes:
        value: The estimate, or NaN where the quantity is undefined.
        low: The lower end of the interval.
        high: The upper end.
        n: The number of samples it rests on.

    >>> print(Estimate(0.5, 0.4, 0.6, n=100))
    0.5 [0.4, 0.6]
    >>> f"{proportion(2472, 2500):.3f}"
    '0.989 [0.984, 0.992]'
    """

    value: float
    low: float
    high: float
    n: int

    @property
    def defined(self) -> bool:
        """Whether there is a value; the KL of an empty histogram, for one, has none."""
        return not math.isnan(self.value)

    @classmethod
    def undefined(cls) -> Estimate:
        """The estimate of a quantity that these samples do not define."""
        return cls(math.nan, math.nan, math.nan, 0)

    def __format__(self, spec: str) -> str:
        """The value and its interval, each in the format ``spec`` (``.4g`` without one)."""
        if not self.defined:
            return translate("figures", _UNDEFINED)
        spec = spec or ".4g"
        return f"{self.value:{spec}} [{self.low:{spec}}, {self.high:{spec}}]"

    def __str__(self) -> str:
        return format(self)


def proportion(successes: int, n: int) -> Estimate:
    """A share with Wilson's score interval (Wilson, 1927).

    The interval holds every share that the normal score test does not reject at 5 %. Unlike
    ``p ± 1.96 sqrt(p (1 - p) / n)`` it never leaves [0, 1] and does not shrink to nothing at
    0 or 1.

    Raises:
        SynthlabError: When ``n`` is below 1 or the successes are not between 0 and ``n``.
    """
    if n < 1 or not 0 <= successes <= n:
        raise SynthlabError(
            "A share of {successes} among {n} is not a share.", successes=successes, n=n
        )
    share, z2 = successes / n, Z95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # Rounding may push an end past the share itself at 0 or 1, where it equals the share.
    low, high = max(0.0, centre - half), min(1.0, centre + half)
    return Estimate(share, min(low, share), max(high, share), n)


def mean(values: Sequence[float]) -> Estimate:
    """The mean of independent values with the interval of the central limit theorem.

    Raises:
        SynthlabError: When there are fewer than two values, so that no spread is known.
    """
    n = len(values)
    if n < 2:
        raise SynthlabError("An interval for a mean needs at least two values.")
    centre = math.fsum(values) / n
    variance = math.fsum((v - centre) ** 2 for v in values) / (n - 1)
    half = Z95 * math.sqrt(variance / n)
    return Estimate(centre, centre - half, centre + half, n)
