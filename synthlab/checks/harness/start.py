"""Helper code of unit ``start`` that runs beside the learner's code."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


def generator(seed: int) -> torch.Generator:
    """A generator with its own seed, to be passed to the learner's function."""
    return torch.Generator().manual_seed(seed)


def linear(weights: Mapping[str, Tensor]) -> nn.Linear:
    """An affine net, (n, i) -> (n, o), with copies of ``weight`` (o, i) and ``bias`` (o,)."""
    outputs, inputs = weights["weight"].shape
    net = nn.Linear(inputs, outputs, dtype=weights["weight"].dtype)
    net.load_state_dict(dict(weights))
    return net


def sgd(net: nn.Module, lr: float = 1.0) -> torch.optim.Optimizer:
    """Plain gradient descent: with lr = 1 a parameter moves by exactly minus its gradient."""
    return torch.optim.SGD(net.parameters(), lr=lr)


def backward(function: Callable[..., Any], *arguments: Any) -> Tensor | None:
    """Call the function and propagate back from what it returns.

    Returns its value; None when nothing could propagate back from it.
    """
    value = function(*arguments)
    if not isinstance(value, Tensor) or not value.requires_grad or value.numel() != 1:
        return None
    value.backward()
    return value.detach()


def slope(function: Callable[[Tensor], Tensor], a: Tensor) -> Tensor | None:
    """The gradient of the sum of what the function returns; None when there is none."""
    leaf = a.clone().requires_grad_()
    value = function(leaf)
    if not isinstance(value, Tensor) or not value.requires_grad:
        return None
    (found,) = torch.autograd.grad(value.sum(), leaf, allow_unused=True)
    return found


def leaves_global_state(function: Callable[..., Any], *arguments: Any) -> bool:
    """Whether a call leaves the global generators of torch, numpy and Python as they were."""

    def state() -> tuple[object, ...]:
        kept: Any = np.random.get_state()  # noqa: NPY002 - it is the global one that counts
        return (torch.get_rng_state().tolist(), kept[1].tolist(), kept[2], random.getstate())

    before = state()
    function(*arguments)
    return state() == before
