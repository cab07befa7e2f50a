"""Two-layer network W2 tanh(W1 x + b1) + b2, small enough for the judge to know all of it.

Its parameters have the names that torch gives those of ``Sequential(Linear, Tanh, Linear)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[Any]
#: Parameters by name: "0.weight" (H, I), "0.bias" (H,), "2.weight" (O, H), "2.bias" (O,).
Weights = dict[str, Array]


def draw(rng: np.random.Generator, inputs: int, hidden: int, outputs: int) -> Weights:
    """Random weights of order 1, so that no unit is dead, saturated or the identity."""
    shapes = {
        "0.weight": (hidden, inputs),
        "0.bias": (hidden,),
        "2.weight": (outputs, hidden),
        "2.bias": (outputs,),
    }
    return {name: rng.normal(scale=0.7, size=shape) for name, shape in shapes.items()}


def forward(net: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """(B, inputs) -> (B, outputs)."""
    hidden = (x @ net["0.weight"].T + net["0.bias"]).tanh()  # (B, H)
    return hidden @ net["2.weight"].T + net["2.bias"]
