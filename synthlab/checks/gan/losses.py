"""``gan.discriminator_loss`` and ``gan.generator_loss``: values, gradients, large logits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from synthlab.checks.core import Property, check
from synthlab.checks.parts.game import LOGISTIC, softplus
from synthlab.checks.parts.gradients import value, value_and_grad
from synthlab.checks.parts.losses import differentiate, is_a_loss, trained_on
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_

Array = NDArray[Any]

#: torch's softplus returns x itself above 20, which is off by log(1 + e^-20) = 2.1e-9.
TOLERANCE = 1e-8

#: Logits at which sigmoid rounds to 0 or 1: from 17 on in float32, from 37 on in float64, and
#: to a plain 0 below -104 and -745. Both signs, so that each term meets its own bad side.
LARGE = np.array([-1000.0, -200.0, -40.0, -5.0, 5.0, 40.0, 200.0, 1000.0])


def large(rng: np.random.Generator) -> Array:
    """Large logits, up to a tenth smaller than `LARGE` in size: none that is known beforehand.

    From 36 on torch's softplus is exact in float64, although it takes a short cut above 20.
    """
    return LARGE * rng.uniform(0.9, 1.0, size=LARGE.size)


def _gradient_property(goal: str) -> Property:
    return Property(
        "gradient",
        weight=2,
        goal=goal,
        nudge=N_("Does everything between the logits and what you return stay a torch tensor?"),
        method=N_(
            "Return the tensor itself: `item`, `detach`, `numpy` and `torch.tensor(...)` cut the "
            "graph. "
            "Differentiate softplus on paper: its derivative is the sigmoid."
        ),
    )


def _stable_property(goal: str) -> Property:
    return Property(
        "stable",
        weight=3,
        goal=goal,
        nudge=N_(
            "Print the sigmoid of 200 and of -200 in float32. What is the logarithm of each, and "
            "of one minus each?"
        ),
        method=N_(
            "Never take the logarithm of a probability. Rewrite `-log sigmoid(l)` with "
            "`log(1 + e^x)`, which torch computes as `softplus`; `logsigmoid` and the losses "
            "`with_logits` do the same."
        ),
    )


_TYPE = Property(
    "keeps-the-type",
    weight=1,
    goal=N_("The loss is a tensor of the same dtype as the logits."),
    nudge=N_("Which dtype does your loss have when the logits are float64?"),
    method=N_(
        "Make helper tensors with `ones_like` or `zeros_like`, which copy the dtype, and convert "
        "nothing."
    ),
)


@check(
    "gan.discriminator_loss",
    target="discriminator_loss",
    properties=[
        Property(
            "value",
            weight=3,
            goal=N_(
                "The loss is the mean of `-log D` over the real points plus the mean of "
                "`-log(1 - D)` over the fakes."
            ),
            nudge=N_(
                "Try one real and one fake logit by hand: should the loss be small when the real "
                "logit is high and the fake one low?"
            ),
            method=N_(
                "With `D = sigmoid(l)`, `-log D` is `softplus(-l)` and `-log(1 - D)` is "
                "`softplus(l)`. The arguments are logits already. Average each term and add the "
                "two."
            ),
        ),
        Property(
            "own-means",
            weight=1,
            goal=N_("Each mean runs over all elements of its own tensor, whatever the two shapes."),
            nudge=N_(
                "What does your loss divide by when there are 7 real logits and 12 fake ones?"
            ),
            method=N_("Reduce the real term and the fake term separately, before you add them."),
        ),
        _TYPE,
        _gradient_property(
            N_(
                "The gradient is `-sigmoid(-l)/n` for a real logit and `sigmoid(l)/n` for a fake "
                "one."
            )
        ),
        _stable_property(
            N_("Value and gradient are right for logits up to 1000 in size, in both float types.")
        ),
    ],
)
def discriminator_loss(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """E[softplus(-real)] + E[softplus(fake)]."""
    real, fake = rng.normal(1.0, 3.0, size=(2, 48))
    with student.part("value"):
        yield same("value", student(real, fake), _discriminator(real, fake), tolerance=TOLERANCE)
    with student.part("own-means"):
        for shapes in (((7,), (12, 1)), ((3, 4), (2, 2, 5))):
            a, b = (rng.normal(0.0, 3.0, size=shape) for shape in shapes)
            yield same("own-means", student(a, b), _discriminator(a, b), tolerance=TOLERANCE)
    with student.part("keeps-the-type"):
        yield from _keeps_the_type(student, real, fake)
    with student.part("gradient"):
        yield from _gradients(
            student, "gradient", (real, fake), _discriminator_gradients(real, fake)
        )
    with student.part("stable"):
        for kind in (np.float32, np.float64):
            a, b = large(rng).astype(kind), rng.permutation(large(rng)).astype(kind)
            yield same("stable", student(a, b), _discriminator(a, b), case=_LARGE_LOGITS)
            yield from _gradients(student, "stable", (a, b), _discriminator_gradients(a, b))


def _discriminator(real: Array, fake: Array) -> float:
    return float(value(LOGISTIC.discriminator, real, fake))


def _discriminator_gradients(real: Array, fake: Array) -> list[Array]:
    _, of_real = value_and_grad(LOGISTIC.discriminator, real, fake)
    _, of_fake = value_and_grad(lambda b, a: LOGISTIC.discriminator(a, b), fake, real)
    return [of_real, of_fake]


@check(
    "gan.generator_loss",
    target="generator_loss",
    properties=[
        Property(
            "non-saturating",
            weight=2,
            goal=N_("By default the loss is the mean of `-log D` over the fakes."),
            nudge=N_(
                "The generator minimises this number. Does it fall when a fake's logit rises, and "
                "is it largest for the worst fake?"
            ),
            method=N_(
                "Write `-log sigmoid(l)` as a softplus, and average it. The argument is a logit."
            ),
        ),
        Property(
            "saturating",
            weight=2,
            goal=N_("With `saturating=True` the loss is the mean of `log(1 - D)` over the fakes."),
            nudge=N_("Is `log(1 - D)` positive or negative? What is the sign of your value?"),
            method=N_(
                "`1 - sigmoid(l)` is `sigmoid(-l)`. So `log(1 - D)` is minus a softplus: of which "
                "argument?"
            ),
        ),
        Property(
            "any-shape",
            weight=1,
            goal=N_("The mean runs over all elements, whatever the shape of the logits."),
            nudge=N_("What shape has your loss when the logits have the shape (3, 4)?"),
            method=N_("Take the mean once, without a `dim` argument, over the whole tensor."),
        ),
        _TYPE,
        _gradient_property(
            N_(
                "Per logit the gradient is `(sigmoid(l) - 1)/n`, and `-sigmoid(l)/n` with "
                "`saturating=True`."
            )
        ),
        _stable_property(
            N_("Both losses and their gradients are right for logits up to 1000 in size.")
        ),
    ],
)
def generator_loss(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """E[softplus(-fake)], or -E[softplus(fake)] when saturating."""
    fake = rng.normal(-1.0, 3.0, size=48)
    modes = (False, True)
    with student.part("non-saturating"):
        yield same("non-saturating", student(fake), _generator(fake, False), tolerance=TOLERANCE)
    with student.part("saturating"):
        returned = student(fake, saturating=True)
        yield same("saturating", returned, _generator(fake, True), tolerance=TOLERANCE)
    with student.part("any-shape"):
        for shape in ((1,), (5, 1), (3, 4, 2)):
            logits = rng.normal(0.0, 3.0, size=shape)
            # Which of the two losses is which is another property: either order passes here.
            returned = sorted(float(as_array(student(logits, saturating=s), ())) for s in modes)
            wanted = sorted(_generator(logits, s) for s in modes)
            yield same("any-shape", returned, wanted, tolerance=TOLERANCE)
    with student.part("keeps-the-type"):
        yield from _keeps_the_type(student, fake)
    with student.part("gradient"):
        yield from [seen for s in modes for seen in _slopes_of(student, "gradient", fake, s)]
    with student.part("stable"):
        yield from [seen for s in modes for seen in _at_large_logits(student, rng, s)]


def _at_large_logits(
    student: Any, rng: np.random.Generator, saturating: bool
) -> Iterator[Observation]:
    for kind in (np.float32, np.float64):
        logits = large(rng).astype(kind)
        returned = student(logits, saturating=saturating)
        yield same("stable", returned, _generator(logits, saturating), case=_LARGE_LOGITS)
        yield from _slopes_of(student, "stable", logits, saturating)


def _slopes_of(student: Any, name: str, fake: Array, saturating: bool) -> Iterator[Observation]:
    _, expected = value_and_grad(_generator_loss, fake, saturating)
    yield from _gradients(student, name, (fake,), [expected], saturating=saturating)


def _generator(fake: Array, saturating: bool) -> float:
    return float(value(_generator_loss, fake, saturating))


def _generator_loss(fake: Tensor, saturating: bool) -> Tensor:
    return -softplus(fake).mean() if saturating else LOGISTIC.generator(fake)


_LARGE_LOGITS = N_("With logits of up to 1000 in size")


def _gradients(
    student: Any, name: str, logits: tuple[Array, ...], expected: list[Array], **options: bool
) -> Iterator[Observation]:
    """What autograd propagates to each tensor of logits, against the judge's own gradient."""
    found = differentiate(student, student, *logits, at=range(len(logits)), **options)
    yield from trained_on(name, found, expected, tolerance=TOLERANCE)


def _keeps_the_type(student: Any, *logits: Array) -> Iterator[Observation]:
    for kind in ("float64", "float32"):
        given = [x.astype(kind) for x in logits]
        found = differentiate(student, student, *given, at=range(len(given)))
        is_a_loss(found)
        yield holds(
            "keeps-the-type",
            found.dtype == f"torch.{kind}",
            N_("The loss has the type {measured}, expected {expected}."),
            measured=found.dtype,
            expected=f"torch.{kind}",
        )
