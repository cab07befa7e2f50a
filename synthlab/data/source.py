"""Batches, sources and densities, and the checks of what a source is given."""

from __future__ import annotations

import operator
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from synthlab.data.kinds import Kind, Points
from synthlab.errors import SynthlabError


class Batch(NamedTuple):
    """Samples and, where the source has them, what they were drawn under.

    Attributes:
        x: The samples, ``(n, *kind.shape)``: of the kind that their source declares.
        condition: Their labels or factors, ``(n, ...)``, or None.
    """

    x: Tensor
    condition: Tensor | None = None


class Source(Protocol):
    """Anything that can be trained on: it draws batches from a generator that you pass."""

    @property
    def kind(self) -> Kind:
        """What its samples are: points, images, tokens, rows of a table or series."""

    def sample(self, n: int, generator: torch.Generator | None = None) -> Batch:
        """Draw ``n`` samples. Without a generator, a fresh one is seeded by the system."""
        ...


class Density(Source, Protocol):
    """A source that knows its own density: the truth that models are measured against."""

    def log_prob(self, x: Tensor) -> Tensor:
        """The log-density of each sample, ``(n, ...) -> (n,)``, in nats."""
        ...

    @property
    def entropy(self) -> float:
        """The differential entropy in nats: the lowest NLL that any model can reach."""
        ...


def use_generator(generator: torch.Generator | None) -> torch.Generator:
    """The given generator, or a fresh one with a seed from the operating system.

    The global generator is never used, so drawing data cannot change another result.

    Raises:
        SynthlabError: When it is not a `torch.Generator` on the CPU.
    """
    if generator is None:
        generator = torch.Generator()
        generator.seed()
        return generator
    if not isinstance(generator, torch.Generator) or generator.device.type != "cpu":
        raise SynthlabError(
            "The generator must be a torch.Generator on the CPU, "
            "for example torch.Generator().manual_seed(0)."
        )
    return generator


def check_count(value: object, name: str, minimum: int) -> int:
    """``value`` as an int of at least ``minimum``; raise SynthlabError otherwise."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = None
    if number is None or number < minimum:
        raise SynthlabError(
            "{name} must be a whole number, {minimum} or more, not {value!r}.",
            name=name,
            minimum=minimum,
            value=value,
        )
    return number


def check_positive(value: object, name: str) -> float:
    """``value`` as a finite float above 0; raise SynthlabError otherwise."""
    number = check_finite(value, name)
    if number <= 0:
        raise SynthlabError("{name} must be above 0, not {value!r}.", name=name, value=value)
    return number


def check_finite(value: object, name: str) -> float:
    """``value`` as a finite float; raise SynthlabError otherwise."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError):
        number = float("nan")
    if not abs(number) < float("inf"):
        raise SynthlabError(
            "{name} must be a finite number, not {value!r}.", name=name, value=value
        )
    return number


def check_points(x: object, dim: int = 2, name: str = "x") -> Tensor:
    """``x`` when it is a finite floating-point tensor ``(n, dim)``.

    Raises:
        SynthlabError: Says which of type, shape, dtype and finiteness is wrong.
    """
    return Points(dim).check(x, name)
