"""Spectral normalisation, beside the singular values and PyTorch's own."""

import torch
from torch import nn
from torch.nn.utils import parametrizations

from synthlab.models import nets
from synthlab.models.cures import SpectralNorm, spectrally_normalised


def net(seed: int = 0) -> nn.Sequential:
    with nets.seeded(seed):
        return nets.perceptron(2, 1, 64, 2, nn.LeakyReLU(0.2))


def largest(layer: nn.Linear) -> float:
    return torch.linalg.svdvals(layer.weight.detach())[0].item()


def test_every_layer_has_a_largest_singular_value_of_one():
    made = spectrally_normalised(net())
    for _ in range(20):
        made(torch.randn(8, 2))
    values = [largest(m) for m in made if isinstance(m, nn.Linear)]
    assert len(values) == 3
    assert all(0.98 < value <= 1 + 1e-3 for value in values), values


def test_it_follows_weights_that_move():
    made = spectrally_normalised(net())
    optimizer = torch.optim.Adam(made.parameters(), 1e-2)
    for _ in range(50):
        optimizer.zero_grad()
        made(torch.randn(64, 2)).square().mean().neg().backward()
        optimizer.step()
    made(torch.zeros(1, 2))
    assert all(largest(m) < 1.05 for m in made if isinstance(m, nn.Linear))


def test_the_net_stretches_nothing():
    made = spectrally_normalised(net())
    for _ in range(20):
        made(torch.zeros(1, 2))
    a, b = torch.randn(500, 2), torch.randn(500, 2)
    stretched = (made(a) - made(b)).norm(dim=1) / (a - b).norm(dim=1)
    assert stretched.max() <= 1 + 1e-3


def test_the_vectors_rest_in_evaluation():
    made = spectrally_normalised(net()).eval()
    before = {k: v.clone() for k, v in made.state_dict().items()}
    made(torch.randn(4, 2))
    assert all(torch.equal(before[k], v) for k, v in made.state_dict().items())
    made.train()(torch.randn(4, 2))
    moved = [k for k, v in made.state_dict().items() if not torch.equal(before[k], v)]
    assert {k.rpartition(".")[2] for k in moved} == {"u", "v"}


def test_gradient_and_weight_are_those_of_pytorch():
    torch.manual_seed(0)
    weight = torch.randn(6, 4)
    ours, theirs = (nn.Linear(4, 6) for _ in range(2))
    for layer in (ours, theirs):
        layer.weight.data.copy_(weight)
        layer.bias.data.zero_()
    spectrally_normalised(ours)
    parametrizations.spectral_norm(theirs, n_power_iterations=1)
    for _ in range(300):  # until both have the same vectors
        ours(torch.zeros(1, 4))
        theirs(torch.zeros(1, 4))
    x = torch.randn(5, 4)
    for layer in (ours, theirs):
        layer(x).square().sum().backward()
    assert torch.allclose(ours.weight, theirs.weight, atol=1e-5)
    ours_g = ours.parametrizations.weight.original.grad
    assert torch.allclose(ours_g, theirs.parametrizations.weight.original.grad, atol=1e-4)


def test_the_gradient_takes_the_scale_out():
    """W / σ(W) does not change with W's length, so the gradient has no part along W."""
    norm = SpectralNorm(torch.randn(6, 4)).eval()
    weight = torch.randn(6, 4, requires_grad=True)
    norm.train()
    for _ in range(200):
        norm(weight.detach())
    norm(weight).sin().sum().backward()
    assert (weight.grad * weight).sum().abs() < 1e-4
