"""Unrolling: exact through the inner steps, and nothing of the discriminator moves."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from synthlab.data import Ring
from synthlab.models import gan
from synthlab.models.cures.spectral_norm import spectrally_normalised
from synthlab.models.cures.unrolled import UnrolledStep
from synthlab.models.gan import GAN


@pytest.fixture
def game(players, points):
    G, D = players
    z = torch.randn(8, 3, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    return G, D, points[0], z


def gradient(step, game):
    """What the step moves the generator by, with SGD of rate 1: the gradient."""
    G, D, real, z = game
    G = copy.deepcopy(G)
    before = nn.utils.parameters_to_vector(G.parameters()).detach().clone()
    step(G, D, torch.optim.SGD(G.parameters(), 1.0), z, real=real)
    return before - nn.utils.parameters_to_vector(G.parameters()).detach()


def by_hand(G, D, real, z, steps, lr):
    """The loss of G after plain steps of a copy of D, without any of the code under test."""
    D = copy.deepcopy(D)
    optimizer = torch.optim.SGD(D.parameters(), lr)
    for _ in range(steps):
        gan.discriminator_step(G, D, optimizer, real, z)
    with torch.no_grad():
        return gan.non_saturating_loss(D(G(z))).item()


@pytest.mark.parametrize("steps", [1, 3])
def test_gradient_is_that_of_finite_differences(game, steps):
    G, D, real, z = game
    slope = gradient(UnrolledStep(steps=steps, lr=0.5), game)
    theta = nn.utils.parameters_to_vector(G.parameters()).detach().clone()
    # Central differences in float64 of a smooth loss: h² = 1e-10 and eps / h = 2e-11.
    h, expected = 1e-5, torch.zeros_like(theta)
    for i in range(len(theta)):
        values = []
        for sign in (1, -1):
            moved = theta.clone()
            moved[i] += sign * h
            nn.utils.vector_to_parameters(moved, G.parameters())
            values.append(by_hand(G, D, real, z, steps, lr=0.5))
        expected[i] = (values[0] - values[1]) / (2 * h)
    torch.testing.assert_close(slope, expected, rtol=1e-5, atol=1e-8)
    # Cut off the inner steps (a detach) and the gradient is another one.
    ordinary = gradient(UnrolledStep(steps=0), game)
    assert (slope - ordinary).norm() > 0.01 * ordinary.norm()


def test_no_steps_are_the_ordinary_step(game):
    def ordinary(G, D, optimizer, z, real):
        return gan.generator_step(G, D, optimizer, z)

    assert torch.equal(gradient(UnrolledStep(steps=0), game), gradient(ordinary, game))


def test_the_discriminator_and_its_optimiser_stay_bit_by_bit(random):
    model = GAN.mlp(noise_dim=3, hidden=8)
    D = spectrally_normalised(model.discriminator)  # one with buffers, too
    model = GAN(model.generator, D, 3, generator_step=UnrolledStep(steps=3))
    batch = Ring().sample(16, random)
    model.update(batch, random)
    before = copy.deepcopy(D.state_dict())
    moments = copy.deepcopy(model.optimizers["discriminator"].state_dict())
    slopes = [p.grad.clone() for p in D.parameters()]
    model.update(batch, random, ["generator"])
    assert all(torch.equal(value, before[name]) for name, value in D.state_dict().items())
    after = model.optimizers["discriminator"].state_dict()
    for i, state in moments["state"].items():
        assert all(torch.equal(value, after["state"][i][name]) for name, value in state.items())
    grads = [p.grad for p in D.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(grads, slopes, strict=True))
    assert all(p.requires_grad for p in D.parameters())
