"""The gradient penalty and its gradient, in numpy and float64, for the judge's small critics.

The critic is ``f(x) = w2 . tanh(W1 x + b1) + b2`` with the parameters of `checks.gan.reference`.
Its slope is ``g(x) = W1^T (w2 (1 - h^2))`` with ``h = tanh(W1 x + b1)``, and the penalty
``mean_b (|g_b| - 1)^2`` (Gulrajani et al. 2017, eq. 3). Differentiating it once more for the
parameters is done by hand here: no autograd has touched what a learner's step is compared with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlab.checks.gan.reference import Weights, backward, forward

Array = NDArray[Any]

#: The weight of the penalty in Gulrajani et al. 2017.
WEIGHT = 10.0


def between(real: Array, fake: Array, epsilon: Array) -> Array:
    """``epsilon real + (1 - epsilon) fake`` with one epsilon a row, (B, ...)."""
    share = epsilon.reshape(-1, *[1] * (real.ndim - 1))
    return np.asarray(share * real + (1 - share) * fake)


def slopes(critic: Weights, x: Array) -> Array:
    """The gradient of the critic for each of its inputs: (B, I)."""
    hidden = np.tanh(x @ critic["0.weight"].T + critic["0.bias"])  # (B, H)
    return np.asarray((critic["2.weight"][0] * (1 - hidden**2)) @ critic["0.weight"])


def penalty(critic: Weights, x: Array) -> float:
    """``mean (|slope| - 1)^2`` at the points x, (B, I)."""
    return float(np.square(np.linalg.norm(slopes(critic, x), axis=1) - 1).mean())


def penalty_gradient(critic: Weights, x: Array) -> Weights:
    """The gradient of `penalty` for the critic's parameters."""
    first, outer = critic["0.weight"], critic["2.weight"][0]  # (H, I), (H,)
    hidden = np.tanh(x @ first.T + critic["0.bias"])  # (B, H)
    bend = 1 - hidden**2  # (B, H): the slope of tanh
    slope = (outer * bend) @ first  # (B, I)
    norm = np.linalg.norm(slope, axis=1, keepdims=True)
    # d penalty = sum_b pull_b . d slope_b
    pull = 2 * (norm - 1) / norm * slope / len(x)  # (B, I)
    along = pull @ first.T  # (B, H)
    inner = outer * along * (-2 * hidden * bend)  # (B, H): through h, for the pre-activation
    return {
        "0.weight": inner.T @ x + (outer * bend).T @ pull,
        "0.bias": inner.sum(0),
        "2.weight": (along * bend).sum(0)[None],
        "2.bias": np.zeros(1),
    }


def critic_gradient(
    generator: Weights,
    critic: Weights,
    real: Array,
    z: Array,
    epsilon: Array,
    weight: float = WEIGHT,
) -> tuple[float, Weights]:
    """``E f(fake) - E f(real) + weight penalty``, and its gradient for the critic."""
    fake = forward(generator, z)
    x = between(real, fake, epsilon)
    value = forward(critic, fake).mean() - forward(critic, real).mean()
    of_fake, _ = backward(critic, fake, np.full((len(fake), 1), 1 / len(fake)))
    of_real, _ = backward(critic, real, np.full((len(real), 1), -1 / len(real)))
    of_penalty = penalty_gradient(critic, x)
    gradient = {name: of_fake[name] + of_real[name] + weight * of_penalty[name] for name in of_fake}
    return float(value + weight * penalty(critic, x)), gradient
