"""GANs advanced together learn what they would learn one by one."""

import pytest
import torch

from synthlab.data import Ring
from synthlab.ensemble import Ensemble
from synthlab.errors import SynthlabError
from synthlab.models.cures import CURES
from synthlab.training import train

SEEDS = (0, 1, 5)


def build(name, seed):
    return CURES[name].build(seed, noise_dim=4, hidden=16).double()


class DoubleRing(Ring):
    """The ring in double precision: rounding stays far below what training amplifies."""

    def sample(self, n, generator=None):
        batch = super().sample(n, generator)
        return type(batch)(batch.x.double())


@pytest.fixture
def double(monkeypatch):
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.mark.parametrize("name", ["vanilla", "pacgan", "hinge", "minibatch_std"])
def test_it_is_the_same_training(double, name):
    ensemble = Ensemble([build(name, s) for s in SEEDS], DoubleRing(), SEEDS, batch_size=32)
    together = [ensemble.advance() for _ in range(40)]
    for index, (seed, model) in enumerate(zip(SEEDS, ensemble.finish(), strict=True)):
        run = train(build(name, seed), DoubleRing(), steps=40, seed=seed, batch_size=32)
        for ours, step in zip(together, run, strict=True):
            for part, loss in step.losses.items():
                assert ours[part][index].item() == pytest.approx(loss, abs=1e-8), part
        for a, b in zip(model.parameters(), run.model.parameters(), strict=True):
            assert torch.allclose(a, b, atol=1e-8)


@pytest.mark.parametrize("name", ["wgan_gp", "unrolled", "instance_noise"])
def test_steps_of_their_own_are_refused(name):
    with pytest.raises(SynthlabError, match="plain steps"):
        Ensemble([build(name, 0)], Ring(), [0])


def test_a_seed_for_each_model():
    with pytest.raises(SynthlabError, match="one seed for each"):
        Ensemble([build("vanilla", 0)], Ring(), [0, 1])
