"""The judge's own gradients agree with autograd's, which the judge never calls."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from synthlab.checks.gan import harness, reference
from synthlab.checks.parts.harness import critic, perceptron

LOSSES = {"logistic": reference.LOGISTIC, "squares": reference.SQUARES}


@pytest.fixture
def game():
    rng = np.random.default_rng(0)
    weights = reference.draw(rng, 2, 5, 2), reference.draw(rng, 2, 6, 1)
    points = rng.normal(size=(16, 2)), rng.normal(size=(16, 2))
    nets = [
        make({name: torch.from_numpy(w) for name, w in net.items()})
        for make, net in zip((perceptron, critic), weights, strict=True)
    ]
    return weights, points, nets, [torch.from_numpy(x) for x in points]


def compare(found, loss, net):
    value, gradient = found
    assert value == pytest.approx(loss.item(), abs=1e-12)  # float64 means of 16 terms
    expected = dict(
        zip(dict(net.named_parameters()), torch.autograd.grad(loss, net.parameters()), strict=True)
    )
    assert gradient.keys() == expected.keys()
    for name, g in expected.items():
        np.testing.assert_allclose(gradient[name], g.numpy(), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_the_discriminators_gradient(game, name):
    weights, points, (G, D), (real, z) = game
    loss = getattr(harness, f"{name}_discriminator_loss")(D(real), D(G(z)))
    compare(reference.discriminator_gradient(*weights, *points, LOSSES[name]), loss, D)


@pytest.mark.parametrize("name", LOSSES)
def test_the_generators_gradient(game, name):
    weights, (_, noise), (G, D), (_, z) = game
    loss = getattr(harness, f"{name}_generator_loss")(D(G(z)))
    compare(reference.generator_gradient(*weights, noise, LOSSES[name]), loss, G)
