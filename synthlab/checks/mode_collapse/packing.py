"""``mode-collapse.packing``: packs of m points, and the two losses on packs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from synthlab.checks.core import Property, check
from synthlab.checks.faults import Unusable
from synthlab.checks.parts.game import LOGISTIC
from synthlab.checks.parts.gradients import value, value_and_grad
from synthlab.checks.parts.perceptron import Weights, draw, forward
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_, Text

Array = NDArray[Any]

#: Means over some ten logits of float64 networks: rounding stays below 1e-13, and torch's
#: softplus is off by 2.1e-9 where a logit exceeds 20.
TOLERANCE = 1e-8

#: Real and fake rows in a batch: different numbers of packs, so that each mean must be its own.
REAL, FAKE = 12, 24


@check(
    "mode-collapse.packing",
    target=("pack", "packed_discriminator_loss", "packed_generator_loss"),
    properties=[
        Property(
            "packs",
            weight=3,
            goal=N_("Pack `i` holds the rows `i*m` to `i*m + m - 1`, side by side in this order."),
            nudge=N_("Pack the numbers 0 to 11, six rows of two, with m = 3. What do you expect?"),
            method=N_(
                "The rows lie one behind the other in memory, so one `reshape` to "
                "`(B / m, m * d)` puts m neighbours into one row."
            ),
        ),
        Property(
            "refuses",
            weight=1,
            goal=N_("When m does not divide the number of rows, `pack` raises a `ValueError`."),
            nudge=N_("What becomes of the last row when 10 rows go into packs of 3?"),
            method=N_("Test `len(x) % m` first, and raise with a sentence that names both."),
        ),
        Property(
            "discriminator-loss",
            weight=2,
            goal=N_(
                "The discriminator's loss is that of the plain GAN, on packs of real and on packs "
                "of fake rows."
            ),
            nudge=N_("How many logits come from B rows, and over how many do you average?"),
            method=N_(
                "Add the mean of `softplus(-D(pack(real, m)))` and the mean of "
                "`softplus(D(pack(fake, m)))`."
            ),
        ),
        Property(
            "never-mixed",
            weight=2,
            goal=N_("No pack holds real and fake rows together."),
            nudge=N_("What should a discriminator answer about a pack that is half real?"),
            method=N_("Pack the real rows and the fake rows in two calls, each by itself."),
        ),
        Property(
            "generator-loss",
            weight=2,
            goal=N_("The generator's loss is the mean of `-log D` over packs of fake rows alone."),
            nudge=N_("Which rows go into the packs that the generator wants to pass for real?"),
            method=N_("Take the mean of `softplus(-D(pack(fake, m)))`."),
        ),
        Property(
            "every-row-learns",
            weight=2,
            goal=N_("The gradient of the generator's loss reaches every fake row of a pack."),
            nudge=N_("Print `fake.grad` row by row. Are some rows exactly 0?"),
            method=N_("Cut nothing: all rows of a pack were made by the generator."),
        ),
        Property(
            "one-is-plain",
            weight=1,
            goal=N_("With m = 1 both losses are those of the plain GAN."),
            nudge=N_("What is a pack of one?"),
            method=N_("Write nothing special for m = 1: the same `reshape` covers it."),
        ),
    ],
)
def packing(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Packs seen by numbered rows, losses and slopes against networks that the judge knows."""
    with student.part("packs"):
        for rows, width, m in ((12, 2, 3), (8, 3, 4), (6, 1, 2)):
            x = rng.permutation(np.arange(99.0))[: rows * width].reshape(rows, width)
            yield same("packs", student.pack(x, m), x.reshape(rows // m, m * width), tolerance=0.0)
    with student.part("refuses"):
        raised = student.harness.refusal(student.pack, rng.normal(size=(10, 2)), 3)
        yield holds(
            "refuses",
            raised == "ValueError",
            N_("10 rows in packs of 3 end with {measured}, expected a ValueError."),
            measured=str(raised) or Text(N_("no error")),
        )
    for m, name in ((3, "discriminator-loss"), (1, "one-is-plain")):
        with student.part(name):
            net = draw(rng, 2 * m, 6, 1)
            real, fake = rng.normal(size=(REAL, 2)), rng.normal(size=(FAKE, 2))
            returned = student.packed_discriminator_loss(_module(student, net), real, fake, m)
            wanted = value(_discriminator_loss, net, real, fake, m)
            yield same(name, returned, wanted, tolerance=TOLERANCE)
    with student.part("never-mixed"):
        yield _interaction(student, rng)
    for m, name in ((4, "generator-loss"), (1, "one-is-plain")):
        with student.part(name):
            net, fake = draw(rng, 2 * m, 6, 1), rng.normal(size=(FAKE, 2))
            returned = student.packed_generator_loss(_module(student, net), fake, m)
            wanted = value(_generator_loss, fake, net, m)
            yield same(name, returned, wanted, tolerance=TOLERANCE)
    with student.part("every-row-learns"):
        net, fake = draw(rng, 8, 6, 1), rng.normal(size=(FAKE, 2))
        loss = student.packed_generator_loss
        returned = student.harness.input_gradient(loss, fake, 4, before=(_module(student, net),))
        if returned is None:
            raise Unusable(Text(N_("Nothing propagates back from the loss that you return.")))
        _, wanted = value_and_grad(_generator_loss, fake, net, 4)
        yield same("every-row-learns", returned, wanted, tolerance=TOLERANCE)


def _module(student: Any, net: Weights) -> Any:
    return student.harness.critic(net)


def _discriminator_loss(net: Mapping[str, Tensor], real: Tensor, fake: Tensor, m: int) -> Tensor:
    packs = (x.reshape(len(x) // m, -1) for x in (real, fake))
    return LOGISTIC.discriminator(*(forward(net, rows) for rows in packs))


def _generator_loss(fake: Tensor, net: Mapping[str, Tensor], m: int) -> Tensor:
    return LOGISTIC.generator(forward(net, fake.reshape(len(fake) // m, -1)))


def _interaction(student: Any, rng: np.random.Generator) -> Observation:
    """A loss with real and fake in packs of their own is a sum: its mixed difference is 0.

    With real rows r, s and fake rows f, g: ``L(r,f) - L(r,g) - L(s,f) + L(s,g) = 0``.
    """
    net = _module(student, draw(rng, 6, 6, 1))
    r, s = rng.normal(size=(2, REAL, 2))
    f, g = rng.normal(size=(2, REAL, 2))
    pairs = ((r, f, 1), (r, g, -1), (s, f, -1), (s, g, 1))
    loss = student.packed_discriminator_loss
    values = np.array([sign * _number(loss(net, real, fake, 3)) for real, fake, sign in pairs])
    mixed = float(abs(values.sum()))
    # A loss that does not look at its rows is a sum, too; it knows nothing of packs.
    looks = float(np.ptp(np.abs(values)))
    return holds(
        "never-mixed",
        mixed <= TOLERANCE and looks > TOLERANCE,
        N_(
            "What real rows add to the loss changes by {measured} with the fake rows, expected 0; "
            "over the rows the loss varies by {varies}, expected more than 0."
        ),
        measured=mixed,
        varies=looks,
    )


def _number(value: Any) -> float:
    return float(as_array(value, (), finite=True))
