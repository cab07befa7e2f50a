"""``start.shapes``: all squared distances, and columns that are standardised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.properties import Observation, independent, same
from synthlab.words import N_

#: Values of size 10 in float64; expanding the square loses a few of their last digits.
TOLERANCE = 1e-9


@check(
    "start.shapes",
    target=("squared_distances", "standardise"),
    properties=[
        Property(
            "every-pair",
            weight=3,
            goal=N_("Entry `[i, j]` is the squared distance of `x[i]` from `y[j]`."),
            nudge=N_("Which shapes have `x[:, None]` and `y`, and what do they broadcast to?"),
            method=N_(
                "`x[:, None] - y` has the shape (n, m, d). Square it and add up over the last axis."
            ),
        ),
        Property(
            "any-sizes",
            weight=2,
            goal=N_("n, m and d may all differ, and any of them may be 1."),
            nudge=N_("Try three points against five, in four dimensions."),
            method=N_(
                "Never rely on two sizes being the same: put the new axis in yourself, with None."
            ),
        ),
        Property(
            "standardised",
            weight=2,
            goal=N_("Every column of `standardise(x)` has the mean 0 and the deviation 1."),
            nudge=N_("Along which axis do you take the mean: down a column, or along a row?"),
            method=N_("`x.mean(dim=0)` and `x.std(dim=0, correction=0)` have the shape (d,)."),
        ),
        Property(
            "columns-apart",
            weight=1,
            goal=N_("A column of `standardise(x)` depends on its own column of `x` alone."),
            nudge=N_("Is your mean one number for the whole table?"),
            method=N_("Give `dim=0` to both, the mean and the standard deviation."),
        ),
    ],
)
def shapes(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Against loops, on sizes that all differ."""
    with student.part("every-pair"):
        yield from _pairs(student, rng, "every-pair", 6, 6, 2)
    with student.part("any-sizes"):
        for n, m, d in ((3, 5, 4), (1, 7, 2), (4, 1, 1)):
            yield from _pairs(student, rng, "any-sizes", n, m, d)
    with student.part("standardised", "columns-apart"):
        for n, d in ((40, 3), (5, 5)):
            x = rng.normal(rng.normal(0, 3, size=d), rng.uniform(0.5, 4, size=d), size=(n, d))
            wanted = (x - x.mean(0)) / x.std(0)
            yield same("standardised", student.standardise(x), wanted, tolerance=TOLERANCE)
        yield independent(
            "columns-apart",
            lambda t: student.standardise(t)[:, 0],
            x,
            of=np.s_[:, 1:],
            rng=rng,
            tolerance=TOLERANCE,
        )


def _pairs(
    student: Any, rng: np.random.Generator, name: str, n: int, m: int, d: int
) -> Iterator[Observation]:
    x, y = rng.normal(0.0, 2.0, size=(n, d)), rng.normal(0.0, 2.0, size=(m, d))
    wanted = np.array([[np.square(a - b).sum() for b in y] for a in x])
    yield same(name, student.squared_distances(x, y), wanted, tolerance=TOLERANCE)
