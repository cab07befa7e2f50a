"""The registry: every cure is a GAN like any other."""

from __future__ import annotations

import math

import pytest
import torch

from synthlab.data import Ring
from synthlab.models.cures import CURES
from synthlab.training import train


def test_vanilla_comes_first_and_ids_are_names_of_modules():
    assert next(iter(CURES)) == "vanilla"
    assert all(name == cure.id and name.isidentifier() for name, cure in CURES.items())
    assert {"pacgan", "wgan_gp", "r1", "unrolled"} < set(CURES)
    with pytest.raises(TypeError):
        CURES["mine"] = CURES["vanilla"]


@pytest.mark.parametrize("name", CURES)
def test_every_cure_trains_saves_and_samples(name):
    """Rewound, it makes the same steps again: its state is saved, its chance is the run's."""
    state = torch.random.get_rng_state()
    run = train(CURES[name].build(seed=1, hidden=16), Ring(), batch_size=16)
    run.advance()
    saved = run.state_dict()
    first = [run.advance().losses for _ in range(3)]
    assert all(math.isfinite(loss) for losses in first for loss in losses.values())
    run.load_state_dict(saved)
    assert [run.advance().losses for _ in range(3)] == first
    branch = run.branch()
    assert branch.advance().losses == run.advance().losses
    assert run.model.sample(5).shape == (5, 2)
    assert run.model.sample(5).isfinite().all()
    assert torch.equal(torch.random.get_rng_state(), state)


@pytest.mark.parametrize("name", CURES)
def test_one_seed_one_generator_for_all(name):
    ours = CURES[name].build(seed=2, hidden=8).generator
    vanilla = CURES["vanilla"].build(seed=2, hidden=8).generator
    pairs = zip(ours.parameters(), vanilla.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("name", CURES)
def test_each_part_moves_alone(name):
    model, random = CURES[name].build(seed=2, hidden=8), torch.Generator().manual_seed(0)
    batch = Ring().sample(16, random)
    for part, other in (("generator", "discriminator"), ("discriminator", "generator")):
        still = [p.detach().clone() for p in getattr(model, other).parameters()]
        moving = [p.detach().clone() for p in getattr(model, part).parameters()]
        assert list(model.update(batch, random, [part])) == [part]
        now = getattr(model, other).parameters()
        assert all(torch.equal(a, b) for a, b in zip(still, now, strict=True))
        now = getattr(model, part).parameters()
        assert not all(torch.equal(a, b) for a, b in zip(moving, now, strict=True))
