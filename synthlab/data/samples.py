"""Samples as they come, from torch, numpy or a list, made into one checked tensor."""

from __future__ import annotations

import torch
from torch import Tensor

from synthlab.errors import SynthlabError


def as_samples(x: object, name: str, dim: int | None = None) -> Tensor:
    """``x`` as a float64 tensor ``(n, d)`` without gradients.

    Raises:
        SynthlabError: When it holds no table of finite numbers with at least one row, or when
            ``d`` is not ``dim``.
    """
    try:
        points = torch.as_tensor(x).detach().to("cpu", torch.float64)
    except (TypeError, ValueError, RuntimeError):
        raise SynthlabError(
            "{name} must be a table of numbers, one sample a row.", name=name
        ) from None
    columns = "d" if dim is None else dim
    if points.ndim != 2 or (dim is not None and points.shape[1] != dim):
        raise SynthlabError(
            "{name} must have the shape (n, {columns}), not {shape}.",
            name=name,
            columns=columns,
            shape=tuple(points.shape),
        )
    if points.numel() == 0:
        raise SynthlabError("{name} holds no samples.", name=name)
    bad = int((~torch.isfinite(points)).any(dim=1).sum())
    if bad:
        raise SynthlabError(
            "{name} holds {bad} samples that are not finite (NaN or infinity); if a model "
            "made them, its training has diverged.",
            name=name,
            bad=bad,
        )
    return points
