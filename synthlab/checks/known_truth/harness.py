"""Helper code of unit ``known-truth`` that runs beside the learner's code."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def p_values(
    p_value: Callable[[Tensor, Tensor, torch.Generator], float],
    real: Tensor,
    fake: Tensor,
    seed: int,
) -> list[object]:
    """The learner's p-value of every pair of rows: (tests, n) and (tests, m)."""
    draws = torch.Generator().manual_seed(seed)
    return [p_value(a.clone(), b.clone(), draws) for a, b in zip(real, fake, strict=True)]
