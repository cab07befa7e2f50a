"""``start.generators``: random numbers that depend on their seed and on nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.stats import kstest

from synthlab.checks.core import Property, check
from synthlab.checks.properties import Observation, as_array, differs, holds, same
from synthlab.words import N_

N = 2_000


@check(
    "start.generators",
    target=("draw", "halves"),
    # 1e-6 for the test of normality, and 1 / comb(200, 100) for halves that come out in order
    false_fail=1e-5,
    properties=[
        Property(
            "same-seed",
            weight=2,
            goal=N_("`draw` with the same n and seed gives the same numbers, always."),
            nudge=N_("Call it twice, and draw something else in between."),
            method=N_(
                "Make a generator in the function, `torch.Generator().manual_seed(seed)`, and "
                "pass it to `torch.randn`."
            ),
        ),
        Property(
            "standard-normal",
            weight=2,
            goal=N_("They are standard normal numbers, others for another seed."),
            nudge=N_("`rand` is uniform; which function draws normal numbers?"),
            method=N_("Use `torch.randn(n, generator=...)`, and use the seed."),
        ),
        Property(
            "global-left-alone",
            weight=3,
            goal=N_("Neither function moves or seeds the global generators."),
            nudge=N_("What does `torch.manual_seed` change, and for whom?"),
            method=N_("Pass `generator=` to every call that draws, and never set a global seed."),
        ),
        Property(
            "a-partition",
            weight=2,
            goal=N_("The two halves together hold every row of `x` once."),
            nudge=N_("Could a row be chosen twice, or not at all?"),
            method=N_("Draw one permutation, cut it in the middle, and index `x` with both parts."),
        ),
        Property(
            "at-random",
            weight=2,
            goal=N_("The generator decides which row goes where, and moves on."),
            nudge=N_("Call `halves` twice with the same generator. Are the halves the same?"),
            method=N_("`torch.randperm(len(x), generator=generator)`, without a seed of your own."),
        ),
    ],
)
def generators(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """The same seed, other seeds, the global state, and what the halves hold."""
    seed, other = (int(s) for s in rng.integers(2**31, size=2))
    with student.part("same-seed", "standard-normal"):
        first = as_array(student.draw(N, seed), (N,), finite=True)
        yield same("same-seed", student.draw(N, seed), first, tolerance=0.0)
        another = as_array(student.draw(N, other), (N,), finite=True)
        yield differs("standard-normal", another, first, case=_OTHER)
        chance = float(kstest(first, "norm").pvalue)
        yield holds(
            "standard-normal",
            chance > 1e-6,
            N_(
                "Mean {mean} and deviation {deviation}: so far from standard normal numbers as "
                "chance never gets."
            ),
            mean=float(first.mean()),
            deviation=float(first.std()),
        )
    x = rng.normal(size=(200, 2))
    with student.part("global-left-alone"):
        generator = student.harness.generator(seed)
        for function, arguments in (
            (student.draw, (10, seed)),
            (student.halves, (x, generator)),
        ):
            kept = bool(student.harness.leaves_global_state(function, *arguments))
            yield holds("global-left-alone", kept, _KEPT if kept else _MOVED)
    with student.part("a-partition", "at-random"):
        yield from _halves(student, x, seed, other)


_OTHER = N_("Two different seeds")
_KEPT = N_("The global generators are as they were.")
_MOVED = N_("A global generator is not as it was before the call.")


def _halves(student: Any, x: Any, seed: int, other: int) -> Iterator[Observation]:
    def call(generator: Any) -> tuple[Any, Any]:
        a, b = student.halves(x, generator)
        size = len(x) // 2
        return as_array(a, (size, 2), finite=True), as_array(b, (size, 2), finite=True)

    generator = student.harness.generator(seed)
    a, b = call(generator)
    # Rows are counted: a row in a verdict would be a hidden input.
    both = Counter(map(tuple, np.concatenate([a, b]).tolist()))
    kept = sum((both & Counter(map(tuple, x.tolist()))).values())
    yield holds("a-partition", kept == len(x), _ROWS, measured=kept, expected=len(x))
    again, _ = call(student.harness.generator(seed))
    yield same("at-random", again, a, tolerance=0.0, case=_AGAIN)
    for case, returned in (
        (_ORDER, x[: len(a)]),
        (_NEXT, call(generator)[0]),
        (_ANOTHER, call(student.harness.generator(other))[0]),
    ):
        yield differs("at-random", returned, a, case=case)


_ROWS = N_("{measured} rows of `x` are in the halves, each once, expected all {expected}.")
_AGAIN = N_("Two generators with the same seed")
_ORDER = N_("The first rows in their order")
_NEXT = N_("The same generator, used again")
_ANOTHER = N_("Two generators with different seeds")
