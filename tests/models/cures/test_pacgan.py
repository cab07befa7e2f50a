"""Packing: all real or all fake, in order, nothing mixed."""

import pytest
import torch
from torch import nn

from synthlab.errors import SynthlabError
from synthlab.models.cures import Packed, pack


def test_rows_stand_side_by_side_in_their_order():
    x = torch.arange(12.0).reshape(6, 2)
    assert torch.equal(pack(x, 3), torch.arange(12.0).reshape(2, 6))
    assert torch.equal(pack(x, 1), x)


@pytest.mark.parametrize("m", [4, 0, -2])
def test_packs_that_do_not_come_out_even_are_refused(m):
    with pytest.raises(SynthlabError, match="6 rows cannot be packed"):
        pack(torch.zeros(6, 2), m)


def test_a_pack_sees_its_own_rows_alone():
    net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0))
    x = torch.randn(8, 2, requires_grad=True)
    logits = Packed(net, 2)(x)
    assert logits.shape == (4,)
    (g,) = torch.autograd.grad(logits[1], x)
    assert g.abs().sum(1).gt(0).tolist() == [False, False, True, True, *[False] * 4]


def test_a_pack_of_one_is_the_net():
    net = nn.Sequential(nn.Linear(2, 1), nn.Flatten(0))
    x = torch.randn(5, 2)
    assert torch.equal(Packed(net, 1)(x), net(x))
