"""The observations that a check yields: same, differs, depends, independent, holds.

Each returns an `Observation` with the measured and the expected value in words. A value that
is no numbers, has another shape or is not finite fails the property and says exactly that.

**Tolerance.** Where none is given, two arrays are the same when they differ by at most
``1024 eps scale``: eps belongs to the coarser of the two dtypes (float32: 1.2e-7, float64:
2.2e-16; a Python number counts as float32, because ``loss.item()`` is one), and scale is the
largest expected magnitude (1 when all are 0). 1024 eps is the bound of what adding 1024 terms
one after another may lose (Higham, Accuracy and Stability of Numerical Algorithms, 2002, 4.2),
relative to the sum of their sizes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthlab.checks.describe import describe, index, number, numbers
from synthlab.checks.observation import Observation, default_tolerance, distance, observed
from synthlab.checks.values import as_array, wrong
from synthlab.words import N_, Text

__all__ = ["Observation", "as_array", "depends", "differs", "holds", "independent", "same"]


def same(
    name: str,
    measured: Any,
    expected: ArrayLike,
    *,
    tolerance: float | None = None,
    dtype: str | None = None,
    case: Text | str | None = None,
) -> Observation:
    """Whether the measured numbers equal the expected ones, in shape and within a tolerance.

    Args:
        name: The property.
        measured: What the learner's code returned.
        expected: What a right answer returns; finite.
        tolerance: The largest absolute difference; see the module for the default.
        dtype: The type that the numbers must have, e.g. "float32"; any by default.
        case: Words that say under which input this was, e.g. "Logits of 200".
    """
    want = np.asarray(expected)
    problem = wrong(measured, want.shape, dtype)
    if problem is not None:
        return observed(name, False, problem, case)
    got = np.asarray(measured)
    allowed = default_tolerance(measured, want) if tolerance is None else tolerance
    difference = distance(got, want)
    if want.size == 0:
        return observed(name, True, Text(N_("Nothing was expected, and nothing came.")), case)
    at = np.unravel_index(int(np.argmax(difference)), want.shape)
    passed = bool(difference[at] <= allowed)
    pair = (number(got[at]), number(want[at])) if passed else numbers(got[at], want[at])
    params: dict[str, object] = {"measured": pair[0], "expected": pair[1]}
    if passed:
        return observed(name, True, Text(_SAME, params), case)
    params["tolerance"] = number(allowed, 2)
    if not want.shape:
        return observed(name, False, Text(_OTHER, params), case)
    params["index"] = index(at)
    return observed(name, False, Text(_OTHER_AT, params), case)


_SAME = N_("Measured {measured}, expected {expected}.")
_OTHER = N_("Measured {measured}, expected {expected} (tolerance {tolerance}).")
_OTHER_AT = N_(
    "At index {index}: measured {measured}, expected {expected} (tolerance {tolerance})."
)


def differs(
    name: str,
    measured: Any,
    other: ArrayLike,
    *,
    tolerance: float | None = None,
    case: Text | str | None = None,
) -> Observation:
    """Whether the measured numbers are another value than `other`, by more than a tolerance."""
    reference = np.asarray(other)
    problem = wrong(measured, reference.shape)
    if problem is not None:
        return observed(name, False, problem, case)
    allowed = default_tolerance(measured, reference) if tolerance is None else tolerance
    largest = float(distance(np.asarray(measured), reference).max(initial=0.0))
    params = {"difference": number(largest), "tolerance": number(allowed, 2)}
    if largest > allowed:
        return observed(name, True, Text(_DIFFERS, params), case)
    return observed(name, False, Text(_EQUAL, params), case)


_DIFFERS = N_("The largest difference is {difference}, expected more than {tolerance}.")
_EQUAL = N_(
    "The values are the same: the largest difference is {difference}, "
    "expected more than {tolerance}."
)

#: How often an input is perturbed before a dependence is judged.
_PERTURBATIONS = 4


def depends(
    name: str,
    function: Callable[[NDArray[Any]], Any],
    x: ArrayLike,
    *,
    on: Any,
    rng: np.random.Generator,
) -> Observation:
    """Whether the output of a function moves when part of its input moves.

    Args:
        name: The property.
        function: Takes an array of x's shape, returns numbers.
        x: The input.
        on: An index into x, e.g. ``np.s_[:, :2]``.
        rng: Draws the perturbations: N(0, 1) each, added; a whole number (a token, a level, a
            label) becomes another one of x's.
    """
    change, allowed, problem = _change(function, x, on, rng, None)
    params = {"change": number(change), "tolerance": number(allowed, 2)}
    if problem is not None:
        return Observation(name, False, problem)
    return Observation(name, change > allowed, Text(_MOVES, params))


def independent(
    name: str,
    function: Callable[[NDArray[Any]], Any],
    x: ArrayLike,
    *,
    of: Any,
    rng: np.random.Generator,
    tolerance: float = 0.0,
) -> Observation:
    """Whether the output of a function stays when part of its input moves; see `depends`.

    The default tolerance is 0: what does not enter a computation cannot change its result.
    """
    change, allowed, problem = _change(function, x, of, rng, tolerance)
    params = {"change": number(change), "tolerance": number(allowed, 2)}
    if problem is not None:
        return Observation(name, False, problem)
    return Observation(name, change <= allowed, Text(_STAYS, params))


_MOVES = N_(
    "The output changed by {change} when this input changed, expected more than {tolerance}."
)
_STAYS = N_("The output changed by {change} when this input changed, expected at most {tolerance}.")


def _change(
    function: Callable[[NDArray[Any]], Any],
    x: ArrayLike,
    where: Any,
    rng: np.random.Generator,
    tolerance: float | None,
) -> tuple[float, float, Text | None]:
    at = np.asarray(x)
    base = function(at)
    problem = wrong(base)
    if problem is not None:
        return 0.0, 0.0, problem
    allowed = default_tolerance(base, base) if tolerance is None else tolerance
    largest = 0.0
    for _ in range(_PERTURBATIONS):
        other = at.copy()
        other[where] = _perturbed(at, where, rng)
        found = function(other)
        problem = wrong(found, np.shape(base))
        if problem is not None:
            return 0.0, 0.0, problem
        difference = distance(np.asarray(found), np.asarray(base))
        largest = max(largest, float(difference.max(initial=0.0)))
    return largest, allowed, None


def _perturbed(x: NDArray[Any], where: Any, rng: np.random.Generator) -> NDArray[Any]:
    part = x[where]
    if x.dtype.kind in "fc":
        return np.asarray(part + rng.normal(size=part.shape).astype(x.dtype))
    legal = np.unique(x)
    shift = rng.integers(1, len(legal), size=part.shape)  # never 0: each becomes another
    return np.asarray(legal[(np.searchsorted(legal, part) + shift) % len(legal)])


def holds(name: str, passed: bool, detail: Text | str, /, **values: Any) -> Observation:
    """Whether a condition that the check computed itself is true.

    Args:
        name: The property.
        passed: The condition, a bool made from plain data.
        detail: A sentence (a msgid) that names what was measured and what was expected.
        values: The values of the sentence's fields; numbers are shown in short form.
    """
    if not isinstance(passed, (bool, np.bool_)):
        raise TypeError(f"holds({name!r}) takes a bool, not {type(passed).__name__}")
    if isinstance(detail, Text):
        return Observation(name, bool(passed), detail)
    params = {key: _in_words(value) for key, value in values.items()}
    return Observation(name, bool(passed), Text(detail, params))


def _in_words(value: Any) -> object:
    if isinstance(value, (Text, str)):
        return value
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, (bool, int, float, complex, np.generic)):
        return number(value)
    return describe(value)
