"""Every cure as a whole: the same start, the same run again, and each piece at its place."""

import copy

import pytest
import torch

from synthlab.data import Ring
from synthlab.models.cures import CURES, EveryNth, InstanceNoise, two_time_scales
from synthlab.training import train

SMALL = {"seed": 3, "noise_dim": 4, "hidden": 16}


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


@pytest.mark.parametrize("name", CURES)
def test_it_trains_both_networks_the_same_way_again(name):
    ends = []
    for _ in range(2):
        model = CURES[name].build(**SMALL)
        before = copy.deepcopy(model)
        for _step in train(model, Ring(), steps=6, seed=1, batch_size=32):
            pass
        for part in ("generator", "discriminator"):
            moved = weights(getattr(model, part)) - weights(getattr(before, part))
            assert moved.abs().max() > 0, part
        ends.append(weights(model))
    assert torch.equal(*ends)
    assert model.sample(7).shape == (7, 2)


@pytest.mark.parametrize("name", CURES)
def test_a_run_goes_on_from_a_saved_state(name):
    run = train(CURES[name].build(**SMALL), Ring(), steps=None, seed=1, batch_size=32)
    for _ in range(3):
        run.advance()
    state = run.state_dict()
    losses = [run.advance().losses for _ in range(6)]
    run.load_state_dict(state)
    assert [run.advance().losses for _ in range(6)] == losses
    run.load_state_dict(state)
    branch = run.branch()
    assert [branch.advance().losses for _ in range(6)] == losses


def test_all_begin_with_the_same_generator():
    first = weights(CURES["vanilla"].build(**SMALL).generator)
    assert all(torch.equal(first, weights(c.build(**SMALL).generator)) for c in CURES.values())


def test_every_nth_moves_the_generator_on_every_nth_call():
    model = CURES["wgan_gp"].build(**SMALL)
    assert isinstance(model.generator_step, EveryNth)
    moves = []
    run = train(model, Ring(), steps=None, batch_size=32)
    for _ in range(10):
        before = weights(model.generator).clone()
        run.advance()
        moves.append(not torch.equal(before, weights(model.generator)))
    assert moves == [False] * 4 + [True] + [False] * 4 + [True]


def test_instance_noise_falls_in_a_straight_line_to_nothing():
    noise = InstanceNoise(std=0.4, steps=4)
    sigmas = []
    for _ in range(6):
        sigmas.append(noise.sigma)
        noise.clock += 1
    assert sigmas == pytest.approx([0.4, 0.3, 0.2, 0.1, 0.0, 0.0])


def test_instance_noise_blurs_real_and_fake_alike():
    seen = []

    class Watched(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.w = torch.nn.Parameter(torch.zeros(2))

        def forward(self, x):
            seen.append(x.detach())
            return x @ self.w

    noise, D = InstanceNoise(std=0.5, steps=10), Watched()
    zeros = torch.nn.Linear(2, 2, bias=False)
    torch.nn.init.zeros_(zeros.weight)
    optimizer = torch.optim.SGD(D.parameters(), 0.1)
    rng = torch.Generator().manual_seed(0)
    rows = torch.zeros(4000, 2)
    noise.discriminator_step(zeros, D, optimizer, rows, rows, rng=rng)
    noise(zeros, D, torch.optim.SGD(zeros.parameters(), 0.1), rows, rng=rng)
    assert len(seen) == 3
    for x in seen:  # the standard error of σ is 0.5 / sqrt(16000), so 0.02 is five of them
        assert abs(x.std().item() - 0.5) < 0.02
    assert not torch.equal(seen[0], seen[1])


def test_two_time_scales_are_two_rates():
    model = two_time_scales(CURES["vanilla"].build(**SMALL), discriminator=4e-3, generator=1e-4)
    rates = {k: o.param_groups[0]["lr"] for k, o in model.optimizers.items()}
    assert rates == {"discriminator": 4e-3, "generator": 1e-4}
