"""Helper code of unit ``start`` that runs beside the learner's code."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


def linear(weights: Mapping[str, Tensor]) -> nn.Linear:
    """An affine net, (n, i) -> (n, o), with copies of ``weight`` (o, i) and ``bias`` (o,)."""
    outputs, inputs = weights["weight"].shape
    net = nn.Linear(inputs, outputs, dtype=weights["weight"].dtype)
    net.load_state_dict(dict(weights))
    return net


def backward(function: Callable[..., Any], *arguments: Any) -> Tensor | None:
    """Call the function and propagate back from what it returns.

    Returns its value; None when nothing could propagate back from it.
    """
    value = function(*arguments)
    if not isinstance(value, Tensor) or not value.requires_grad or value.numel() != 1:
        return None
    value.backward()
    return value.detach()


def leaves_global_state(function: Callable[..., Any], *arguments: Any) -> bool:
    """Whether a call leaves the global generators of torch, numpy and Python as they were."""

    def state() -> tuple[object, ...]:
        kept: Any = np.random.get_state()  # noqa: NPY002 - it is the global one that counts
        return (torch.get_rng_state().tolist(), kept[1].tolist(), kept[2], random.getstate())

    before = state()
    function(*arguments)
    return state() == before
