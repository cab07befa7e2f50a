"""Affine net that the judge knows, and its mean squared error."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from torch import Tensor

from synthlab.checks.parts.perceptron import Weights


def draw(rng: np.random.Generator, inputs: int, outputs: int) -> Weights:
    """Random weights ``(o, i)`` and biases ``(o,)``."""
    return {"weight": rng.normal(size=(outputs, inputs)), "bias": rng.normal(size=outputs)}


def forward(net: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """``x W^T + b``."""
    return x @ net["weight"].T + net["bias"]


def mean_squared_error(net: Mapping[str, Tensor], x: Tensor, y: Tensor) -> Tensor:
    """The mean over all entries of ``(net(x) - y)^2``."""
    return (forward(net, x) - y).square().mean()
