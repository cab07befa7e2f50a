"""``mode-collapse.spectral_norm``: a matrix divided by the σ that power iteration has found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from synthlab.checks.core import Property, check
from synthlab.checks.faults import Unusable
from synthlab.checks.parts.gradients import value_and_grad
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.checks.values import wrong
from synthlab.words import N_, Text

Array = NDArray[Any]

#: One step on a small matrix in float64: rounding stays below 1e-14.
TOLERANCE = 1e-10
#: Calls after which σ has converged. The drawn matrices have a second singular value of at most
#: 0.8 times the first, so that the error of u·Wv shrinks by 0.64 a call: 0.64^60 = 2e-12 of at most
#: a few times σ, far below `REACHED`.
CALLS = 60
#: Wide, high, square, and a matrix of one row or of one column.
_SHAPES = ((4, 6), (6, 4), (5, 5), (1, 3), (3, 1))
#: Shapes that no call had before.
_OTHERS = ((3, 7), (7, 2), (6, 6))
#: How far from 1 the largest singular value may be after `CALLS` calls.
REACHED = 1e-6


@check(
    "mode-collapse.spectral_norm",
    target=("normalise",),
    properties=[
        Property(
            "one-step",
            weight=2,
            goal=N_("One call makes one step of power iteration and divides `W` by `u . W v`."),
            nudge=N_(
                "In which order do `u` and `v` get their new values, and which `u` is σ from?"
            ),
            method=N_(
                "First `v = W^T u`, divided by its length; then `u = W v`, divided by its length; "
                "then `sigma = u . W v` with both new vectors."
            ),
        ),
        Property(
            "new-u",
            weight=3,
            goal=N_("The second value that comes back is the new `u`, of length 1."),
            nudge=N_("Which of the vectors does the caller need at the next call?"),
            method=N_("Return `u = W v`, divided by its length, made with the new `v`."),
        ),
        Property(
            "largest-is-one",
            weight=2,
            goal=N_("When `u` is passed from call to call, the largest singular value becomes 1."),
            nudge=N_("What do you return as second value, and what happens if it never changes?"),
            method=N_("Return the new `u`, so that the next call goes on where this one stopped."),
        ),
        Property(
            "gradient",
            weight=3,
            goal=N_("`u` and `v` are constants for the gradient, and σ is not."),
            nudge=N_("σ depends on `W`. What does your `W / sigma` lose if that is forgotten?"),
            method=N_(
                "Make `u` and `v` under `torch.no_grad()`, and compute `sigma = u @ W @ v` outside."
            ),
        ),
        Property(
            "leaves-W",
            weight=1,
            goal=N_("`W` and the `u` that comes in stay as they are."),
            nudge=N_("Does a line of yours write into a tensor that it was given?"),
            method=N_("Compute new tensors: `W / sigma`, and not `W /= sigma`."),
        ),
    ],
)
def spectral_norm(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """A step that numpy has made too, a σ that the judge measures, a gradient of its own."""
    with student.part("one-step", "new-u"):
        for rows, columns in (*_SHAPES, *_SHAPES[:2]):  # the same shapes again, other numbers
            W, u = _matrix(rng, rows, columns), _unit(rng, rows)
            returned, turned = _pair(student.normalise(W, u))
            after, v = step(W, u)
            yield same("one-step", returned, W / (after @ W @ v), tolerance=TOLERANCE)
            for name in ("one-step", "new-u"):
                yield _turned(name, turned, after)
    with student.part("largest-is-one"):
        for rows, columns in _SHAPES:
            W = _matrix(rng, rows, columns)
            u = _unit(rng, rows)
            returned = student.harness.repeated(student.normalise, W, u, CALLS)
            if returned is None:
                raise Unusable(_TWO)
            scaled = as_array(returned, W.shape)
            finite = bool(np.isfinite(scaled).all())
            largest = float(np.linalg.svd(scaled, compute_uv=False)[0]) if finite else float("nan")
            yield holds(
                "largest-is-one",
                abs(largest - 1) <= REACHED,
                N_(
                    "After {n} call the largest singular value is {measured}, expected 1.",
                    "After {n} calls the largest singular value is {measured}, expected 1.",
                ),
                n=CALLS,
                measured=largest,
            )
    with student.part("gradient"):
        for rows, columns in _OTHERS:
            W, u = _matrix(rng, rows, columns), _unit(rng, rows)
            pull = rng.normal(size=W.shape)
            harness, call = student.harness, (student.normalise,)
            slope = harness.input_gradient(harness.weighted_sum, W, u, pull, before=call)
            if slope is None:
                raise Unusable(Text(N_("Nothing propagates back from the matrix that you return.")))
            _, wanted = value_and_grad(weighted_sum, W, *step(W, u), pull)
            yield same("gradient", slope, wanted, tolerance=TOLERANCE)
    with student.part("leaves-W"):
        W, u = _matrix(rng, 4, 6), _unit(rng, 4)
        kept = student.harness.kept(student.normalise, W, u)
        yield holds(
            "leaves-W",
            bool(kept),
            N_("After the call the matrix or the vector that it was given is another one."),
        )


_TWO = Text(N_("Return two tensors: the scaled matrix and the new u."))


def step(W: Array, u: Array) -> tuple[Array, Array]:
    """The new u and the new v of one power iteration (Miyato et al. 2018, alg. 1)."""
    v = W.T @ u
    v = v / np.linalg.norm(v)
    turned = W @ v
    return turned / np.linalg.norm(turned), v


def weighted_sum(W: Tensor, u: Tensor, v: Tensor, by: Tensor) -> Tensor:
    """``sum(by * W / σ)`` with σ = u·Wv and constant u and v."""
    return (by * W / (u @ W @ v)).sum()


def _turned(name: str, u: Any, wanted: Array) -> Observation:
    """A u that is handed back as it came is an input of the judge's, so it is not shown."""
    problem = wrong(u, wanted.shape)
    if problem is not None:
        return holds(name, False, problem)
    distance = float(np.linalg.norm(np.asarray(u) - wanted))
    return holds(
        name,
        distance <= TOLERANCE,
        N_("Your new `u` is {measured} away from the one after a step, expected 0."),
        measured=distance,
    )


def _matrix(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """A matrix with singular values s, at most 0.8 s and less; s is far from 1, either way."""
    rank = min(rows, columns)
    left, _ = np.linalg.qr(rng.normal(size=(rows, rank)))
    right, _ = np.linalg.qr(rng.normal(size=(columns, rank)))
    largest = float(rng.choice([rng.uniform(2.0, 5.0), rng.uniform(0.05, 0.5)]))
    values = largest * np.array([1.0, *np.sort(rng.uniform(0.2, 0.8, size=rank - 1))[::-1]])
    return np.asarray((left * values) @ right.T)


def _unit(rng: np.random.Generator, size: int) -> Array:
    u = rng.normal(size=size)
    return np.asarray(u / np.linalg.norm(u))


def _pair(returned: Any) -> tuple[Any, Any]:
    if not isinstance(returned, (tuple, list)) or len(returned) != 2:
        raise Unusable(_TWO)
    return returned[0], returned[1]
