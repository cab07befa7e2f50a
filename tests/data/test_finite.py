"""Finite data, digits among it: drawn with replacement, split without overlap."""

from __future__ import annotations

import pytest
import torch

from synthlab.data import Digits, Finite, Points
from synthlab.errors import SynthlabError


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_samples_are_drawn_with_replacement_and_keep_their_label():
    data = Finite(Points(1), torch.tensor([1.0, 2.0, 3.0, 4.0]), torch.tensor([10, 20, 30, 40]))
    x, label = data.sample(4000, seeded())
    assert torch.equal(label, (10 * x).long())
    # 1,000 of each are expected; the standard deviation is sqrt(4000 / 4 * 3 / 4) = 27; five.
    assert all(abs(int((x == value).sum()) - 1000) < 137 for value in data.x)
    assert torch.equal(data.sample(9, seeded(3)).x, data.sample(9, seeded(3)).x)
    assert Finite(Points(1), data.x).sample(2, seeded()).condition is None


def test_the_parts_cover_everything_once():
    x = torch.arange(100.0)
    labels = torch.arange(100) % 3
    for data in (Finite(Points(1), x), Finite(Points(1), x, labels)):
        parts = data.split()
        assert torch.equal(torch.cat([part.x for part in parts]).sort().values, x)
        assert all(torch.equal(a.x, b.x) for a, b in zip(parts, data.split(), strict=True))
    # 34, 33 and 33 samples have the labels 0, 1 and 2: places 3, 15, 27 and 5, 17, 29 of each.
    assert [len(part) for part in parts] == [82, 9, 9]
    assert parts.test.condition.bincount().tolist() == [3, 3, 3]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Finite(Points(2), torch.zeros(0, 2)),
        lambda: Finite(Points(2), torch.zeros(3)),
        lambda: Finite(Points(2), torch.zeros(3, 2), torch.zeros(2)),
        lambda: Finite(Points(1), torch.zeros(3)).sample(-1),
    ],
)
def test_bad_input_gets_a_sentence(wrong):
    with pytest.raises(SynthlabError):
        wrong()


def test_digits_are_split_as_documented():
    train, validation, test = Digits().split()
    assert [len(part) for part in (train, validation, test)] == [1497, 150, 150]
    for part in (validation, test):
        assert part.condition.bincount().tolist() == [15] * 10
    images = torch.cat([part.x for part in Digits().split()])
    assert images.unique().tolist() == list(range(17))
    # No image stands in two parts; that takes all 1,797 to be different, which they are.
    assert len(images.flatten(1).unique(dim=0)) == 1797


def test_digits_are_drawn_from_the_training_part_alone():
    x, label = Digits().sample(500, seeded())
    train = Digits().split().train
    same = (x[:, None] == train.x[None]).flatten(2).all(2)  # (500, 1497)
    assert same.any(1).all()
    assert torch.equal(train.condition[same.int().argmax(1)], label)
