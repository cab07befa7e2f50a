"""``known-truth.divergences``: KL against JSD on tables, and on planted losses of a mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import rel_entr

from synthlab.checks.core import Property, check
from synthlab.checks.faults import Unusable
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_, Text

Array = NDArray[Any]

#: Sums of a dozen terms of size 1 in float64.
TOLERANCE = 1e-10


@check(
    "known-truth.divergences",
    target=("kl", "jsd", "lost_modes"),
    properties=[
        Property(
            "kl",
            weight=2,
            goal=N_("`kl(p, q)` is the sum of `p (log p - log q)`, in nats."),
            nudge=N_("Which of the two tables weighs the terms?"),
            method=N_("Average `log p - log q` as samples of `p` would: with the weights `p`."),
        ),
        Property(
            "empty-in-the-first",
            weight=2,
            goal=N_("Where the first table is 0, its term is 0."),
            nudge=N_("What does `0 * log(0)` give in floating point, and what is its limit?"),
            method=N_("Use `torch.xlogy(p, p)` for `p log p`, or drop the terms where `p` is 0."),
        ),
        Property(
            "lost-in-the-second",
            weight=2,
            goal=N_("Where the second table is 0 and the first is not, KL is infinite."),
            nudge=N_("Did you add a small number inside a logarithm?"),
            method=N_("Let the logarithm of 0 be minus infinity; the sum is then infinite."),
        ),
        Property(
            "jsd",
            weight=2,
            goal=N_("`jsd(p, q)` is half of KL(p || m) plus half of KL(q || m), m = (p + q)/2."),
            nudge=N_("Test it: for tables that never overlap it must be log 2, and not 2 log 2."),
            method=N_("Form `m` first. Then call your `kl` twice, each time with `m` second."),
        ),
        Property(
            "planted-losses",
            weight=2,
            goal=N_("`lost_modes` gives KL(p || q), KL(q || p) and JSD, in this order."),
            nudge=N_("Which direction is infinite when the model loses a mode of the data?"),
            method=N_(
                "With K modes and L of them lost, `p` is 1/K everywhere, `q` is 0 on L modes and "
                "1/(K - L) on the others."
            ),
        ),
    ],
)
def divergences(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Random tables, tables with zeros, and even modes of which some are lost."""
    with student.part("kl"):
        p, q = rng.dirichlet(np.full(9, 1.5), size=2)
        yield same("kl", student.kl(p, q), kl(p, q), tolerance=TOLERANCE)
        yield same("kl", student.kl(p, p), 0.0, tolerance=TOLERANCE, case=_EQUAL)
    with student.part("empty-in-the-first"):
        sparse = np.where(np.arange(9) < 3, 0.0, p)
        sparse /= sparse.sum()
        found = student.kl(sparse, q)
        yield same("empty-in-the-first", found, kl(sparse, q), tolerance=TOLERANCE)
    with student.part("lost-in-the-second"):
        found = as_array(student.kl(q, sparse), ())
        yield holds(
            "lost-in-the-second",
            bool(found == np.inf),
            N_("With a bin that the second table lost, KL is {measured}, expected infinity."),
            measured=found,
        )
    with student.part("jsd"):
        yield same("jsd", student.jsd(p, q), _jsd(p, q), tolerance=TOLERANCE)
        apart = np.where(np.arange(9) < 3, 1 / 3, 0.0)
        found = student.jsd(apart, sparse)
        yield same("jsd", found, np.log(2.0), tolerance=TOLERANCE, case=_APART)
    with student.part("planted-losses"):
        for modes, lost in ((8, 1), (int(rng.integers(9, 30)), int(rng.integers(2, 8))), (5, 0)):
            yield from _planted(student, modes, lost)


_EQUAL = N_("With two equal tables")
_APART = N_("With tables that never overlap")


def kl(p: Array, q: Array) -> float:
    """The sum of ``p log(p / q)``, in nats."""
    return float(rel_entr(p, q).sum())


def _jsd(p: Array, q: Array) -> float:
    m = (p + q) / 2
    return (kl(p, m) + kl(q, m)) / 2


def _planted(student: Any, modes: int, lost: int) -> Iterator[Observation]:
    p = np.full(modes, 1 / modes)
    q = np.where(np.arange(modes) < modes - lost, 1 / (modes - lost), 0.0)
    returned = student.lost_modes(modes, lost)
    if not isinstance(returned, (tuple, list, np.ndarray)) or len(returned) != 3:
        raise Unusable(Text(N_("Return three numbers: KL(p || q), KL(q || p) and JSD.")))
    forward, reverse, jsd = (as_array(value, ()) for value in returned)
    yield holds(
        "planted-losses",
        bool(forward == np.inf) if lost else abs(float(forward)) <= TOLERANCE,
        N_("With {lost} of {modes} modes lost, KL(p || q) is {measured}, expected {expected}."),
        lost=lost,
        modes=modes,
        measured=forward,
        expected=np.inf if lost else 0.0,
    )
    yield same("planted-losses", reverse, kl(q, p), tolerance=TOLERANCE, case=_REVERSE)
    yield same("planted-losses", jsd, _jsd(p, q), tolerance=TOLERANCE, case=_JSD)


_REVERSE = N_("KL(q || p)")
_JSD = N_("JSD")
