"""Finite data: samples that are all there is, and their split."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from synthlab.data.kinds import Kind
from synthlab.data.source import Batch, check_count, use_generator
from synthlab.errors import SynthlabError


class Finite:
    """A fixed set of samples, drawn from with replacement.

    Args:
        kind: What the samples are.
        x: All of them, ``(N, *kind.shape)``.
        condition: Their labels, ``(N,)`` in int64, or None.

    Raises:
        SynthlabError: When there are no samples, when they are not of that kind, or when there
            are more or fewer labels.

    >>> from synthlab.data.kinds import Points
    >>> data = Finite(Points(1), torch.arange(24.0))
    >>> [len(part) for part in data.split()]
    [20, 2, 2]
    """

    def __init__(self, kind: Kind, x: Tensor, condition: Tensor | None = None) -> None:
        self.kind, self.x, self.condition = kind, kind.check(x), condition
        if not len(x):
            raise SynthlabError("{name} holds no samples.", name="x")
        if condition is not None and condition.shape != (len(x),):
            raise SynthlabError(
                "{name} must have the shape {shape}, not {found}.",
                name="condition",
                shape=(len(x),),
                found=tuple(condition.shape),
            )

    def __len__(self) -> int:
        return len(self.x)

    def sample(self, n: int, generator: torch.Generator | None = None) -> Batch:
        """Draw ``n`` samples; each time, all are equally likely."""
        n, generator = check_count(n, "n", 0), use_generator(generator)
        return self._take(torch.randint(len(self), (n,), generator=generator))

    def split(self) -> Split:
        """Three parts that have no sample in common; nothing about them is random.

        Of each label's samples, in their order, every twelfth is held out for validation and
        every twelfth for the test. So the parts have the labels in equal shares, and each has
        something of the beginning, the middle and the end.
        """
        labels = torch.zeros(len(self)) if self.condition is None else self.condition
        place = torch.empty(len(self), dtype=torch.int64)  # of a sample among those of its label
        for label in labels.unique():
            same = labels == label
            place[same] = torch.arange(int(same.sum()))
        turn = place % 12
        parts = ((turn != 3) & (turn != 5), turn == 3, turn == 5)
        return Split(*(Finite(self.kind, *self._take(part)) for part in parts))

    def _take(self, which: Tensor) -> Batch:
        return Batch(self.x[which], None if self.condition is None else self.condition[which])


class Split(NamedTuple):
    """The parts of finite data: to train on, to choose by, and to report on once."""

    train: Finite
    validation: Finite
    test: Finite
