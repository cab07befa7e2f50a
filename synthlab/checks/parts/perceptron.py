"""Two-layer networks W2 f(W1 x + b1) + b2, small enough for the judge to know all of them.

Their parameters have the names that torch gives those of ``Sequential(Linear, Tanh, Linear)``. What
stands between the two layers is a `Kind`: real networks drop units, normalise batches and have dead
units, and a step that is right for tanh alone is wrong there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[Any]
#: Parameters by name: "0.weight" (H, I), "0.bias" (H,), "2.weight" (O, H), "2.bias" (O,), and for
#: a network that normalises "norm.weight" and "norm.bias" (H,).
Weights = dict[str, Array]

#: What torch's batch normalisation adds to a variance.
EPSILON = 1e-5
#: A bias under which a ReLU is dead for every input of order 1.
DEAD = -40.0


@dataclass(frozen=True)
class Kind:
    """What a network in training mode does between its two layers.

    Args:
        activation: "tanh", or "relu", whose first unit `draw` makes a dead one.
        dropped: The hidden units that dropout has silenced, always the same; the others count
            twice, as with ``p = 0.5``.
        normalised: Whether the hidden units are normalised over the batch, before the activation.
    """

    activation: str = "tanh"
    dropped: tuple[int, ...] = ()
    normalised: bool = False

    def forward(self, net: Mapping[str, Tensor], x: Tensor) -> Tensor:
        """(B, inputs) -> (B, outputs), in training mode."""
        hidden = x @ net["0.weight"].T + net["0.bias"]  # (B, H)
        if self.normalised:
            variance = hidden.var(0, correction=0)
            hidden = (hidden - hidden.mean(0)) / (variance + EPSILON).sqrt()
            hidden = hidden * net["norm.weight"] + net["norm.bias"]
        hidden = hidden.relu() if self.activation == "relu" else hidden.tanh()
        if self.dropped:
            kept = hidden.new_full((hidden.shape[1],), 2.0)
            kept[list(self.dropped)] = 0.0
            hidden = hidden * kept
        return hidden @ net["2.weight"].T + net["2.bias"]


TANH = Kind()
DROPOUT = Kind(dropped=(1, 3))
NORMALISED = Kind(normalised=True)
RELU = Kind("relu")
#: Every kind; one that normalises needs more than one row, and mixes the rows of a batch.
KINDS = (TANH, DROPOUT, NORMALISED, RELU)


def draw(
    rng: np.random.Generator, inputs: int, hidden: int, outputs: int, kind: Kind = TANH
) -> Weights:
    """Random weights of order 1, so that no unit of tanh is dead, saturated or the identity."""
    shapes = {
        "0.weight": (hidden, inputs),
        "0.bias": (hidden,),
        "2.weight": (outputs, hidden),
        "2.bias": (outputs,),
    }
    if kind.normalised:
        shapes |= {"norm.weight": (hidden,), "norm.bias": (hidden,)}
    drawn = {name: rng.normal(scale=0.7, size=shape) for name, shape in shapes.items()}
    if kind.activation == "relu":
        drawn["0.bias"][0] = DEAD
    return drawn


def forward(net: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """(B, inputs) -> (B, outputs), with tanh alone."""
    return TANH.forward(net, x)
