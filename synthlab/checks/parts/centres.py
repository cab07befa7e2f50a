"""The centres of a ring as a learner makes them: all different, and where they belong.

Two units ask for them, because public code so often has `linspace(0, 2 * pi, K)`, whose last
centre is its first one again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_

#: What a check that observes `ring_centres` declares.
PROPERTIES = (
    Property(
        "distinct-centres",
        weight=2,
        goal=N_("The K centres of the ring are K different points."),
        nudge=N_("Print the first and the last of your centres."),
        method=N_(
            "`linspace(0, 2 * pi, K)` ends where it began: its last angle is a whole turn. "
            "Take the angles `2 * pi * k / K` for `k` from 0 to K - 1."
        ),
    ),
    Property(
        "centres-on-the-ring",
        weight=1,
        goal=N_("Centre `k` of K stands at the angle `2 pi k / K` on the circle."),
        nudge=N_("How far apart, as an angle, are two neighbours among K even centres?"),
        method=N_("The point at angle `a` is `(radius * cos(a), radius * sin(a))`."),
    ),
)


def ring_centres(student: Any, modes: int, radius: float) -> Iterator[Observation]:
    """Observe the learner's ``ring_centres(modes, radius)``."""
    found = as_array(student.ring_centres(modes, radius), (modes, 2), finite=True)
    apart = np.linalg.norm(found[:, None] - found, axis=2)
    np.fill_diagonal(apart, np.inf)
    first, second = divmod(int(apart.argmin()), modes)
    yield holds(
        "distinct-centres",
        float(apart.min()) > 1e-6,
        _TWICE if apart.min() <= 1e-6 else _APART,
        modes=modes,
        first=first,
        second=second,
        left=modes - 1,
    )
    angle = 2 * np.pi * np.arange(modes) / modes
    wanted = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    # The first centre is (radius, 0): undivided, a verdict would show a hidden input.
    # float32 angles up to 6.3 carry 4e-7
    yield same("centres-on-the-ring", found / radius, wanted, tolerance=1e-5, case=_UNIT)


_UNIT = N_("Divided by the radius")
_TWICE = N_(
    "Two of your {modes} centres are the same point: number {first} and number {second}. "
    "So the ring has {left} modes, expected {modes}."
)
_APART = N_("All {modes} centres are different points.")
