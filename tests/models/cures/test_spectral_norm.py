"""Spectral normalisation against the singular values and against PyTorch's own."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm as pytorchs

from synthlab.models import nets
from synthlab.models.cures import CURES
from synthlab.models.cures.spectral_norm import SpectralNorm, spectrally_normalised


def linear(out: int = 12, inputs: int = 7) -> nn.Linear:
    with nets.seeded(4):
        layer = nn.Linear(inputs, out).double()
        nn.init.normal_(layer.weight, std=3)
    return layer


def largest(W):
    return torch.linalg.svdvals(W.detach())[0].item()


@pytest.mark.parametrize("shape", [(12, 7), (7, 12), (1, 5), (6, 6)])
def test_the_largest_singular_value_becomes_1(shape):
    layer = SpectralNorm(linear(*shape), warm_up=0)
    for _ in range(300):
        layer(torch.zeros(1, shape[1], dtype=torch.float64))
    # The error shrinks by (σ2 / σ1)² a step: with ratios up to .97, .97^600 = 1e-8.
    assert largest(layer.weight()) == pytest.approx(1, abs=1e-6)


def test_a_few_calls_come_close():
    layer = SpectralNorm(linear())
    for _ in range(10):
        layer(torch.zeros(1, 7, dtype=torch.float64))
    assert 1 - 1e-12 <= largest(layer.weight()) <= 1.01  # u·Wv never exceeds σ


def test_u_moves_in_training_mode_alone_and_goes_on_from_where_it_was():
    layer, x = SpectralNorm(linear(), warm_up=0), torch.zeros(1, 7, dtype=torch.float64)
    moved = [layer.u.clone()]
    for _ in range(3):
        layer(x)
        moved.append(layer.u.clone())
    errors = [(layer.linear.weight.mT @ u).norm().item() for u in moved]
    assert errors == sorted(errors)  # power iteration only climbs; a u set back would not
    assert errors[0] < errors[-1]
    layer.eval()
    layer(x)
    assert torch.equal(layer.u, moved[-1])


def test_agrees_with_pytorch():
    """Once both have converged, the same outputs and the same gradient."""
    ours, theirs = SpectralNorm(linear()), pytorchs(linear())
    x = torch.randn(5, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    for _ in range(300):  # PyTorch moves u before v, so on the way there they differ
        a, b = ours(x), theirs(x)
    torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)
    (gradient,) = torch.autograd.grad(a.square().sum(), ours.linear.weight)
    original = theirs.parametrizations.weight.original
    (expected,) = torch.autograd.grad(b.square().sum(), original)
    torch.testing.assert_close(gradient, expected, rtol=1e-7, atol=1e-7)


def test_two_calls_before_one_backward():
    """As in a step of D: the second call moves u, the first one's gradient stays right."""
    layer = SpectralNorm(linear())
    x = torch.ones(2, 7, dtype=torch.float64)
    first, second = layer(x).sum(), layer(-x).sum()
    (first + second).backward()
    assert torch.isfinite(layer.linear.weight.grad).all()


def test_a_discriminator_of_slope_at_most_1():
    D = CURES["spectral_norm"].build(0).discriminator
    random = torch.Generator().manual_seed(0)
    for _ in range(100):
        D(torch.zeros(1, 2))
    D.eval()
    a, b = (3 * torch.randn(500, 2, generator=random) for _ in range(2))
    slopes = (D(a) - D(b)).abs() / (a - b).norm(dim=1)
    # Three layers, each within 1 % (float32 and the last steps of the iteration).
    assert slopes.max() <= 1.01**3


def test_shares_the_parameters_of_the_net():
    net = nets.perceptron(2, 1, 8, 2, nn.Tanh())
    normalised = spectrally_normalised(net)
    assert {id(p) for p in normalised.parameters()} == {id(p) for p in net.parameters()}
