"""Numbers that a property needs, of what the learner's code returned."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synthlab.checks.describe import describe, index
from synthlab.checks.describe import shape as as_shape
from synthlab.checks.faults import Unusable
from synthlab.words import N_, Text


def as_array(
    value: Any,
    shape: tuple[int, ...] | None = None,
    dtype: str | None = None,
    *,
    finite: bool = False,
) -> NDArray[Any]:
    """The numbers of a value, or an `Unusable` fault that says what is wrong with it.

    Args:
        value: What the learner's code returned: an array, a number, a list of numbers.
        shape: The shape it must have.
        dtype: The type its numbers must have, e.g. "float32"; any by default.
        finite: Whether NaN and infinity are refused.
    """
    problem = wrong(value, shape, dtype, finite=finite)
    if problem is not None:
        raise Unusable(problem)
    return np.asarray(value)


def wrong(
    value: Any,
    shape: tuple[int, ...] | None = None,
    dtype: str | None = None,
    *,
    finite: bool = True,
) -> Text | None:
    """What keeps a value from being the numbers that were expected, or None."""
    array = _numeric(value)
    if value is None:
        return Text(N_("Your code returned None. Does it end with a return statement?"))
    if array is None and shape == ():
        return Text(N_("Expected a number, got {measured}."), {"measured": describe(value)})
    if array is None:
        return Text(
            N_("Expected an array of numbers, got {measured}."),
            {"measured": describe(value)},
        )
    if shape is not None and array.shape != tuple(shape):
        params = {"expected": as_shape(shape), "measured": as_shape(array.shape)}
        return Text(N_("Expected shape {expected}, got {measured}."), params)
    if dtype is not None and str(array.dtype) != dtype:
        types = {"expected": dtype, "measured": str(array.dtype)}
        return Text(N_("Expected numbers of type {expected}, got {measured}."), types)
    if finite and not np.isfinite(array).all():
        return _not_finite(array)
    return None


def _numeric(value: Any) -> NDArray[Any] | None:
    if not isinstance(value, (bool, int, float, complex, list, tuple, np.ndarray, np.generic)):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, Unusable):  # a ragged list, or one that holds an object
        return None
    return array if array.dtype.kind in "biufc" else None


def _not_finite(array: NDArray[Any]) -> Text:
    at = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
    value = str(array[at])
    if not at:
        return Text(N_("Expected a finite number, got {value}."), {"value": value})
    params = {"value": value, "index": index(at)}
    return Text(N_("Expected finite numbers, got {value} at index {index}."), params)
