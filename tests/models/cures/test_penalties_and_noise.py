"""R1, instance noise, hinge and two time scales: each against its formula."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from synthlab.data import Ring
from synthlab.errors import SynthlabError
from synthlab.models.cures import hinge, instance_noise, r1, two_time_scales
from synthlab.models.gan import GAN
from synthlab.training import train


class Square(nn.Module):
    """f(x) = a |x|² / 2, so the squared slope is a² |x|²."""

    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.tensor(3.0, dtype=torch.float64))

    def forward(self, x):
        return self.a * x.square().sum(-1) / 2


def test_r1_is_half_the_mean_squared_slope_at_real_points(points):
    D, (real, _) = Square(), points
    penalty = r1.r1_penalty(D, real)
    mean = real.square().sum(-1).mean()
    torch.testing.assert_close(penalty.detach(), 9 * mean / 2)  # not (|slope| - 1)², not halved
    penalty.backward()
    torch.testing.assert_close(D.a.grad, 3 * mean)  # nothing without create_graph


def test_r1_step_adds_the_weighted_penalty(players, points):
    G, D = players
    real, z = points[0], torch.zeros(8, 3, dtype=torch.float64)
    plain = r1.R1Step(weight=0.0)(G, D, torch.optim.SGD(D.parameters(), 0.0), real, z)
    penalty = r1.r1_penalty(D, real).item()
    value = r1.R1Step(weight=7.0)(G, D, torch.optim.SGD(D.parameters(), 0.0), real, z)
    assert value == pytest.approx(plain + 7 * penalty)
    assert all(p.grad is None for p in G.parameters())


# Instance noise.


def annealed(steps: int = 4) -> instance_noise.Annealed:
    return instance_noise.Annealed(nn.Sequential(nn.Linear(2, 1), nn.Flatten(-2)), 0.5, steps)


def test_noise_falls_to_nothing_and_stays_there():
    D, levels = annealed(), []
    for _ in range(6):
        levels.append(D.std)
        D.grow_older()
    assert levels == [0.5, 0.375, 0.25, 0.125, 0.0, 0.0]


def test_noise_has_its_standard_deviation_and_is_each_point_s_own(random):
    noise = annealed().blur(torch.zeros(20_000, 2), random)
    # The standard error of a standard deviation is σ / sqrt(2n): 0.5 / sqrt(80_000) = 0.0018.
    assert noise.std().item() == pytest.approx(0.5, abs=5 * 0.0018)
    assert abs(torch.corrcoef(noise.T)[0, 1].item()) < 5 / 20_000**0.5
    assert len(noise[:, 0].unique()) > 19_000


def test_both_sides_are_blurred_in_both_steps():
    seen = []

    class Spy(nn.Linear):
        def forward(self, x):
            seen.append(x.detach())
            return super().forward(x)[:, 0]

    G, D = nn.Linear(3, 2), instance_noise.Annealed(Spy(2, 1), 0.5, 10)
    model = GAN(
        G,
        D,
        3,
        discriminator_step=instance_noise.BlurredDiscriminatorStep(),
        generator_step=instance_noise.BlurredGeneratorStep(),
    )
    nn.init.zeros_(G.weight)
    nn.init.zeros_(G.bias)
    batch = Ring().sample(4000, torch.Generator().manual_seed(0))
    model.update(batch._replace(x=torch.zeros(4000, 2)), torch.Generator().manual_seed(1))
    # Real and fake points are all 0 before the noise (the step of G comes before it moves).
    assert [x.std().item() for x in seen] == pytest.approx([0.5, 0.5, 0.45], abs=0.02)
    assert not torch.equal(seen[0], seen[1])


def test_a_rewound_run_has_the_noise_that_it_had():
    run = train(instance_noise.build(0, 2, 8, 1), Ring(), batch_size=8)
    run.advance()
    state = run.state_dict()
    first = [run.advance().losses for _ in range(3)]
    run.load_state_dict(state)
    assert [run.advance().losses for _ in range(3)] == first
    assert copy.deepcopy(run.model).discriminator.std == run.model.discriminator.std < 1.0


# Hinge.


@pytest.mark.parametrize(
    ("logit", "real", "fake"), [(-2.0, 3, 0), (-1.0, 2, 0), (0.0, 1, 1), (1.0, 0, 2), (3.0, 0, 4)]
)
def test_hinge(logit, real, fake):
    x = torch.tensor([logit])
    paid_by_fakes = hinge.hinge_discriminator_loss(torch.tensor([5.0]), x).item()
    assert hinge.hinge_discriminator_loss(x, torch.tensor([-5.0])).item() == real
    assert paid_by_fakes == fake
    assert hinge.hinge_generator_loss(x).item() == -logit


# Two time scales.


def test_each_optimiser_gets_its_rate():
    gan = GAN.mlp(hidden=8)
    assert two_time_scales.two_time_scales(gan, discriminator=0.4, generator=0.1) is gan
    rates = {n: [g["lr"] for g in o.param_groups] for n, o in gan.optimizers.items()}
    assert rates == {"discriminator": [0.4], "generator": [0.1]}
    with pytest.raises(SynthlabError, match="learning rate of the generator"):
        two_time_scales.two_time_scales(gan, discriminator=0.4, generator=0.0)
