"""A loss that will be trained on: not its value alone, but what a backward pass brings from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthlab.checks.faults import Unusable
from synthlab.checks.properties import Observation, as_array, same
from synthlab.checks.values import wrong
from synthlab.words import N_, Text

Array = NDArray[Any]


@dataclass(frozen=True)
class Differentiated:
    """What a learner's loss returned, and what autograd made of it.

    Args:
        value: The value as it came.
        dtype: The name of a tensor's dtype, "" when it is no tensor.
        gradients: For each argument asked for, an array, or arrays by parameter for a module;
            None when nothing propagates back.
    """

    value: Any
    dtype: str
    gradients: list[Any] | None


def differentiate(
    student: Any, loss: Any, *arguments: Any, at: Sequence[int], **options: Any
) -> Differentiated:
    """Call a loss and propagate back from it, on the learner's side.

    Args:
        student: What the check got.
        loss: A function on the learner's side.
        arguments: Arrays, which become tensors, and modules.
        at: Positions of those that gradients are taken for.
        options: Arguments by name.
    """
    found = student.harness.differentiate(loss, list(arguments), list(at), **options)
    return Differentiated(found["value"], str(found["dtype"]), found["gradients"])


def is_a_loss(found: Differentiated) -> None:
    """Refuse what nobody can train on; its shape is another matter.

    Raises:
        Unusable: When it is no tensor, or nothing propagates back from it.
    """
    if not found.dtype:
        raise Unusable(wrong(found.value, ()) or Text(_NO_TENSOR))
    if found.gradients is None:
        raise Unusable(Text(_CUT))


def multiple(found: Mapping[Any, Array], expected: Mapping[Any, Array]) -> float:
    """The factor by which gradients come nearest to what was expected.

    A wrong reduction makes a loss larger or smaller and leaves its slopes what they are to each
    other. Whoever asks for slopes alone compares with this multiple of them; one of 0 or less
    points nowhere, or the wrong way.
    """
    pairs = [(as_array(found[key], want.shape), want) for key, want in expected.items()]
    if not all(np.isfinite(got).all() for got, _ in pairs):
        return 0.0
    size = sum(float(np.square(want).sum()) for _, want in pairs)
    return sum(float((got * want).sum()) for got, want in pairs) / (size or 1.0)


_NO_TENSOR = N_("Your function returns a number, expected a tensor of shape () to train on.")
_CUT = N_("Nothing propagates back from the loss that you return, expected a gradient.")
_GRADIENT = N_("The gradient")


def trained_on(
    name: str,
    found: Differentiated,
    expected: Sequence[ArrayLike | dict[str, Any]],
    *,
    tolerance: float | None = None,
    case: Text | str | None = _GRADIENT,
) -> Iterator[Observation]:
    """Observe the gradients of a loss against the judge's own, from `gradients.value_and_grad`.

    Args:
        name: The property.
        found: What `differentiate` returned.
        expected: One for each argument that was asked for, an array, or a dict for a module.
        tolerance: For float64, as for `same`; other dtypes have the default one.
        case: As for `same`.

    Raises:
        Unusable: See `is_a_loss`.
    """
    is_a_loss(found)
    for measured, want in zip(found.gradients or (), expected, strict=True):
        by_name = want if isinstance(want, dict) else {"": want}
        for key, wanted in by_name.items():
            got = measured[key] if key else measured
            exact = tolerance if np.asarray(got).dtype == np.float64 else None
            yield same(name, got, wanted, tolerance=exact, case=case)
