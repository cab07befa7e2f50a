"""Packing: which rows meet in a pack, and that m = 1 is the GAN."""

from __future__ import annotations

import pytest
import torch

from synthlab.data import Ring
from synthlab.errors import SynthlabError
from synthlab.models.cures import CURES, pacgan
from synthlab.models.gan import GAN


def test_every_row_is_whole_in_one_pack():
    x = torch.arange(12.0).view(6, 2)
    packs = pacgan.pack(x, 3)
    assert packs.shape == (2, 6)
    # Rows 0, 1, 2 are the numbers 0 to 5. Packing columns, or every second row, gives others.
    assert torch.equal(packs[0], torch.arange(6.0))
    assert torch.equal(packs[1], torch.arange(6.0, 12.0))
    assert torch.equal(packs.reshape(6, 2), x)


@pytest.mark.parametrize("m", [0, 4, 7, -1])
def test_rows_that_do_not_fit(m):
    with pytest.raises(SynthlabError, match=rf"6 rows cannot be packed by {m}"):
        pacgan.pack(torch.zeros(6, 2), m)


def test_the_discriminator_never_sees_real_beside_fake():
    seen = []

    class Spy(torch.nn.Linear):
        def forward(self, packs):
            seen.append(packs.detach().clone())
            return super().forward(packs)[:, 0]

    gan = GAN.mlp(noise_dim=3, hidden=8)
    with torch.no_grad():
        last = gan.generator[-1]
        last.weight.zero_()
        last.bias.fill_(-7.0)  # the sentinel of a fake row
    model = GAN(gan.generator, pacgan.Packed(Spy(8, 1), 4), 3)
    batch = Ring().sample(16, torch.Generator().manual_seed(0))
    model.update(batch._replace(x=torch.full((16, 2), 5.0)), torch.Generator(), ["discriminator"])
    assert [packs.shape for packs in seen] == [(4, 8), (4, 8)]
    assert {tuple(packs.unique().tolist()) for packs in seen} == {(5.0,), (-7.0,)}


def test_packs_of_one_are_the_gan():
    plain = CURES["vanilla"].build(1, 3, 8, 2)
    packed = pacgan.build(1, 3, 8, 2, m=1)
    for model in (plain, packed):
        random = torch.Generator().manual_seed(0)
        for _ in range(3):
            model.update(Ring().sample(8, random), random)
    pairs = zip(plain.parameters(), packed.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_logits_of_packs_see_the_whole_pack():
    D = CURES["pacgan"].build(0, 2, 8, 1).discriminator
    x = torch.randn(8, 2, generator=torch.Generator().manual_seed(0), requires_grad=True)
    logits = D(x)
    assert logits.shape == (2,)
    logits[0].backward()
    touched = x.grad.abs().sum(1) > 0
    assert touched.tolist() == [True] * 4 + [False] * 4
