"""The gradient penalty and R1: exact on critics whose gradient is known."""

import pytest
import torch
from torch import nn

from synthlab.models.cures import Penalised, gradient_penalty, r1
from synthlab.models.gan import discriminator_loss


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def points(n: int = 64, seed: int = 0) -> torch.Tensor:
    return torch.randn(n, 2, generator=rng(seed))


class Linear(nn.Module):
    """The critic w · x, whose slope is w everywhere."""

    def __init__(self, *w: float) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor(w))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ self.w


class Square(nn.Module):
    """The critic a |x|² / 2, whose slope at x is a x."""

    def __init__(self, a: float = 1.0) -> None:
        super().__init__()
        self.a = nn.Parameter(torch.tensor(a))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return 0.5 * self.a * x.square().sum(-1)


def test_of_a_linear_critic_the_penalty_is_known():
    critic = Linear(3.0, 4.0)
    penalty = gradient_penalty(critic, points(), points(seed=1), rng())
    assert penalty.item() == pytest.approx(16.0)  # (5 - 1)²
    assert r1(critic, points(), points(seed=1)).item() == pytest.approx(12.5)  # 5² / 2


def test_the_penalty_moves_the_critic():
    critic = Linear(3.0, 4.0)
    gradient_penalty(critic, points(), points(seed=1), rng()).backward()
    # d (|w| - 1)² / dw = 2 (|w| - 1) w / |w|
    assert torch.allclose(critic.w.grad, 2 * 4 * torch.tensor([0.6, 0.8]))


def test_it_is_taken_on_the_lines_between_with_one_epsilon_a_row():
    seen = []

    class Watched(Square):
        def forward(self, x):
            seen.append(x.detach())
            return super().forward(x)

    real, fake = torch.zeros(500, 2), torch.tensor([[1.0, 2.0]]).expand(500, 2)
    gradient_penalty(Watched(), real, fake, rng())
    (x,) = seen
    assert torch.allclose(x[:, 1], 2 * x[:, 0])  # on the line: the same ε for both coordinates
    assert x[:, 0].min() < 0.05  # from one end
    assert x[:, 0].max() > 0.95  # to the other
    assert len(x[:, 0].unique()) > 490  # another ε for each row
    assert 0.45 < x[:, 0].mean() < 0.55  # five standard errors of a uniform mean are 0.065


def test_each_row_pays_for_its_own_slope():
    x = points()
    norms = x.norm(dim=1)
    expected = (norms - 1).square().mean()  # (mean of norms - 1)² would be another number
    assert torch.isclose(gradient_penalty(Square(), x, x, rng()), expected)
    assert not torch.isclose((norms.mean() - 1).square(), expected, rtol=0.05)


def test_r1_looks_at_real_points_alone():
    real, fake = points(), 100 * points(seed=1)
    assert torch.isclose(r1(Square(2.0), real, fake), 0.5 * 4 * real.square().sum(1).mean())


def test_no_gradient_flows_into_the_generator():
    fake = points(seed=1).requires_grad_()
    gradient_penalty(Square(), points(), fake, rng()).backward()
    assert fake.grad is None


def test_the_step_moves_the_discriminator_on_loss_and_penalty():
    critic, G = Linear(3.0, 4.0), nn.Linear(2, 2)
    before = [p.clone() for p in G.parameters()]
    real, z = points(), points(seed=1)
    loss = discriminator_loss(critic(real), critic(G(z)))
    loss = loss + 10 * gradient_penalty(critic, real, G(z), rng())
    (gradient,) = torch.autograd.grad(loss, critic.w)
    expected = critic.w.detach() - 0.1 * gradient
    step = Penalised(gradient_penalty, 10.0)
    step(G, critic, torch.optim.SGD(critic.parameters(), 0.1), real, z, discriminator_loss, rng())
    assert torch.allclose(critic.w, expected)
    assert all(torch.equal(a, b) for a, b in zip(before, G.parameters(), strict=True))
    assert all(p.grad is None for p in G.parameters())
