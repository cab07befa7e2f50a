"""Observations that a check yields, and how far apart two arrays may lie to count as the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthlab.words import N_, Text

#: How many roundings a right answer may be off by; `properties` says where it comes from.
ROUNDINGS = 1024


@dataclass(frozen=True)
class Observation:
    """One look at one property: what was found, in words."""

    name: str
    passed: bool
    detail: Text


def observed(name: str, passed: bool, detail: Text, case: Text | str | None) -> Observation:
    """An observation, with the case in words behind its detail."""
    if case is not None:
        words = case if isinstance(case, Text) else Text(case)
        detail = Text(N_("{case}: {detail}"), {"detail": detail, "case": words})
    return Observation(name, passed, detail)


def default_tolerance(measured: Any, expected: ArrayLike) -> float:
    """The largest absolute difference that rounding explains; see `properties`."""
    want = np.asarray(expected)
    coarser = max(eps(measured), eps(want))
    largest = float(np.abs(want).max()) if want.size else 0.0
    return ROUNDINGS * coarser * (largest or 1.0)


def eps(value: Any) -> float:
    """The machine epsilon behind a value: 0 for whole numbers, float32's for a Python number."""
    if isinstance(value, np.ndarray):
        kind = value.dtype
        return float(np.finfo(kind).eps) if kind.kind in "fc" else 0.0
    if isinstance(value, np.floating):
        return float(np.finfo(value.dtype).eps)
    return 0.0 if isinstance(value, int) else float(np.finfo(np.float32).eps)


def distance(got: NDArray[Any], want: NDArray[Any]) -> NDArray[Any]:
    """The absolute differences, in float64."""
    wide = np.complex128 if "c" in (got.dtype.kind, want.dtype.kind) else np.float64
    with np.errstate(over="ignore"):
        return np.asarray(np.abs(got.astype(wide) - want.astype(wide)))
