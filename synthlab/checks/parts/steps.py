"""A training step observed by what it did to the parameters, not by how it is written.

The learner's step runs with plain SGD on networks that the harness made. The judge compares
the parameters before and after with its own reference gradient, and asks that the other
network did not change in a single bit. A missing zero_grad or detach, a wrong sign, the loss of
the other player: all of them show in the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthlab.checks.describe import number, numbers
from synthlab.checks.observation import ROUNDINGS, Observation, eps, observed
from synthlab.checks.properties import same
from synthlab.checks.values import wrong
from synthlab.words import N_, Text


def parameters(student: Any, module: Any) -> dict[str, NDArray[Any]]:
    """A copy of the parameters of a module on the learner's side, by name."""
    arrays: dict[str, NDArray[Any]] = student.harness.parameters(module)
    return arrays


def moved(
    name: str,
    before: Mapping[str, NDArray[Any]],
    after: Mapping[str, NDArray[Any]],
    gradient: Mapping[str, ArrayLike],
    *,
    learning_rate: float = 1.0,
    tolerance: float | None = None,
    case: Text | str | None = None,
) -> Observation:
    """Whether a step of plain SGD moved every parameter by ``-learning_rate * gradient``.

    This is how a training step is observed: by what it did to the parameters, not by how it is
    written. A missing zero_grad, a wrong sign, a loss of the other player all show here.

    Args:
        name: The property.
        before: The parameters before the step, by name.
        after: The parameters after it.
        gradient: The reference gradient of the loss, by the same names.
        learning_rate: SGD's.
        tolerance: Relative to the largest gradient entry. By default what rounding explains:
            ``1024 eps max(|parameter|, |step|)``.
        case: As for `same`.
    """
    worst: tuple[float, Text | None] = (0.0, None)
    want_all = {key: -learning_rate * np.asarray(g, np.float64) for key, g in gradient.items()}
    scale = max((float(np.abs(w).max(initial=0.0)) for w in want_all.values()), default=0.0)
    for key, want in want_all.items():
        problem = wrong(after.get(key), want.shape)
        if problem is not None:
            return observed(name, False, _in_parameter(key, problem), case)
        start = np.asarray(before[key])
        got = np.asarray(after[key], np.float64) - start
        size = max(float(np.abs(start).max(initial=0.0)), scale)
        allowed = ROUNDINGS * eps(start) * size if tolerance is None else tolerance * scale
        difference = np.abs(got - want)
        excess = float(difference.max(initial=0.0)) / (allowed or np.finfo(np.float64).tiny)
        if excess > worst[0]:
            index = np.unravel_index(int(np.argmax(difference)), want.shape)
            pair = numbers(got[index], want[index])
            params: dict[str, object] = {
                "parameter": f"{key}[{', '.join(str(int(i)) for i in index)}]",
                "measured": pair[0],
                "expected": pair[1],
            }
            worst = (excess, Text(_MOVED, params))
    if worst[1] is None:
        return observed(name, True, Text(_MOVED_ALL), case)
    return observed(name, worst[0] <= 1.0, worst[1], case)


_MOVED = N_("{parameter} changed by {measured}, expected {expected}.")
_MOVED_ALL = N_("Every parameter changed exactly as expected.")


def unmoved(
    name: str, before: Mapping[str, NDArray[Any]], after: Mapping[str, NDArray[Any]]
) -> Observation:
    """Whether every array kept every bit: what a step must not touch, it does not touch."""
    for key, start in before.items():
        problem = wrong(after.get(key), np.shape(start), finite=False)
        if problem is not None:
            return Observation(name, False, _in_parameter(key, problem))
        old, new = np.asarray(start), np.asarray(after[key])
        changed = (old != new) & ~(np.isnan(old) & np.isnan(new))
        if changed.any():
            index = np.unravel_index(int(np.argmax(changed)), old.shape)
            params: dict[str, object] = {
                "parameter": f"{key}[{', '.join(str(int(i)) for i in index)}]",
                "measured": number(new[index] - old[index]),
                "expected": "0",
            }
            return Observation(name, False, Text(_MOVED, params))
    return Observation(name, True, Text(N_("No parameter changed, as expected.")))


def returns_loss(returned: Any, loss: float, tolerance: float) -> Observation:
    """Whether a step returned its loss as a Python number, and not as a tensor with its graph."""
    if isinstance(returned, np.ndarray) and returned.shape == ():
        return Observation("returns-the-loss", False, Text(_TENSOR))
    return same("returns-the-loss", returned, loss, tolerance=tolerance)


_TENSOR = N_("Your step returns a tensor with its graph, expected a Python float.")


def _in_parameter(key: str, problem: Text) -> Text:
    return Text(N_("{parameter}: {problem}"), {"parameter": key, "problem": problem})
