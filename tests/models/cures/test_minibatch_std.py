"""The appended column: over which axis, within which group, and what it sees."""

from __future__ import annotations

import pytest
import torch

from synthlab.errors import SynthlabError
from synthlab.models.cures.minibatch_std import MinibatchStd


def batch(n: int = 12):
    return torch.randn(n, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_equal_rows_have_none():
    x = torch.tensor([[1.0, 2.0, 9.0]]).expand(6, 3)
    column = MinibatchStd()(x)[:, 3]
    # Over the columns of a row (1, 2, 9) it would be 3.6; what is left is sqrt(1e-8).
    assert column.tolist() == pytest.approx([1e-4] * 6, rel=1e-3)


def test_it_is_the_mean_of_the_columns_deviations_and_scales():
    x = batch()
    y = MinibatchStd()(x)
    assert torch.equal(y[:, :3], x)
    expected = x.std(0, correction=0).mean()
    torch.testing.assert_close(y[:, 3], expected.expand(12), rtol=1e-6, atol=0)
    torch.testing.assert_close(MinibatchStd()(5 * x)[:, 3], 5 * y[:, 3], rtol=1e-6, atol=0)


def test_groups_are_neighbours_and_do_not_see_each_other():
    x = batch()
    whole, column = MinibatchStd(), MinibatchStd(group=4)(x)[:, 3]
    for i in range(3):
        part = x[4 * i : 4 * i + 4]
        torch.testing.assert_close(column[4 * i : 4 * i + 4], whole(part)[:, 3])
    assert len(column.unique()) == 3


def test_gradient_is_finite_where_nothing_varies():
    x = torch.ones(4, 2, requires_grad=True)
    MinibatchStd()(x).sum().backward()
    assert torch.isfinite(x.grad).all()


def test_a_batch_that_does_not_divide():
    with pytest.raises(SynthlabError, match="12 rows cannot be divided into groups of 5"):
        MinibatchStd(group=5)(batch())
