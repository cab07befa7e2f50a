"""Histogram, Gaussian and mixture: densities that sum to 1, fit what they should, and sample it."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

from synthlab.data import EightGaussians, GaussianMixture, TwoMoons
from synthlab.errors import SynthlabError
from synthlab.metrics import energy_test, excess_nll
from synthlab.models.gaussian import FullGaussian
from synthlab.models.histogram import Histogram
from synthlab.models.mixture import Mixture


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


X = TwoMoons(std=0.1).sample(2000, seeded()).x

FITTED = {
    "histogram": Histogram(-2.0, 3.0, bins=25).fit(X),
    "gaussian": FullGaussian().fit(X),
    "mixture": Mixture(8).start(X, seeded()).fit(X, steps=20),
}
models = pytest.mark.parametrize("model", FITTED.values(), ids=FITTED)


@models
def test_densities_sum_to_one(model):
    # The midpoint rule on 600 x 600 points over [-6, 6]^2: a spacing of .02, and the window's
    # edge is at least 4 standard deviations of every component away.
    side = -6 + 0.02 * (torch.arange(600, dtype=torch.float64) + 0.5)
    mass = model.log_prob(torch.cartesian_prod(side, side)).exp().sum() * 0.02**2
    assert float(mass) == pytest.approx(1, abs=1e-3)


@models
def test_samples_come_from_the_density(model):
    # The NLL on own samples is the model's entropy; so is minus the integral of q log q.
    side = -6 + 0.02 * (torch.arange(600, dtype=torch.float64) + 0.5)
    log_q = model.log_prob(torch.cartesian_prod(side, side))
    entropy = -float(torch.nan_to_num(log_q.exp() * log_q, nan=0.0).sum()) * 0.02**2
    nll = -model.log_prob(model.sample(20_000, seeded(1)))
    # five standard errors
    assert float(nll.mean()) == pytest.approx(entropy, abs=5 * float(nll.std()) / 20_000**0.5)


@models
def test_the_same_generator_gives_the_same_samples(model):
    assert torch.equal(model.sample(50, seeded(3)), model.sample(50, seeded(3)))
    assert not torch.equal(model.sample(50, seeded(3)), model.sample(50, seeded(4)))
    assert model.sample(0, seeded()).shape == (0, 2)


@models
def test_dtype_and_state(model):
    assert model.log_prob(X).dtype == torch.float32
    assert model.log_prob(X.double()).dtype == torch.float64
    assert not any(p.requires_grad for p in model.parameters())
    assert model.state_dict()


def test_histogram_by_hand():
    # Bins [0, .5) and [.5, 1]: 3 and 1 of 4 samples; plus one each: 4/6 and 2/6 on width 1/2.
    x = torch.tensor([0.0, 0.1, 0.4, 1.0])
    h = Histogram(0.0, 1.0, bins=2, dim=1).fit(x)
    assert h.log_prob(torch.tensor([0.2])).item() == pytest.approx(math.log(4 / 3))
    assert h.log_prob(torch.tensor([0.5, 1.0])).exp().tolist() == pytest.approx([2 / 3, 2 / 3])
    assert h.log_prob(torch.tensor([-0.1, 1.1])).tolist() == [-math.inf, -math.inf]
    plain = Histogram(0.0, 1.0, bins=4, dim=1, pseudocount=0).fit(x)
    assert plain.log_prob(torch.tensor([0.6])).item() == -math.inf


def test_histogram_axes_do_not_mix():
    h = Histogram(0.0, 1.0, bins=2, pseudocount=0).fit(torch.tensor([[0.1, 0.9]]))
    assert h.log_prob(torch.tensor([[0.2, 0.8], [0.8, 0.2]])).tolist() == [
        pytest.approx(math.log(4)),
        -math.inf,
    ]


def test_the_gaussian_has_the_moments_of_its_data():
    g = FullGaussian().fit(X)
    assert torch.allclose(g.mean, X.double().mean(0))
    assert torch.allclose(g.covariance, torch.cov(X.double().T, correction=0))
    exact = torch.distributions.MultivariateNormal(g.mean, g.covariance).log_prob(X.double())
    assert torch.allclose(g.log_prob(X.double()), exact)


def test_em_never_lowers_the_likelihood():
    mixture = Mixture(5).start(X, seeded())
    found = []
    for _ in range(30):
        found.append(float(mixture.log_prob(X.double()).mean()))
        mixture.fit(X)
    assert all(b >= a - 1e-12 for a, b in itertools.pairwise(found))
    assert found[-1] > found[0] + 0.01


def test_em_finds_well_separated_components():
    source = GaussianMixture(means=[[-3.0, 0.0], [3.0, 1.0]], std=0.5, weights=[0.8, 0.2])
    x = source.sample(5000, seeded()).x
    mixture = Mixture(2).start(x, seeded()).fit(x, steps=50)
    order = mixture.means[:, 0].argsort()
    # standard errors: .5 / sqrt(1000) = .016 for a mean, .006 for a share; five of them
    assert torch.allclose(mixture.means[order], source.means, atol=0.08)
    assert mixture.weights[order].tolist() == pytest.approx([0.8, 0.2], abs=0.03)


def test_with_the_right_family_the_excess_goes_to_zero():
    source = EightGaussians()
    x = source.sample(20_000, seeded()).x
    mixture = Mixture(8).start(x, seeded(2)).fit(x, steps=100)
    held_out = source.sample(20_000, seeded(9)).x
    # 31 free numbers cost 31 / 2n = .0008 nats (Wilks); the interval is some .001 wide.
    assert excess_nll(mixture, source, held_out).value < 0.005
    assert energy_test(mixture.sample(500, seeded(5)), held_out[:500]).p_value > 0.001


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Histogram(1.0, 0.0, bins=4),
        lambda: Histogram(0.0, 1.0, bins=0),
        lambda: Histogram(0.0, 1.0, bins=4, dim=3),
        lambda: Histogram(0.0, 1.0, bins=4, pseudocount=-1),
        lambda: Histogram(0.0, 1.0, bins=4).fit(torch.zeros(3)),
        lambda: FullGaussian().fit(torch.ones(5, 2)),
        lambda: Mixture(0),
        lambda: Mixture(3).start(torch.zeros(0, 2)),
    ],
)
def test_bad_input_gets_a_sentence(wrong):
    with pytest.raises(SynthlabError):
        wrong()
