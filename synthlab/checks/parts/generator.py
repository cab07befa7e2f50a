"""Honesty of a trained generator: a function of the noise made the fakes.

A generator that hands out stored rows, or draws its own random numbers, reaches any quality
that the data has. So a check of samples asks three things of it first: that the fakes are no
rows of the data, that the same noise gives the same fakes, and that a small change of the noise
is a small change of the point.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from synthlab.checks.core import Property
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_

Array = NDArray[Any]

#: A fake as near to a row of the data as float32 can tell is that row: numbers up to 2 are
#: 2.4e-7 apart. Of fresh samples of the ring, 3 in a million lie so near to one of 20,000 rows.
COPY = 1e-6
COPIES = 0.01

#: Batches of other sizes take other kernels, whose float32 sums differ by about 1e-5.
ROUNDING = 1e-3

#: Halving a segment of noise 20 times leaves a piece of 3e-6, about 20 float32 steps. On it a
#: net of slope 1e4 moves a point by 0.03; a table of stored rows still jumps between modes,
#: which are 1.5 apart.
HALVINGS = 20
SEGMENTS = 250
JUMP = 0.1

#: What a check that observes `honest` declares.
PROPERTIES = (
    Property(
        "not-copies",
        weight=1,
        goal=N_("The fakes are new points that come from training, not from rows of the data."),
        nudge=N_("What would your generator make if every gradient were 0?"),
        method=N_("Return the trained network. It turns noise into points without the data."),
    ),
    Property(
        "function-of-the-noise",
        weight=1,
        goal=N_(
            "The same seed and the same noise give the same points, each row by itself; another "
            "seed gives others."
        ),
        nudge=N_("Call your generator twice with the same `z`. Then call it with one row of it."),
        method=N_(
            "Call `torch.manual_seed(seed)` before you make the networks, and draw no random "
            "numbers in the generator. Layers that mix the rows of a batch or drop units need "
            "`eval()`."
        ),
    ),
    Property(
        "continuous",
        weight=1,
        goal=N_("A tiny change of the noise makes a tiny change of the point."),
        nudge=N_("Does your generator look points up, or does it compute them?"),
        method=N_("Build the generator from linear layers and continuous activations."),
    ),
)


def honest(generator: Any, z: Array, fakes: Array, data: Array) -> list[Observation]:
    """All that was found out about a generator that made ``fakes`` (n, 2) of ``z`` (n, width)."""
    return [
        _not_copies(fakes, data),
        *_function_of_the_noise(generator, z, fakes),
        _continuous(generator, z, fakes),
    ]


def _not_copies(fakes: Array, data: Array) -> Observation:
    distance, _ = KDTree(data).query(fakes)
    share = float(np.mean(distance < COPY))
    return holds(
        "not-copies",
        share <= COPIES,
        N_("{measured} of the fakes are rows of the data, expected at most {expected}."),
        measured=f"{share:.1%}",
        expected=f"{COPIES:.0%}",
    )


def _function_of_the_noise(generator: Any, z: Array, fakes: Array) -> Iterator[Observation]:
    name = "function-of-the-noise"
    yield same(name, generator(z), fakes, tolerance=ROUNDING, case=N_("The same noise again"))
    some = slice(40, 47)
    yield same(
        name, generator(z[some]), fakes[some], tolerance=ROUNDING, case=N_("Seven of the rows")
    )


def _continuous(generator: Any, z: Array, fakes: Array) -> Observation:
    """Walk from one mode towards another and close in on where the point moves most."""
    a, b = z[:SEGMENTS].copy(), z[-SEGMENTS:].copy()
    at_a, at_b = fakes[:SEGMENTS].copy(), fakes[-SEGMENTS:].copy()
    for _ in range(HALVINGS):
        middle = (a + b) / 2
        at = as_array(generator(middle), at_a.shape, finite=True)
        left = _distance(at_a, at) >= _distance(at, at_b)
        a, b = np.where(left, a, middle), np.where(left, middle, b)
        at_a, at_b = np.where(left, at_a, at), np.where(left, at, at_b)
    jump = float(_distance(at_a, at_b).max())
    return holds(
        "continuous",
        jump <= JUMP,
        N_(
            "Between two nearly equal noises the point jumps by {measured}, expected at most "
            "{expected}."
        ),
        measured=jump,
        expected=JUMP,
    )


def _distance(x: Array, y: Array) -> Array:
    return np.asarray(np.linalg.norm(x - y, axis=1, keepdims=True))
