"""The histogram a pixel: exact counts, a probability that sums to 1, the known number on digits."""

from __future__ import annotations

import itertools
import math

import pytest
import torch

from synthlab.data import Digits, Images
from synthlab.data.source import Batch
from synthlab.errors import SynthlabError
from synthlab.models.pixel_histogram import PixelHistogram
from synthlab.training import train

TINY = Images(1, 2, 2, levels=3)
X = torch.tensor([[0, 1, 2, 2], [0, 1, 2, 0], [0, 2, 2, 1]]).reshape(3, 1, 2, 2)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_mass_by_hand():
    # (n_k + 1) / (3 + 3): pixels 1 to 4 have the counts 300, 021, 003 and 111.
    mass = PixelHistogram(TINY).fit(X).mass.reshape(4, 3)
    hand = torch.tensor([[4, 1, 1], [1, 3, 2], [1, 1, 4], [2, 2, 2]], dtype=torch.float64) / 6
    assert torch.allclose(mass, hand)
    nearly_counted = PixelHistogram(TINY, pseudocount=1e-9).fit(X).mass.reshape(4, 3)
    frequencies = torch.tensor([[3, 0, 0], [0, 2, 1], [0, 0, 3], [1, 1, 1]]) / 3
    assert torch.allclose(nearly_counted, frequencies.double())


def test_the_probabilities_of_all_images_sum_to_one():
    every = torch.tensor(list(itertools.product(range(3), repeat=4))).reshape(81, 1, 2, 2)
    log_prob = PixelHistogram(TINY).fit(X).log_prob(every)
    assert log_prob.shape == (81,)
    assert float(log_prob.exp().sum()) == pytest.approx(1, abs=1e-12)


def test_samples_have_the_mass():
    model = PixelHistogram(TINY).fit(X)
    x = model.sample(6000, seeded())
    share = torch.nn.functional.one_hot(x, 3).double().mean(0)
    # five standard deviations of a share of at most 1/2 in 6,000
    assert float((share - model.mass).abs().max()) < 5 * 0.5 / math.sqrt(6000)
    assert TINY.check(model.sample(0, seeded())).shape == (0, 1, 2, 2)
    assert torch.equal(x, model.sample(6000, seeded()))


def test_a_run_counts_its_batches():
    source = Digits()
    run = train(PixelHistogram(source.kind), source, steps=20, batch_size=100, seed=1)
    losses = [step.losses["nll"] for step in run]
    assert losses[0] == pytest.approx(64 * math.log(17))  # nothing counted: log2(17) bits a pixel
    assert losses[-1] < 110
    assert run.model.counts.sum(-1).unique().tolist() == [2000]
    other = train(PixelHistogram(source.kind), source, steps=20, batch_size=100)
    other.load_state_dict(run.state_dict())
    assert torch.equal(other.model.counts, run.model.counts)
    assert other.advance().losses == run.advance().losses


def test_digits_held_out():
    parts = Digits().split()
    nll = -PixelHistogram(Digits.kind).fit(parts.train.x).log_prob(parts.test.x)
    # Counting a fixed split gives one number; its standard error over other images is 0.7.
    assert float(nll.mean()) == pytest.approx(108.43, abs=0.005)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: PixelHistogram(Images(1, 8, 8)),
        lambda: PixelHistogram(TINY, pseudocount=0),
        lambda: PixelHistogram(TINY).fit(X.float()),
        lambda: PixelHistogram(TINY).log_prob(X + 1),
        lambda: PixelHistogram(TINY).update(Batch(X[:, 0]), seeded()),
    ],
)
def test_bad_input_gets_a_sentence(wrong):
    with pytest.raises(SynthlabError):
        wrong()
