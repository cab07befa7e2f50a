"""Affine nets on the learner's side, and the gradient of a mean squared error by hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Weights = dict[str, Array]


def drawn(rng: np.random.Generator, inputs: int, outputs: int) -> Weights:
    """Random weights ``(o, i)`` and biases ``(o,)``."""
    return {
        "weight": rng.normal(size=(outputs, inputs)),
        "bias": rng.normal(size=outputs),
    }


def output(net: Weights, x: Array) -> Array:
    """``x W^T + b``."""
    return np.asarray(x @ net["weight"].T + net["bias"])


def mean_squared_error(net: Weights, x: Array, y: Array) -> float:
    """The mean over all entries of ``(net(x) - y)^2``."""
    return float(np.square(output(net, x) - y).mean())


def gradient(net: Weights, x: Array, y: Array) -> Weights:
    """Of `mean_squared_error`, with respect to the net's parameters."""
    slope = 2 * (output(net, x) - y) / y.size
    return {"weight": slope.T @ x, "bias": slope.sum(0)}
