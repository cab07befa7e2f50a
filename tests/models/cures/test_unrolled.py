"""Unrolling: exact through the inner steps, and nothing of the discriminator moves."""

import copy

import pytest
import torch
from torch import nn

from synthlab.data import Ring
from synthlab.errors import SynthlabError
from synthlab.models.cures import CURES, Unrolled, look_ahead
from synthlab.models.gan import discriminator_loss, discriminator_step, non_saturating_loss
from synthlab.training import train


@pytest.fixture
def trained():
    """A GAN in the middle of its training, in double precision, with a batch."""
    model = CURES["vanilla"].build(noise_dim=3, hidden=8).double()
    G, D = model.generator, model.discriminator
    optimizer = torch.optim.Adam(D.parameters(), 1e-2, (0.5, 0.99))
    rng = torch.Generator().manual_seed(0)
    real = Ring().sample(32, rng).x.double()
    z = torch.randn(32, 3, generator=rng, dtype=torch.float64)
    for _ in range(5):
        discriminator_step(G, D, optimizer, real, z)
    return G, D, optimizer, real, z


def test_the_steps_ahead_are_those_that_adam_makes(trained):
    G, D, optimizer, real, z = trained
    ahead = look_ahead(D, optimizer, real, G(z), 3)
    other = copy.deepcopy((D, optimizer))  # one memo: the optimiser's parameters are the copy's
    for _ in range(3):
        discriminator_step(G, other[0], other[1], real, z)
    for name, parameter in other[0].named_parameters():
        assert torch.allclose(ahead[name], parameter, atol=1e-12), name


def test_looking_changes_nothing(trained):
    G, D, optimizer, real, z = trained
    before = copy.deepcopy((D.state_dict(), optimizer.state_dict()["state"]))
    look_ahead(D, optimizer, real, G(z), 3)["0.weight"].sum().backward()
    assert all(torch.equal(before[0][k], v) for k, v in D.state_dict().items())
    for index, state in optimizer.state_dict()["state"].items():
        assert all(torch.equal(before[1][index][k], v) for k, v in state.items())


def gradient_of_step(trained, k):
    """The generator's gradient, read from what a step leaves behind."""
    G, D, optimizer, real, z = trained
    unrolled = Unrolled(k)
    unrolled._last = real, optimizer, discriminator_loss
    G = copy.deepcopy(G)
    unrolled.generator_step(G, D, torch.optim.SGD(G.parameters(), 0.0), z)
    return torch.cat([p.grad.flatten() for p in G.parameters()])


def test_without_a_step_it_is_the_plain_gan(trained):
    G, D, _, _, z = trained
    plain = torch.autograd.grad(non_saturating_loss(D(G(z))), list(G.parameters()))
    assert torch.allclose(gradient_of_step(trained, 0), torch.cat([g.flatten() for g in plain]))


@pytest.mark.parametrize("k", [1, 3])
def test_its_gradient_is_the_finite_difference(trained, k):
    G, D, optimizer, real, z = trained
    found = gradient_of_step(trained, k)
    parameters = nn.utils.parameters_to_vector(G.parameters()).detach()
    rng = torch.Generator().manual_seed(1)
    direction = torch.randn(parameters.shape, generator=rng, dtype=torch.float64)
    direction /= direction.norm()

    def loss(step):
        other = copy.deepcopy(G)
        nn.utils.vector_to_parameters(parameters + step * direction, other.parameters())
        fake = other(z)
        ahead = look_ahead(D, optimizer, real, fake, k)
        return non_saturating_loss(torch.func.functional_call(D, ahead, (fake,))).item()

    difference = (loss(1e-5) - loss(-1e-5)) / 2e-5
    assert found @ direction == pytest.approx(difference, rel=1e-4)
    # and it is not what one gets by forgetting that the discriminator answers
    ahead = {name: p.detach() for name, p in look_ahead(D, optimizer, real, G(z), k).items()}
    blind = torch.autograd.grad(
        non_saturating_loss(torch.func.functional_call(D, ahead, (G(z),))), list(G.parameters())
    )
    assert not torch.allclose(found, torch.cat([g.flatten() for g in blind]), rtol=1e-3)


def test_the_generator_needs_a_batch_to_look_ahead_with():
    model = CURES["unrolled"].build()
    with pytest.raises(SynthlabError, match="a step of the discriminator first"):
        train(model, Ring()).advance(parts=["generator"])
