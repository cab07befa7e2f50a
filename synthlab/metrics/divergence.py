"""Divergences of two sources that know their density, from samples."""

from __future__ import annotations

import math

import torch
from torch.nn.functional import softplus

from synthlab.data import Density
from synthlab.data.source import check_count, use_generator
from synthlab.metrics.estimate import Estimate, mean
from synthlab.metrics.likelihood import Likelihood, excess_nll


def kl_divergence(
    p: Density, q: Likelihood, n: int = 10_000, generator: torch.Generator | None = None
) -> Estimate:
    """KL(p || q) in nats, by Monte Carlo with ``n`` samples of ``p``.

    It is the excess NLL of ``q`` on fresh samples; infinite as soon as ``q`` excludes one of
    them. A ``q`` that is tiny where ``p`` seldom goes makes the interval too narrow: the rare
    samples that would matter most may not have been drawn. `kl_quadrature` has no such blind spot.

    >>> from synthlab.data import Line
    >>> g = torch.Generator().manual_seed(0)
    >>> print(f"{kl_divergence(Line(), Line(mean=1.0), generator=g):.2f}")  # exact: 1/2
    0.51 [0.49, 0.53]
    """
    x = p.sample(check_count(n, "n", 2), use_generator(generator)).x
    return excess_nll(q, p, x.double())


def js_divergence(
    p: Density, q: Density, n: int = 10_000, generator: torch.Generator | None = None
) -> Estimate:
    """JSD(p, q) in nats, between 0 and log 2, by Monte Carlo with ``n`` samples of each source.

    ``JSD = 1/2 E_p[log 2p/(p+q)] + 1/2 E_q[log 2q/(p+q)]``. Each term is a softplus of
    ``log p - log q``, so nothing overflows where the sources do not overlap. It is what the
    optimal discriminator knows: ``V(D*) = 2 JSD - log 4`` (Goodfellow et al., 2014, Theorem 1).
    The interval is that of the central limit theorem.

    >>> from synthlab.data import Ring
    >>> g = torch.Generator().manual_seed(0)
    >>> same = js_divergence(Ring(), Ring(), generator=g)
    >>> apart = js_divergence(Ring(), Ring(radius=9.0), generator=g)
    >>> same.value, bool(abs(apart.value - math.log(2)) < 1e-9)
    (0.0, True)
    """
    check_count(n, "n", 2)
    generator = use_generator(generator)
    terms = []
    for source, sign in ((p, 1.0), (q, -1.0)):
        x = source.sample(n, generator).x.double()
        log_ratio = sign * (p.log_prob(x) - q.log_prob(x))
        terms.append(math.log(2) - softplus(-log_ratio))  # log 2p/(p+q), or log 2q/(p+q)
    # The two sets are drawn in pairs, so that their mean has one spread.
    return mean(((terms[0] + terms[1]) / 2).tolist())
