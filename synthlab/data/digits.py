"""Handwritten digits: real images, small enough to learn in seconds."""

from __future__ import annotations

from functools import cache

import torch

from synthlab.data.finite import Finite, Split
from synthlab.data.kinds import Images
from synthlab.data.source import Batch


class Digits:
    """1,797 handwritten digits of 8 x 8 pixels with 17 levels (Alpaydin and Kaynak, 1998).

    They are scikit-learn's. Their true density is nobody's to know; what any model of them must
    beat is the uniform one: ``log 17`` nats a pixel, 181.3 an image, ``log2 17 = 4.087`` bits per
    dimension.

    The split is fixed: 1,497 images to train on, and 150 for validation and 150 for the test, 15
    of each digit. `sample` draws from the first part alone, so that training sees no other.

    >>> x, label = Digits().sample(4, torch.Generator().manual_seed(0))
    >>> x.shape, x.dtype, label.dtype
    (torch.Size([4, 1, 8, 8]), torch.int64, torch.int64)
    >>> [len(part) for part in Digits().split()]
    [1497, 150, 150]
    """

    kind = Images(1, 8, 8, levels=17)

    def sample(self, n: int, generator: torch.Generator | None = None) -> Batch:
        """Draw training images ``(n, 1, 8, 8)`` with replacement, and their labels ``(n,)``."""
        return _parts().train.sample(n, generator)

    def split(self) -> Split:
        """The images to train on, those for validation and those for the test."""
        return _parts()

    def __repr__(self) -> str:
        return "Digits()"


@cache
def _parts() -> Split:
    from sklearn.datasets import load_digits  # takes a second: only for those who want digits

    digits = load_digits()
    images = torch.from_numpy(digits.images).long()[:, None]  # (1797, 1, 8, 8)
    return Finite(Digits.kind, images, torch.from_numpy(digits.target)).split()
