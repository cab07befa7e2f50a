"""Excess NLL: how far a model's likelihood stays from what the truth itself would reach."""

from __future__ import annotations

import math
from typing import Protocol

import torch
from torch import Tensor

from synthlab.data import Density
from synthlab.errors import SynthlabError
from synthlab.metrics.estimate import Estimate, mean


class Likelihood(Protocol):
    """What is measured: anything with a normalised ``log_prob``."""

    def log_prob(self, x: Tensor) -> Tensor:
        """The log-density of each sample, ``(n, ...) -> (n,)``, in nats."""
        ...


@torch.no_grad()
def excess_nll(model: Likelihood, source: Density, x: Tensor) -> Estimate:
    """``E[log p(x) - log q(x)]`` in nats, over held-out samples ``x`` of the source.

    Its expectation is ``NLL - H = KL(p || q)``: 0 for the truth, never below. The estimate is
    *paired*: both log-densities are taken at the same samples, so the luck of the draw, which
    moves the NLL and the sample's own entropy together, cancels. The interval is that of the
    central limit theorem for the differences. An estimate may fall below 0; what it estimates
    cannot. Where the model gives a sample no density at all, the excess is infinite.

    Args:
        model: What is measured.
        source: The truth.
        x: Samples of the source that the model was not fitted to, ``(n, ...)``, two or more.

    Raises:
        SynthlabError: When a log-density is NaN, or the source itself excludes a sample.

    >>> from synthlab.data import Line
    >>> x = Line().sample(1000, torch.Generator().manual_seed(0)).x
    >>> print(excess_nll(Line(), Line(), x))
    0 [0, 0]
    """
    log_p, log_q = source.log_prob(x).double(), model.log_prob(x).double()
    if log_q.shape != log_p.shape:
        raise SynthlabError(
            "log_prob must return one number a sample, {expected}, not {measured}.",
            expected=tuple(log_p.shape),
            measured=tuple(log_q.shape),
        )
    if bool(torch.isnan(log_q).any() | ~torch.isfinite(log_p).all()):
        raise SynthlabError(
            "A log-density is not a number, or a sample is impossible under the source: "
            "the samples must come from the source, and the model must be fitted."
        )
    if bool(torch.isinf(log_q).any()):
        return Estimate(math.inf, math.inf, math.inf, len(log_q))
    return mean((log_p - log_q).tolist())
