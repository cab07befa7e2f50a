"""Derivatives of black boxes by central differences in float64.

With step h the error is at most ``h^2/6 max|f'''| + eps |f| / h`` per entry, eps = 2.2e-16 and
h = 1e-5: about 1e-11 for a function whose values and third derivatives are of order 1. Compare
with a tolerance of `TOLERANCE` times the scale of the gradient. A black box that computes in
float32 inside has eps = 1.2e-7 and needs ``step=1e-2``, where the error is about 2e-5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthlab.checks.describe import shape
from synthlab.checks.faults import Unusable
from synthlab.checks.values import as_array
from synthlab.words import N_, Text

#: The step of a difference, for inputs of order 1; it grows with larger inputs.
STEP = 1e-5
#: What a comparison with a difference quotient may be off by, relative to its scale.
TOLERANCE = 1e-6


def gradient(
    function: Callable[[NDArray[Any]], Any], x: ArrayLike, step: float = STEP
) -> NDArray[Any]:
    """The gradient of a scalar function at x, by central differences.

    Args:
        function: Takes an array of x's shape in float64, returns one number.
        x: Where; any shape.
        step: h for entries up to 1 in size, ``h |x|`` beyond.

    Returns:
        An array of x's shape, float64.

    Raises:
        Unusable: When the function returns anything but one finite number.
    """
    at = np.array(x, dtype=np.float64)
    slopes = np.empty_like(at)
    for index in np.ndindex(at.shape):
        h = step * max(1.0, abs(float(at[index])))
        values = []
        for sign in (1.0, -1.0):
            moved = at.copy()
            moved[index] += sign * h
            values.append(float(as_array(function(moved), (), finite=True)))
        slopes[index] = (values[0] - values[1]) / (2 * h)
    return slopes


def jacobian(
    function: Callable[[NDArray[Any]], Any], x: ArrayLike, step: float = STEP
) -> NDArray[Any]:
    """The Jacobian at x, by central differences.

    Args:
        function: Maps (D,) to (M,), or a batch (B, D) to (B, M) row by row. Of a tuple, the
            first item counts.
        x: (D,) or (B, D).
        step: As for `gradient`.

    Returns:
        (M, D), or (B, M, D) with one Jacobian a row. Rows are moved at the same time, which is
        right when no row of the output depends on another row.
    """
    at = np.array(x, dtype=np.float64)
    if at.ndim not in (1, 2):
        raise ValueError(f"jacobian takes (D,) or (B, D), not {at.shape}")
    columns = []
    for j in range(at.shape[-1]):
        h = step * np.maximum(1.0, np.abs(at[..., j]))  # (B,) or ()
        ends = []
        for sign in (1.0, -1.0):
            moved = at.copy()
            moved[..., j] += sign * h
            value = function(moved)
            value = value[0] if isinstance(value, tuple) else value
            array = as_array(value, finite=True)
            if array.ndim != at.ndim or array.shape[:-1] != at.shape[:-1]:
                words = "(M,)" if at.ndim == 1 else f"({len(at)}, M)"
                params = {"expected": words, "measured": shape(array.shape)}
                raise Unusable(Text(N_("Expected shape {expected}, got {measured}."), params))
            ends.append(array.astype(np.float64))
        columns.append((ends[0] - ends[1]) / (2 * h)[..., None])
    return np.stack(columns, axis=-1)
