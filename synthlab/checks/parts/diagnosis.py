"""Facts of a diagnosis: the line that is wrong, and a number that was measured.

Both are judged without showing the right one: a verdict that named it would be the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from synthlab.checks.properties import Observation, as_array, holds


def broken_line(student: Any, line: int, detail: str) -> Iterator[Observation]:
    """Observe ``line``: that the learner's ``broken_line`` is this one.

    Args:
        student: What the check got.
        line: The right line.
        detail: A sentence with the field ``{measured}``.
    """
    with student.part("line"):
        named = as_array(student.value("broken_line"), ())
        right = named.dtype.kind != "b" and float(named) == line
        yield holds("line", right, detail, measured=named)


def measured(
    student: Any, number: float, tolerance: float, detail: str, digits: int = 8
) -> Iterator[Observation]:
    """Observe ``measured``: that the learner's number of this name is the right one.

    Args:
        student: What the check got.
        number: The right number.
        tolerance: The largest difference from it.
        detail: A sentence with the field ``{measured}``.
        digits: How many digits of the learner's number are shown.
    """
    with student.part("measured"):
        own = float(as_array(student.value("measured"), (), finite=True))
        near = abs(own - number) <= tolerance
        yield holds("measured", near, detail, measured=f"{own:.{digits}g}")
