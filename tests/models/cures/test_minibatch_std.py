"""Minibatch standard deviation."""

import torch

from synthlab.models.cures import MinibatchStd


def test_it_appends_one_number_the_same_for_every_row():
    x = torch.randn(16, 5)
    out = MinibatchStd()(x)
    assert out.shape == (16, 6)
    assert torch.equal(out[:, :5], x)
    assert torch.allclose(out[:, 5], x.std(0, correction=0).mean().expand(16))


def test_equal_rows_have_none_and_a_finite_gradient():
    x = torch.ones(16, 5, requires_grad=True)
    out = MinibatchStd()(x)
    assert out[:, 5].eq(0).all()
    out.sum().backward()
    assert x.grad.isfinite().all()


def test_it_grows_with_the_spread_over_the_batch_not_over_the_features():
    x = torch.randn(16, 5)
    assert torch.allclose(MinibatchStd()(3 * x)[0, 5], 3 * MinibatchStd()(x)[0, 5])
    across = torch.randn(1, 5).expand(16, 5)  # features differ, rows do not
    assert MinibatchStd()(across)[0, 5] < 1e-5
