"""Short words for values and numbers in a verdict.

A verdict names what was measured and what was expected. Numbers get as many digits as it takes
to tell the two apart. Text that comes from the learner's process is cleaned of control
characters before it is shown.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any, SupportsInt

import numpy as np

from synthlab.words import N_, Text


def clean(value: object, limit: int, *, lines: bool = False) -> str:
    """Text from the learner's side, safe to show: exact str, bounded, no control characters.

    Drops what could reorder or hide the text around it (categories Cc, Cf, Cs, Co and Cn)
    except tabs, and line breaks where `lines` is true.
    """
    if type(value) is not str:
        return ""
    kept = "".join(
        c
        if unicodedata.category(c)[0] != "C" or c in "\u200c\u200d" or (lines and c in "\n\t")
        else " "
        for c in value[: limit + 1]
    )
    kept = kept if lines else " ".join(kept.split())
    return kept if len(kept) <= limit else kept[:limit] + "…"


def number(value: Any, digits: int = 4) -> str:
    """A number in short form: ``0.6931``, ``1.2e-07``, ``8``, ``nan``."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (complex, np.complexfloating)):
        return f"{complex(value):.{digits}g}"
    return f"{float(value):.{digits}g}"


def numbers(*values: Any) -> tuple[str, ...]:
    """Numbers in short form, with enough digits that different values look different."""
    for digits in range(4, 18):
        shown = tuple(number(v, digits) for v in values)
        if len(set(shown)) == len({_key(v) for v in values}):
            break
    return shown


def _key(value: Any) -> complex | str:
    found = complex(value)
    return "nan" if found != found else found


def shape(value: Iterable[SupportsInt]) -> str:
    """A shape as Python writes it: ``(64, 1)``."""
    return str(tuple(int(n) for n in value))


def index(value: Iterable[SupportsInt]) -> str:
    """A place in an array: ``3``, or ``(3, 1)`` where it takes more than one number."""
    found = tuple(int(n) for n in value)
    return str(found[0]) if len(found) == 1 else str(found)


def describe(value: Any) -> Text:
    """What a value is, for "got …": a noun phrase."""
    if hasattr(type(value), "_what"):  # a proxy knows its own words
        return value._what  # type: ignore[no-any-return]
    if value is None:
        return Text(N_("None"))
    if isinstance(value, np.ndarray):
        params = {"shape": shape(value.shape), "dtype": str(value.dtype)}
        return Text(N_("an array of shape {shape} and type {dtype}"), params)
    if isinstance(value, bool):
        return Text(N_("the value {value}"), {"value": number(value)})
    if isinstance(value, (int, float, complex)):
        return Text(N_("the number {value}"), {"value": number(value)})
    if isinstance(value, str):
        return Text(N_("the text {value}"), {"value": repr(clean(value, 40))})
    if isinstance(value, (list, tuple, dict)):
        params = {"type": type(value).__name__, "count": str(len(value))}
        return Text(N_("a {type} of length {count}"), params)
    return Text(N_("an object of type {type}"), {"type": type(value).__name__})
