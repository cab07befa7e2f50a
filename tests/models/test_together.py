"""Several runs at once are the runs one by one."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from synthlab.data import Batch, Ring
from synthlab.errors import SynthlabError
from synthlab.models.cures import CURES
from synthlab.models.gan import GAN
from synthlab.models.together import Together, stacked

SEEDS = (3, 4, 5)
STEPS = 12


def normal(n, width, generator=None):
    return torch.randn(n, width, generator=generator, dtype=torch.float64)


def fresh(name: str) -> list[GAN]:
    """GANs in float64: then two orders of one sum differ by 1e-16, and what is wrong shows."""
    models = [CURES[name].build(seed, noise_dim=3, hidden=8).double() for seed in SEEDS]
    for model in models:
        model.prior = normal
    return models


def batch(random: torch.Generator) -> Batch:
    return Batch(Ring().sample(16, random).x.double())


def generators() -> list[torch.Generator]:
    return [torch.Generator().manual_seed(seed) for seed in SEEDS]


@pytest.mark.parametrize("name", CURES)
def test_together_is_one_by_one(name):
    """Every weight of every run, and the losses, after a dozen steps.

    Rounding differs by some 1e-16 a step. Adam divides by the root of a mean square, so a
    gradient near 0 can make 1e-16 into 1e-10 or so; a wrong factor makes 1e-3 at once.
    """
    alone, random = fresh(name), generators()
    means = []
    for _ in range(STEPS):
        losses = [m.update(batch(g), g) for m, g in zip(alone, random, strict=True)]
        means.append({k: sum(one[k] for one in losses) / len(losses) for k in losses[0]})
    together, random = Together(fresh(name)), generators()
    for expected in means:
        assert together.update([batch(g) for g in random], random) == pytest.approx(expected)
    for part in ("generator", "discriminator"):
        ours = dict(getattr(together, part).named_parameters())
        for i, model in enumerate(alone):
            for key, value in getattr(model, part).named_parameters():
                mine = ours[key][i].reshape(value.shape)
                torch.testing.assert_close(mine, value, rtol=1e-7, atol=1e-7, msg=f"{part} {key}")
    samples = together.sample(5, generators())
    for i, (model, g) in enumerate(zip(alone, generators(), strict=True)):
        torch.testing.assert_close(samples[i], model.sample(5, g), rtol=1e-6, atol=1e-6)


def test_a_run_that_breaks_down_leaves_the_others_alone():
    models = fresh("vanilla")
    with torch.no_grad():
        models[1].generator[0].weight.fill_(torch.nan)
    together, random = Together(models), generators()
    for _ in range(2):
        together.update([batch(g) for g in random], random)
    finite = together.sample(5, generators()).isfinite().all(-1).all(-1)
    assert finite.tolist() == [True, False, True]


def test_the_models_themselves_stay_as_they_were():
    models, again = fresh("spectral_norm"), fresh("spectral_norm")
    together, random = Together(models), generators()
    together.update([batch(g) for g in random], random)
    for model, same in zip(models, again, strict=True):
        state = same.state_dict()
        assert all(torch.equal(v, state[k]) for k, v in model.state_dict().items())


def test_what_cannot_be_stacked():
    with pytest.raises(SynthlabError, match="A LayerNorm cannot be stacked"):
        stacked([nn.Sequential(nn.LayerNorm(3)), nn.Sequential(nn.LayerNorm(3))])
    with pytest.raises(SynthlabError, match="at least one model"):
        Together([])
    gan = GAN.mlp(hidden=8)
    gan.optimizers["generator"] = torch.optim.SGD(gan.generator.parameters(), 0.1)
    with pytest.raises(SynthlabError, match="with Adam"):
        Together([gan])
