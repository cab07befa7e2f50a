"""Samples as they come become one tensor of the kind that was asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from synthlab.data import Column, Images, Points, Table, Tokens
from synthlab.data.samples import as_samples
from synthlab.errors import SynthlabError

ROWS = Table((Column("income", missing=True), Column("age", "integer")))


@pytest.mark.parametrize(
    ("x", "kind", "dtype", "shape"),
    [
        ([[1, 2], [3, 4]], Points(2), torch.float64, (2, 2)),
        ([0.5, 1.5], Points(1), torch.float64, (2,)),
        (torch.zeros(3, 2, requires_grad=True), Points(2), torch.float64, (3, 2)),
        (np.ones((3, 1, 8, 8), np.uint8), Images(1, 8, 8, levels=17), torch.uint8, (3, 1, 8, 8)),
        (np.ones((3, 1, 8, 8), np.float32), Images(1, 8, 8), torch.float64, (3, 1, 8, 8)),
        ([[0, 1, 2]], Tokens(3), torch.int64, (1, 3)),
        ([[math.nan, 30.0]], ROWS, torch.float64, (1, 2)),
        (np.ones((3, 1, 8, 8), np.uint8), None, torch.float64, (3, 64)),
        (torch.ones(3, 5), None, torch.float64, (3, 5)),
    ],
)
def test_what_comes_is_made_into_its_kind(x, kind, dtype, shape):
    samples = as_samples(x, "x", kind)
    assert (samples.dtype, tuple(samples.shape)) == (dtype, shape)
    assert not samples.requires_grad


@pytest.mark.parametrize(
    ("x", "kind", "sentence"),
    [
        ("points", None, "table of numbers"),
        (1.0, Points(2), r"\(n, 2\), not \(\)"),
        ([1.0], None, r"\(n, d\), not \(1,\)"),
        ([[1.0]], Points(2), r"\(n, 2\), not \(1, 1\)"),
        (torch.zeros(0, 2), Points(2), "no samples"),
        ([[0.0, 1.0], [math.nan, 0.0]], Points(2), "1 sample that is not finite"),
        ([[0.0, math.nan]], ROWS, "age has missing values"),
        ([[0, 3]], Tokens(3), "from 0 to 2"),
    ],
)
def test_what_cannot_be_gets_a_sentence(x, kind, sentence):
    with pytest.raises(SynthlabError, match=sentence):
        as_samples(x, "x", kind)
