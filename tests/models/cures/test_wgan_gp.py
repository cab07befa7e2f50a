"""The gradient penalty against its closed form, and each way in which programs get it wrong."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from synthlab.data import Ring
from synthlab.errors import SynthlabError
from synthlab.models import nets
from synthlab.models.cures import CURES, wgan_gp


class Linear(nn.Module):
    """f(x) = w·x over all axes of a row."""

    def __init__(self, *w):
        super().__init__()
        self.w = nn.Parameter(torch.tensor(w, dtype=torch.float64))

    def forward(self, x):
        return x.flatten(1) @ self.w


class Square(nn.Module):
    """f(x) = |x|²/2, whose gradient is x: the penalty tells where it was taken."""

    def forward(self, x):
        return x.square().sum(-1) / 2


def test_a_linear_critic_pays_for_its_norm(points, random):
    critic = Linear(3.0, 4.0)
    penalty = wgan_gp.gradient_penalty(critic, *points, random)
    assert penalty.item() == pytest.approx((5 - 1) ** 2, abs=1e-12)
    penalty.backward()  # and the penalty moves the critic: 2 (|w| - 1) w / |w|
    torch.testing.assert_close(critic.w.grad, 2 * 4 * critic.w.detach() / 5)


def test_the_norm_is_that_of_the_whole_row(random):
    critic = Linear(*[0.5] * 12)
    x = torch.randn(4, 3, 2, 2, generator=random, dtype=torch.float64)
    # |w| = sqrt(12 / 4) = 1.73; over one axis alone the norms would be below 1.
    expected = (3**0.5 - 1) ** 2
    assert wgan_gp.gradient_penalty(critic, x, x, random).item() == pytest.approx(expected)


def test_norms_are_penalised_before_they_are_averaged():
    """Slopes 0 and 2 cost 1 each; their mean norm of 1 would cost nothing."""

    class TwoSlopes(nn.Module):
        def forward(self, x):
            return torch.where(x[:, 0] > 0, 2 * x[:, 1], 0 * x[:, 1])

    x = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])
    penalty = wgan_gp.gradient_penalty(TwoSlopes(), x, x, torch.Generator())
    assert penalty.item() == pytest.approx(1.0)


def test_points_lie_between_with_a_share_of_each_row(random):
    seen = []

    class Spy(Square):
        def forward(self, x):
            seen.append(x.detach())
            return super().forward(x)

    real, fake = torch.zeros(200, 2), torch.tensor([[1.0, 2.0]]).expand(200, 2)
    wgan_gp.gradient_penalty(Spy(), real, fake, random)
    share = seen[0] / torch.tensor([1.0, 2.0])  # 1 - ε, in both columns
    torch.testing.assert_close(share[:, 0], share[:, 1])
    assert len(share[:, 0].unique()) > 150  # one ε a row, not one for all
    assert 0 <= share.min() < 0.1 < 0.9 < share.max() <= 1  # not ε = 1; missed at 2 · 0.9^200


def test_shape_of_epsilon_for_images(random):
    class Whole(nn.Module):
        def forward(self, x):
            self.x = x.detach()
            return x.flatten(1).sum(1)

    critic = Whole()
    wgan_gp.gradient_penalty(critic, torch.zeros(5, 3, 4, 4), torch.ones(5, 3, 4, 4), random)
    assert torch.equal(critic.x, critic.x[:, :1, :1, :1].expand_as(critic.x))


def test_fakes_get_no_gradient(points, random):
    real, fake = points
    fake.requires_grad_()
    critic = Linear(1.0, 2.0)
    wgan_gp.gradient_penalty(critic, real, fake * 2, random).backward()
    assert fake.grad is None


def test_rows_do_not_meet(points, random):
    """A row's rating depends on no other row; batch normalisation breaks exactly this."""
    x = points[0].clone().requires_grad_()
    critic = CURES["wgan_gp"].build(0, 3, 8, 2).discriminator.double()
    slopes = torch.autograd.grad(critic(x)[0], x)[0]
    assert slopes[0].abs().sum() > 0
    assert not slopes[1:].any()
    modules = CURES["wgan_gp"].build(0, 3, 8, 2).discriminator.modules()
    assert not any(isinstance(m, nn.modules.batchnorm._BatchNorm | nn.Sigmoid) for m in modules)


def test_bad_input_is_told(random):
    with pytest.raises(SynthlabError, match="equally many"):
        wgan_gp.gradient_penalty(Square(), torch.zeros(4, 2), torch.zeros(3, 2), random)
    packed = CURES["pacgan"].build(0).discriminator
    with pytest.raises(SynthlabError, match="one rating for each row"):
        wgan_gp.gradient_penalty(packed, torch.zeros(8, 2), torch.zeros(8, 2), random)


def test_the_losses():
    real, fake = torch.tensor([1.0, 3.0]), torch.tensor([0.0, 1.0])
    assert wgan_gp.critic_loss(real, fake).item() == 0.5 - 2  # lower when real is rated higher
    assert wgan_gp.generator_loss(fake).item() == -0.5


def test_the_step_is_gradient_descent_on_loss_and_penalty(players, points):
    G, critic = players
    real, z = points[0], torch.randn(8, 3, generator=torch.Generator(), dtype=torch.float64)
    before = [p.detach().clone() for p in critic.parameters()]
    with torch.no_grad():
        fake = G(z)
    penalty = wgan_gp.gradient_penalty(critic, real, fake, torch.Generator().manual_seed(5))
    value = critic(fake).mean() - critic(real).mean() + 10 * penalty
    slopes = torch.autograd.grad(value, list(critic.parameters()), allow_unused=True)
    loss = wgan_gp.CriticStep(n_critic=1)(
        G,
        critic,
        torch.optim.SGD(critic.parameters(), 1.0),
        real,
        z,
        noise=lambda: pytest.fail("one step needs no more noise"),
        random=torch.Generator().manual_seed(5),
    )
    assert loss == pytest.approx(value.item())
    for p, was, slope in zip(critic.parameters(), before, slopes, strict=True):
        torch.testing.assert_close(p.detach(), was - slope)
    assert all(p.grad is None for p in G.parameters())


def test_n_critic_steps_each_with_fresh_noise(players, points):
    G, critic = players
    drawn, optimizer = [], torch.optim.SGD(critic.parameters(), 0.0)
    calls = []
    optimizer.register_step_post_hook(lambda *_: calls.append(1))

    def noise():
        drawn.append(torch.randn(8, 3, dtype=torch.float64, generator=torch.Generator()))
        return drawn[-1]

    step = wgan_gp.CriticStep(n_critic=5)
    step(G, critic, optimizer, points[0], noise(), noise=noise, random=torch.Generator())
    assert (len(calls), len(drawn)) == (5, 5)


def test_the_critic_measures_the_distance_of_shifted_gaussians():
    """W1 of two equal shapes is the shift (here 2): the critic's loss comes close to it."""
    with nets.seeded(0):
        critic = nets.perceptron(2, 1, 64, 2, nn.LeakyReLU(0.2)).append(nn.Flatten(-2))
    step, random = wgan_gp.CriticStep(n_critic=1), torch.Generator().manual_seed(0)
    optimizer = torch.optim.Adam(critic.parameters(), 2e-3, (0.0, 0.9))
    ring = Ring(modes=1, radius=2.0, std=1.0)  # one Gaussian at (2, 0); z is one at (0, 0)
    for _ in range(300):
        real, z = ring.sample(256, random).x, torch.randn(256, 2, generator=random)
        step(nn.Identity(), critic, optimizer, real, z, noise=list, random=random)
    x, z = ring.sample(20_000, random).x, torch.randn(20_000, 2, generator=random)
    with torch.no_grad():
        distance = -wgan_gp.critic_loss(critic(x), critic(z)).item()
    # The penalty is soft: slopes a little above 1 pay off (1 + 1/2λ at a constant slope), and
    # 20,000 points know the mean to 0.01.
    assert distance == pytest.approx(2.0, abs=0.25)
