"""``mode-collapse.packing``: packs of m points, and the two losses on packs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from synthlab.checks.core import Property, check
from synthlab.checks.parts.game import LOGISTIC
from synthlab.checks.parts.gradients import value, value_and_grad
from synthlab.checks.parts.losses import differentiate, is_a_loss, trained_on
from synthlab.checks.parts.perceptron import DROPOUT, RELU, TANH, Kind, Weights, draw
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_, Text

Array = NDArray[Any]

#: Means over some ten logits of float64 networks: rounding stays below 1e-13, and torch's
#: softplus is off by 2.1e-9 where a logit exceeds 20.
TOLERANCE = 1e-8

#: Rows of each kind where real and fake ones are exchanged.
ROWS = 12


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
    packs = True
    with student.part("packs"):
        for rows, width, m in ((12, 2, 3), (8, 3, 4), (6, 1, 2), (5, 2, 1), (4, 3, 4), _size(rng)):
            x = rng.permutation(np.arange(999.0))[: rows * width].reshape(rows, width)
            seen = same("packs", student.pack(x, m), _packs(x, m), tolerance=0.0)
            packs = packs and seen.passed
            yield seen
    with student.part("refuses"):
        for rows, m in ((10, 3), (2, 3), (12, 5), (12, 4)):
            yield _refuses(student, rng.normal(size=(rows, 2)), m)
    # Losses are judged on the packs that ``pack`` makes, right or wrong.
    pack = _packs if packs else lambda x, m: as_array(student.pack(x, m), finite=True)
    for name, trial in _trials(rng, "discriminator-loss"):
        with student.part(name):
            yield from trial.of_discriminator(student, pack, name)
    with student.part("never-mixed"):
        yield _interaction(student, rng)
    for name, trial in _trials(rng, "generator-loss"):
        with student.part(name):
            yield from trial.of_generator(student, pack, name)
    with student.part("every-row-learns"):
        for _, trial in _trials(rng, ""):
            yield from trial.every_row(student)


Pack = Callable[[Array, int], Array]


@dataclass(frozen=True)
class _Trial:
    """A discriminator of packs of m rows, and real and fake rows."""

    case: str
    net: Weights
    real: Array
    fake: Array
    m: int
    kind: Kind = TANH

    def _module(self, student: Any) -> Any:
        return student.harness.critic(self.net, **asdict(self.kind))

    def of_discriminator(self, student: Any, pack: Pack, name: str) -> Iterator[Observation]:
        """Value and gradient of the discriminator's loss."""
        at = self._module(student), self.real, self.fake, self.m
        found = differentiate(student, student.packed_discriminator_loss, *at, at=[0])
        is_a_loss(found)
        packs = pack(self.real, self.m), pack(self.fake, self.m)
        wanted, slope = value_and_grad(_discriminator_loss, self.net, *packs, self.kind)
        tolerance = TOLERANCE * max(1.0, abs(wanted))
        yield same(name, found.value, wanted, tolerance=tolerance, case=self.case)
        yield from trained_on(name, found, [slope], tolerance=TOLERANCE)

    def of_generator(self, student: Any, pack: Pack, name: str) -> Iterator[Observation]:
        """The value of the generator's loss."""
        returned = student.packed_generator_loss(self._module(student), self.fake, self.m)
        wanted = value(_generator_loss, pack(self.fake, self.m), self.net, self.kind)
        tolerance = TOLERANCE * max(1.0, float(abs(wanted)))
        yield same(name, returned, wanted, tolerance=tolerance, case=self.case)

    def every_row(self, student: Any) -> Iterator[Observation]:
        """The gradient of the generator's loss for the fakes."""
        at = self._module(student), self.fake, self.m
        found = differentiate(student, student.packed_generator_loss, *at, at=[1])

        def loss(fake: Tensor, net: Mapping[str, Tensor]) -> Tensor:
            return _generator_loss(fake.reshape(len(fake) // self.m, -1), net, self.kind)

        _, slope = value_and_grad(loss, self.fake, self.net)
        yield from trained_on("every-row-learns", found, [slope], tolerance=TOLERANCE)


def _trials(rng: np.random.Generator, name: str) -> Iterator[tuple[str, _Trial]]:
    """What a loss meets, the plain case first, since a verdict keeps the first fault."""
    sizes = rng.permutation(np.arange(2, 9))[:2]  # in packs, so that each mean must be its own
    for case, sure, kind, m, width in (
        (N_("With packs of 3"), 0.0, TANH, 3, 2),
        (N_("With other packs of the same size"), 0.0, TANH, 3, 2),
        (N_("With packs of another size"), 0.0, DROPOUT, int(rng.integers(4, 7)), 1),
        (N_("With logits around 900"), 900.0, TANH, 2, 3),
        (N_("With logits around -900"), -900.0, RELU, 2, 3),
        (N_("With packs of one"), 0.0, TANH, 1, 2),
    ):
        net = draw(rng, width * m, 6, 1, kind)
        net["2.bias"] += sure
        real, fake = (rng.normal(size=(m * int(n), width)) for n in sizes)
        yield (name if m > 1 else "one-is-plain"), _Trial(case, net, real, fake, m, kind)


def _size(rng: np.random.Generator) -> tuple[int, int, int]:
    """Rows, their width, and how many of them a pack holds."""
    m = int(rng.integers(2, 8))
    return m * int(rng.integers(1, 8)), int(rng.integers(1, 6)), m


def _packs(x: Array, m: int) -> Array:
    return x.reshape(len(x) // m, -1)


def _refuses(student: Any, x: Array, m: int) -> Observation:
    """A ValueError, or a class derived from it, where m does not divide the rows."""
    raised = [str(name) for name in student.harness.refusal(student.pack, x, m)]
    due = len(x) % m > 0
    detail = N_("{rows} rows in packs of {m} end with {measured}, expected a ValueError.")
    if not due:
        detail = N_("{rows} rows in packs of {m} end with {measured}, expected no error.")
    measured = raised[0] if raised else Text(N_("no error"))
    passed = ("ValueError" in raised) if due else not raised
    return holds("refuses", passed, detail, rows=len(x), m=m, measured=measured)


def _discriminator_loss(
    net: Mapping[str, Tensor], real: Tensor, fake: Tensor, kind: Kind
) -> Tensor:
    return LOGISTIC.discriminator(kind.forward(net, real), kind.forward(net, fake))


def _generator_loss(fake: Tensor, net: Mapping[str, Tensor], kind: Kind) -> Tensor:
    return LOGISTIC.generator(kind.forward(net, fake))


def _interaction(student: Any, rng: np.random.Generator) -> Observation:
    """A loss with real and fake in packs of their own is a sum: its mixed difference is 0.

    With real rows r, s and fake rows f, g: ``L(r,f) - L(r,g) - L(s,f) + L(s,g) = 0``.
    """
    net = student.harness.critic(draw(rng, 6, 6, 1))
    r, s = rng.normal(size=(2, ROWS, 2))
    f, g = rng.normal(size=(2, ROWS, 2))
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
