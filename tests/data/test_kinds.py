"""Kinds of data: each accepts what its sources draw, and names what is wrong with anything else."""

from __future__ import annotations

import math

import pytest
import torch

from synthlab import data
from synthlab.data import Column, Images, Points, Series, Table, Tokens
from synthlab.errors import SynthlabError

NAN = math.nan
PEOPLE = Table(
    (
        Column("income", missing=True),
        Column("age", "integer"),
        Column("city", "categorical", ("Cairo", "Fes")),
    )
)
GOOD = [
    (Points(2), torch.zeros(3, 2)),
    (Points(2), torch.zeros(0, 2, dtype=torch.float64)),
    (Points(1), torch.zeros(3)),
    (Images(1, 2, 2, levels=17), torch.full((3, 1, 2, 2), 16)),
    (Images(1, 2, 2, levels=256), torch.full((3, 1, 2, 2), 255, dtype=torch.uint8)),
    (Images(3, 2, 2), torch.rand(5, 3, 2, 2)),
    (Tokens(4), torch.tensor([[0, 3]])),
    (Tokens(4, length=2), torch.tensor([[0, 3]])),
    (Series(5, 2), torch.zeros(3, 5, 2)),
    (PEOPLE, torch.tensor([[0.5, 30.0, 1.0], [NAN, 2.0, 0.0]], dtype=torch.float64)),
]
BAD = [
    (Points(2), [[0.0, 1.0]], "torch tensor, not list"),
    (Points(2), torch.zeros(3, 1), r"\(n, 2\), not \(3, 1\)"),
    (Points(1), torch.zeros(3, 1), r"\(n,\), not \(3, 1\)"),
    (Points(2), torch.zeros(3, 2, dtype=torch.int64), "floating-point numbers, not torch.int64"),
    (Points(2), torch.tensor([[0.0, NAN]]), "not finite"),
    (Images(1, 2, 2, levels=17), torch.zeros(3, 2, 2), r"\(n, 1, 2, 2\), not \(3, 2, 2\)"),
    (Images(1, 2, 2, levels=17), torch.zeros(3, 1, 2, 2), "whole numbers, not torch.float32"),
    (Images(1, 2, 2, levels=17), torch.full((1, 1, 2, 2), 17), "from 0 to 16; it holds 17 to 17"),
    (Images(1, 2, 2), torch.full((1, 1, 2, 2), -0.5), "from 0 to 1; it holds -0.5 to -0.5"),
    (Images(1, 2, 2), torch.full((1, 1, 2, 2), NAN), "not finite"),
    (Tokens(4), torch.tensor([[0, 4]]), "from 0 to 3"),
    (Tokens(4), torch.tensor([0, 1]), r"\(n, T\), not \(2,\)"),
    (Tokens(4, length=3), torch.tensor([[0, 1]]), r"\(n, 3\), not \(1, 2\)"),
    (Tokens(2), torch.tensor([[True, False]]), "whole numbers, not torch.bool"),
    (Series(5), torch.zeros(3, 5), r"\(n, 5, 1\)"),
    (PEOPLE, torch.tensor([[0.0, NAN, 0.0]]), "age has missing values"),
    (PEOPLE, torch.tensor([[0.0, 30.5, 0.0]]), "age holds values that are not whole"),
    (PEOPLE, torch.tensor([[math.inf, 30.0, 0.0]]), "income holds infinite"),
    (PEOPLE, torch.tensor([[0.0, 30.0, 2.0]]), "city must hold values from 0 to 1"),
]


@pytest.mark.parametrize(("kind", "x"), GOOD)
def test_what_is_of_a_kind_passes(kind, x):
    assert kind.check(x) is x
    assert kind == eval(repr(kind), vars(data))  # a plain value, which says what it is


@pytest.mark.parametrize(("kind", "x", "sentence"), BAD)
def test_what_is_not_gets_a_sentence(kind, x, sentence):
    with pytest.raises(SynthlabError, match=sentence):
        kind.check(x)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Column("sex", "binary"),
        lambda: Column("city", "categorical"),
        lambda: Column("age", "integer", ("old",)),
        lambda: Column("city", "categorical", ("Fes", "Fes")),
        lambda: Table(()),
        lambda: Table((Column("a"), Column("a"))),
    ],
)
def test_a_table_that_cannot_be_is_refused(wrong):
    with pytest.raises(SynthlabError):
        wrong()


SOURCES = [
    data.Checkerboard(),
    data.Digits(),
    data.Drawing([[0.0, 1.0]]),
    data.EightGaussians(),
    data.Grid(),
    data.Line(),
    data.Ring(),
    data.Spirals(),
    data.TwoMoons(),
]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: type(source).__name__)
def test_every_source_draws_what_it_declares(source):
    for n in (0, 5):
        x = source.sample(n, torch.Generator().manual_seed(0)).x
        assert source.kind.check(x).dtype is source.kind.dtype
        assert len(x) == n
