"""``start.log_sum_exp``: a stable log-sum-exp, and the cross-entropy made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from scipy.special import logsumexp

from synthlab.checks.core import Property, check
from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_

TOLERANCE = 1e-9


@check(
    "start.log_sum_exp",
    target=("log_sum_exp", "cross_entropy"),
    properties=[
        Property(
            "value",
            weight=2,
            goal=N_("`log_sum_exp(a)` is the logarithm of the sum of `exp(a)`, row by row."),
            nudge=N_("Try a row of two zeros: the answer is log 2."),
            method=N_("Sum over the last axis: from (n, K) to (n,)."),
        ),
        Property(
            "stable",
            weight=3,
            goal=N_("It is right for entries of 1000 and of -1000, where `exp` overflows or is 0."),
            nudge=N_("What are `exp(1000)` and `log(exp(-1000))` in floating point?"),
            method=N_(
                "Subtract the row's largest entry before `exp`, and add it again after `log`."
            ),
        ),
        Property(
            "gradient",
            weight=1,
            goal=N_("The gradient with respect to a row is its softmax, large entries included."),
            nudge=N_("Does everything between `a` and what you return stay a tensor?"),
            method=N_("Use tensor operations alone; no `item`, no `numpy`, no new `torch.tensor`."),
        ),
        Property(
            "cross-entropy",
            weight=3,
            goal=N_("`cross_entropy` is the mean of minus the log-probability of the right class."),
            nudge=N_("With K equal logits the answer is log K."),
            method=N_(
                "The log-probability of class k is `logits[k]` minus the log-sum-exp of its row. "
                "Pick the right class of each row with `logits[torch.arange(n), labels]`."
            ),
        ),
        Property(
            "takes-logits",
            weight=2,
            goal=N_("The cross-entropy is right where the right class has the probability 0."),
            nudge=N_("Do you take the logarithm of a probability anywhere?"),
            method=N_("Stay with logits: a difference of two logarithms cannot overflow."),
        ),
    ],
)
def log_sum_exp(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Values, the gradient and the loss, at small and at large logits."""
    a = rng.normal(0.0, 2.0, size=(7, 4))
    with student.part("value"):
        wanted = logsumexp(a, axis=1)
        yield same("value", student.log_sum_exp(a), wanted, tolerance=TOLERANCE)
    large = np.array([[1000.0, 999.0, -1000.0], [-1000.0, -1001.0, -1003.0], [5.0, 800.0, 2.0]])
    with student.part("stable"):
        wanted = logsumexp(large, axis=1)
        yield same("stable", student.log_sum_exp(large), wanted, tolerance=TOLERANCE)
    with student.part("gradient"):
        for rows in (a, large):
            returned = student.harness.input_gradient(student.log_sum_exp, rows)
            if returned is None:
                yield holds("gradient", False, _CUT)
                continue
            _, wanted = value_and_grad(lambda a: torch.logsumexp(a, dim=1).sum(), rows)
            yield same("gradient", returned, wanted, tolerance=TOLERANCE)
    with student.part("cross-entropy"):
        for n, k in ((9, 4), (5, 2)):
            logits, labels = rng.normal(0.0, 2.0, size=(n, k)), rng.integers(k, size=n)
            returned = student.cross_entropy(logits, labels)
            yield same("cross-entropy", returned, _loss(logits, labels), tolerance=TOLERANCE)
    with student.part("takes-logits"):
        logits = np.array([[900.0, 0.0, -900.0], [0.0, -900.0, 900.0], [1.0, 2.0, 3.0]])
        labels = np.array([2, 0, 1])
        returned = as_array(student.cross_entropy(logits, labels), ())
        yield same("takes-logits", returned, _loss(logits, labels), tolerance=TOLERANCE)


_CUT = N_("Nothing propagates back from your value to `a`, expected a gradient.")


def _loss(logits: Any, labels: Any) -> float:
    picked = logits[np.arange(len(labels)), labels]
    return float((logsumexp(logits, axis=1) - picked).mean())
