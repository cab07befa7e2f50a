"""Helper code of unit ``mode-collapse`` that runs beside the learner's code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn


def linear_critic(weight: Tensor, bias: float) -> nn.Module:
    """The critic ``w . x + b``, whose slope is w everywhere: x (B, I) -> (B,)."""
    layer = nn.Linear(len(weight), 1, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight[None])
        layer.bias.fill_(bias)
    return nn.Sequential(layer, nn.Flatten(0))


def refusal(function: Callable[..., object], *arguments: object) -> list[str]:
    """The classes of the exception that a call ends with, its own first; none when it returns."""
    try:
        function(*arguments)
    except NotImplementedError:
        raise
    except Exception as error:
        return [kind.__name__ for kind in type(error).__mro__]
    return []


def repeated(normalise: Callable[..., Any], matrix: Tensor, u: Tensor, calls: int) -> Tensor | None:
    """The matrix that the last of some calls returns; each gets the u of the one before.

    None when one of them does not return two tensors, the second of u's shape.
    """
    scaled = matrix
    for _ in range(calls):
        pair = _two_tensors(normalise(matrix, u))
        if pair is None or pair[1].shape != u.shape:
            return None
        scaled, u = (tensor.detach() for tensor in pair)
    return scaled


def weighted_sum(normalise: Callable[..., Any], matrix: Tensor, u: Tensor, by: Tensor) -> object:
    """``sum(by * scaled)`` over the matrix that a call returns; None without such a matrix."""
    pair = _two_tensors(normalise(matrix, u))
    return (by * pair[0]).sum() if pair is not None and pair[0].shape == by.shape else None


def _two_tensors(found: object) -> tuple[Tensor, Tensor] | None:
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        return None
    first, second = found
    both = isinstance(first, Tensor) and isinstance(second, Tensor)
    return (first, second) if both else None


def kept(function: Callable[..., Any], *tensors: Tensor) -> bool:
    """Whether a call leaves the tensors that it is given as they are."""
    given = [tensor.clone() for tensor in tensors]
    function(*given)
    return all(torch.equal(a, b) for a, b in zip(given, tensors, strict=True))
