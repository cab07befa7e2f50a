"""Kinds of data: shape, type and range of the samples that a source draws.

A kind describes one sample; the batch axis comes in front of it. It is a plain value that two
sources may share, and it checks what claims to be of its kind.

>>> digits = Images(1, 8, 8, levels=17)
>>> digits.shape, digits.dtype
((1, 8, 8), torch.int64)
>>> digits.check(torch.zeros(5, 1, 8, 9, dtype=torch.int64))
Traceback (most recent call last):
    ...
synthlab.errors.SynthlabError: x must have the shape (n, 1, 8, 8), not (5, 1, 8, 9).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from synthlab.errors import SynthlabError


class Kind(ABC):
    """The base of `Points`, `Images`, `Tokens`, `Table` and `Series`."""

    @property
    @abstractmethod
    def shape(self) -> tuple[int | str, ...]:
        """The shape of one sample; a letter stands for an axis of any length."""

    @property
    def dtype(self) -> torch.dtype:
        """The dtype in which a source draws it."""
        return torch.float32

    def check(self, x: object, name: str = "x") -> Tensor:
        """``x`` when it is a batch ``(n, *shape)`` of this kind, of any width of its dtype.

        Raises:
            SynthlabError: Says which of type, shape, dtype, finiteness and range is wrong.
        """
        if not isinstance(x, Tensor):
            raise SynthlabError(
                "{name} must be a torch tensor, not {type}.", name=name, type=type(x).__name__
            )
        axes = zip(self.shape, x.shape[1:], strict=False)
        fits = all(isinstance(want, str) or want == have for want, have in axes)
        if x.ndim != 1 + len(self.shape) or not fits:
            raise SynthlabError(
                "{name} must have the shape {shape}, not {found}.",
                name=name,
                shape=shape_text(("n", *self.shape)),
                found=tuple(x.shape),
            )
        floating = self.dtype.is_floating_point
        if not (x.is_floating_point() if floating else _whole(x.dtype)):
            raise SynthlabError(
                "{name} must hold floating-point numbers, not {dtype}."
                if floating
                else "{name} must hold whole numbers, not {dtype}.",
                name=name,
                dtype=x.dtype,
            )
        self._check_values(x, name)
        return x

    def _check_values(self, x: Tensor, name: str) -> None:
        _finite(x, name)


@dataclass(frozen=True)
class Points(Kind):
    """Points ``(n, dim)`` in float32; on the line they are numbers ``(n,)``."""

    dim: int = 2

    @property
    def shape(self) -> tuple[int | str, ...]:
        """``(dim,)``, and ``()`` on the line."""
        return () if self.dim == 1 else (self.dim,)


@dataclass(frozen=True)
class Images(Kind):
    """Images ``(n, channels, height, width)``.

    Attributes:
        channels: 1 for grey images, 3 for red, green and blue.
        levels: Pixels are whole numbers from 0 to ``levels - 1``, in int64. None means
            intensities from 0 to 1, in float32.
    """

    channels: int
    height: int
    width: int
    levels: int | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """``(channels, height, width)``."""
        return self.channels, self.height, self.width

    @property
    def dtype(self) -> torch.dtype:
        """int64 for levels, which indices and cross-entropies take; float32 otherwise."""
        return torch.float32 if self.levels is None else torch.int64

    @property
    def white(self) -> int:
        """The highest value of a pixel."""
        return 1 if self.levels is None else self.levels - 1

    def _check_values(self, x: Tensor, name: str) -> None:
        if self.levels is None:
            _finite(x, name)
        _within(x, self.white, name)


@dataclass(frozen=True)
class Tokens(Kind):
    """Sequences ``(n, length)`` of numbers from 0 to ``vocabulary - 1``, in int64.

    Attributes:
        vocabulary: How many different tokens there are.
        length: Tokens in a sequence; None means any number, the same in a whole batch.
    """

    vocabulary: int
    length: int | None = None

    @property
    def shape(self) -> tuple[int | str, ...]:
        """``(length,)``, or ``("T",)`` for any length."""
        return ("T" if self.length is None else self.length,)

    @property
    def dtype(self) -> torch.dtype:
        """int64, which embeddings take."""
        return torch.int64

    def _check_values(self, x: Tensor, name: str) -> None:
        _within(x, self.vocabulary - 1, name)


@dataclass(frozen=True)
class Series(Kind):
    """Series ``(n, length, dim)`` of ``dim`` numbers at each of ``length`` times, in float32."""

    length: int
    dim: int = 1

    @property
    def shape(self) -> tuple[int | str, ...]:
        """``(length, dim)``."""
        return self.length, self.dim


@dataclass(frozen=True)
class Column:
    """A named column of a table.

    Attributes:
        name: Its name, unique in the table.
        type: Any number, whole numbers, or one of the categories.
        categories: The categories' names, in the order of their codes 0, 1, …
        missing: Whether values may be missing; they are NaN.
    """

    name: str
    type: Literal["continuous", "integer", "categorical"] = "continuous"
    categories: tuple[str, ...] = ()
    missing: bool = False

    def __post_init__(self) -> None:
        if self.type not in ("continuous", "integer", "categorical"):
            raise SynthlabError(
                "A column is continuous, integer or categorical, not {type!r}.", type=self.type
            )
        categorical = self.type == "categorical"
        distinct = len(set(self.categories)) == len(self.categories)
        if categorical != bool(self.categories) or not distinct:
            raise SynthlabError(
                "A categorical column, and no other, has categories, each once: {column}.",
                column=self.name,
            )

    def check(self, values: Tensor) -> None:
        """Raise SynthlabError when some of the values ``(n,)`` cannot stand in this column."""
        there = values[~values.isnan()]
        if len(there) < len(values) and not self.missing:
            raise SynthlabError("The column {column} has missing values.", column=self.name)
        if there.isinf().any():
            raise SynthlabError("The column {column} holds infinite values.", column=self.name)
        if self.type != "continuous" and (there != there.round()).any():
            raise SynthlabError(
                "The column {column} holds values that are not whole numbers.",
                column=self.name,
            )
        if self.type == "categorical":
            _within(there, len(self.categories) - 1, self.name)


@dataclass(frozen=True)
class Table(Kind):
    """Rows ``(n, columns)`` of named, typed columns, in float64.

    A category is its code and a missing value is NaN, so that a row is a row of numbers; float64
    is exact for whole numbers up to 2^53.
    """

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if not names or len(set(names)) < len(names):
            raise SynthlabError("A table needs at least one column, and each name once.")

    @property
    def shape(self) -> tuple[int | str, ...]:
        """``(columns,)``."""
        return (len(self.columns),)

    @property
    def dtype(self) -> torch.dtype:
        """float64."""
        return torch.float64

    def _check_values(self, x: Tensor, name: str) -> None:
        for column, values in zip(self.columns, x.T, strict=True):
            column.check(values)


def shape_text(axes: tuple[int | str, ...]) -> str:
    """A shape as Python writes it, with letters for the axes of any length.

    >>> shape_text(("n", 2)), shape_text(("n",))
    ('(n, 2)', '(n,)')
    """
    return f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(map(str, axes))})"


def _whole(dtype: torch.dtype) -> bool:
    return not (dtype.is_floating_point or dtype.is_complex or dtype is torch.bool)


def _finite(x: Tensor, name: str) -> None:
    if not torch.isfinite(x).all():
        raise SynthlabError("{name} holds values that are not finite (NaN or infinity).", name=name)


def _within(x: Tensor, highest: int, name: str) -> None:
    if x.numel() and not (x.min() >= 0 and x.max() <= highest):
        raise SynthlabError(
            "{name} must hold values from 0 to {highest}; it holds {low:g} to {high:g}.",
            name=name,
            highest=highest,
            low=x.min().item(),
            high=x.max().item(),
        )
