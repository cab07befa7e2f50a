"""The judge's gradients are those of central differences, whatever the loss takes inside."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from synthlab.checks.mode_collapse.penalty import critic_gradient
from synthlab.checks.mode_collapse.spectral_norm import weighted_sum
from synthlab.checks.mode_collapse.unrolled import loss as unrolled_loss
from synthlab.checks.parts.differences import gradient as differences
from synthlab.checks.parts.game import (
    LOGISTIC,
    State,
    discriminator_gradient,
    generator_gradient,
    squares,
)
from synthlab.checks.parts.gradients import value, value_and_grad
from synthlab.checks.parts.perceptron import DROPOUT, NORMALISED, draw
from synthlab.checks.start.error import affine, mean_squared_error

RNG = np.random.default_rng(0)
G, D = draw(RNG, 2, 5, 2), draw(RNG, 2, 6, 1)
REAL, Z, FAKE = RNG.normal(size=(3, 7, 2))
EPSILON = RNG.uniform(size=7)
V = RNG.normal(size=6)
U, PULL = RNG.normal(size=4), RNG.normal(size=(4, 6))

#: (value and gradient at an array or at arrays by name, where).
LOSSES = {
    "an affine net": (
        lambda w: value_and_grad(mean_squared_error(affine), w, REAL, FAKE),
        {"weight": RNG.normal(size=(2, 2)), "bias": RNG.normal(size=2)},
    ),
    "D, logistic": (lambda w: discriminator_gradient(State(G, w), REAL, Z), D),
    "D, squares": (lambda w: discriminator_gradient(State(G, w), REAL, Z, squares(3.0, 1.0)), D),
    "G, logistic": (lambda w: generator_gradient(State(w, D), Z), G),
    "a batch normalised, units dropped": (
        lambda w: generator_gradient(State(w, D, (NORMALISED, DROPOUT)), Z, squares()),
        draw(RNG, 2, 5, 2, NORMALISED),
    ),
    "a gradient inside": (lambda w: critic_gradient(State(G, w), REAL, Z, EPSILON), D),
    "a step inside": (lambda x: value_and_grad(unrolled_loss, x, D, REAL, 0.7), FAKE),
    "constants inside": (
        lambda w: value_and_grad(weighted_sum, w, U, V, PULL),
        RNG.normal(size=(4, 6)) + np.outer(U, V),
    ),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_gradient_is_that_of_central_differences(name):
    """The differences err by a third derivative times (1e-5)^2 and by rounding: about 1e-10."""
    loss, at = LOSSES[name]
    _, found = loss(at)
    for key in at if isinstance(at, dict) else [None]:

        def moved(x, key=key):
            return loss(x if key is None else {**at, key: x})[0]

        start, got = (at, found) if key is None else (at[key], found[key])
        np.testing.assert_allclose(got, differences(moved, start), rtol=0, atol=1e-8)


def test_float64_one_thread_and_no_random_numbers():
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    seen = []

    def loss(x, labels, lr):
        seen.append((x.dtype, labels.dtype, lr, torch.get_num_threads()))
        return (x[labels] * lr).sum()

    _, gradient = value_and_grad(loss, np.ones(3, np.float32), np.array([0, 2]), 0.5)
    assert seen == [(torch.float64, torch.int64, 0.5, 1)]
    assert (gradient == [0.5, 0.0, 0.5]).all()
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("logit", [-1000.0, -30.0, 30.0, 1000.0])
def test_the_logistic_losses_are_exact_for_large_logits(logit):
    at = np.array([logit])
    found, gradient = value_and_grad(LOGISTIC.generator, at)
    assert found == pytest.approx(np.logaddexp(0.0, -logit), rel=1e-15)
    assert gradient[0] == pytest.approx(-math.exp(-np.logaddexp(0.0, logit)), rel=1e-12)
    assert value(LOGISTIC.discriminator, at, -at) == pytest.approx(2 * found, rel=1e-15)
