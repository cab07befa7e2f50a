"""``gan.discriminator_loss`` and ``gan.generator_loss``: values, gradients, large logits."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from synthlab.checks.core import Property, check
from synthlab.checks.observation import ROUNDINGS
from synthlab.checks.parts.game import LOGISTIC, softplus
from synthlab.checks.parts.gradients import value, value_and_grad
from synthlab.checks.parts.losses import differentiate, is_a_loss, multiple, trained_on
from synthlab.checks.properties import Observation, as_array, holds, same
from synthlab.words import N_

Array = NDArray[Any]

#: torch's softplus returns x itself above 20, which is off by log(1 + e^-20) = 2.1e-9.
TOLERANCE = 1e-8

KINDS = ("float32", "float64")

#: How many logits each comparison has: what is summed instead of averaged shows as a factor.
SIZE = 24


def large(rng: np.random.Generator) -> Array:
    """Logits of up to 1000 in size, of both signs: each term meets its own bad side.

    Sigmoid rounds to 0 or 1 from 17 on in float32, from 37 on in float64, and to a plain 0 below
    -104 and -745. None is known beforehand. Between 10 and 36 there is none: torch's softplus takes
    a short cut above 20, and from 36 on that is exact in float64.
    """
    sizes = np.exp(rng.uniform(np.log(36.0), np.log(1000.0), size=SIZE))
    sizes[:4], sizes[4:8] = rng.uniform(900.0, 1000.0, size=4), rng.uniform(0.0, 10.0, size=4)
    return np.asarray(sizes * np.tile([-1.0, 1.0], SIZE // 2))


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


def _stable_property(goal: str, weight: float) -> Property:
    return Property(
        "stable",
        weight=weight,
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
            weight=4,
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
                "Up to one factor for all logits, the gradient is `-sigmoid(-l)` for a real one, "
                "`sigmoid(l)` for a fake one."
            )
        ),
        _stable_property(
            N_(
                "Up to the same factor, value and gradient are right for logits of up to 1000 in "
                "size, in both float types."
            ),
            weight=3,
        ),
    ],
)
def discriminator_loss(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """E[softplus(-real)] + E[softplus(fake)]."""
    at = tuple(rng.normal(0.0, 3.0, size=(2, SIZE)))
    scale = yield from _slopes(student, at, _discriminator_gradients)
    if scale is None:
        return
    with student.part("value"):
        for _ in range(2):
            at = tuple(rng.normal(0.0, 3.0, size=(2, SIZE)))
            yield same("value", student(*at), _discriminator(*at), tolerance=TOLERANCE)
    with student.part("own-means"):
        for shapes in (((7,), (12, 1)), ((3, 4), (2, 2, 5)), _shapes(rng, 2), ((), (9,))):
            a, b = (rng.normal(0.0, 3.0, size=shape) for shape in shapes)
            seen = same("own-means", student(a, b), _discriminator(a, b), tolerance=TOLERANCE)
            yield seen
            if not seen.passed:
                break
    if scale <= 0:
        return  # what points the wrong way earns nothing for its type
    with student.part("keeps-the-type"):
        yield from _keeps_the_type(student, *at)
    with student.part("stable"):
        for kind in KINDS:
            pair = tuple(rng.permutation(large(rng)).astype(kind) for _ in range(2))
            wanted = scale * _discriminator(*pair)
            yield from _stable(student, pair, wanted, _discriminator_gradients(*pair), scale)


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
            weight=3,
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
            weight=3,
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
                "Up to one factor for all logits, the gradient is `sigmoid(l) - 1`, and "
                "`-sigmoid(l)` with `saturating=True`."
            )
        ),
        _stable_property(
            N_(
                "Up to the same factor, both losses and their gradients are right for logits up to "
                "1000."
            ),
            weight=2,
        ),
    ],
)
def generator_loss(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """E[softplus(-fake)], or -E[softplus(fake)] when saturating."""
    scales = []
    for saturating, name in enumerate(("non-saturating", "saturating")):
        options = {"saturating": True} if saturating else {}
        fake = rng.normal(-1.0, 3.0, size=SIZE)
        slope = partial(_generator_gradients, saturating=bool(saturating))
        scale = yield from _slopes(student, (fake,), slope, **options)
        scales.append(scale or 0.0)
        if scale is None:
            continue
        with student.part(name):
            for _ in range(2):
                fake = rng.normal(-1.0, 3.0, size=SIZE)
                wanted = _generator(fake, bool(saturating))
                yield same(name, student(fake, **options), wanted, tolerance=TOLERANCE)
    if max(scales) <= 0:
        return  # what points the wrong way earns nothing for shape and type
    with student.part("any-shape"):
        for shape in ((5, 1), (1,), (3, 4, 2), *_shapes(rng, 1), ()):
            logits = rng.normal(0.0, 3.0, size=shape)
            # Which of the two losses is which is another property: either order passes here.
            right = [s for s, times in zip((False, True), scales, strict=True) if times > 0]
            returned = sorted(float(as_array(student(logits, saturating=s), ())) for s in right)
            values = sorted(_generator(logits, s) for s in right)
            seen = same("any-shape", returned, values, tolerance=TOLERANCE)
            yield seen
            if not seen.passed:
                break
    with student.part("keeps-the-type"):
        yield from _keeps_the_type(student, fake)
    if min(scales) <= 0:
        return
    with student.part("stable"):
        for s, times in zip((False, True), scales, strict=True):
            for kind in KINDS:
                fake = large(rng).astype(kind)
                wanted, slopes = times * _generator(fake, s), _generator_gradients(fake, s)
                yield from _stable(student, (fake,), wanted, slopes, times, saturating=s)


def _generator(fake: Array, saturating: bool) -> float:
    return float(value(_generator_loss, fake, saturating))


def _generator_gradients(fake: Array, saturating: bool) -> list[Array]:
    return [value_and_grad(_generator_loss, fake, saturating)[1]]


def _generator_loss(fake: Tensor, saturating: bool) -> Tensor:
    return -softplus(fake).mean() if saturating else LOGISTIC.generator(fake)


def _shapes(rng: np.random.Generator, count: int) -> list[tuple[int, ...]]:
    """Shapes of one to four axes."""
    axes = [int(rng.integers(1, 5)) for _ in range(count)]
    return [tuple(int(n) for n in rng.integers(1, 6, size=k)) for k in axes]


def _slopes(
    student: Any,
    logits: tuple[Array, ...],
    gradients: Callable[..., list[Array]],
    **options: bool,
) -> Generator[Observation, None, float | None]:
    """Observe what a backward pass brings to the logits.

    A loss that is all right but for its size has the right slopes: its value says the rest. Returns
    the factor of `multiple`, 0 when the slopes are no multiple of the right ones, and None for what
    nobody can train on.
    """
    with student.part("gradient"):
        found = differentiate(student, student, *logits, at=range(len(logits)), **options)
        expected = gradients(*logits)
        is_a_loss(found)
        pairs = list(zip(found.gradients or (), expected, strict=True))
        scale = multiple(*(dict(enumerate(side)) for side in zip(*pairs, strict=True)))
        exact = TOLERANCE * max(1.0, scale)
        off = max(float(np.abs(g - scale * e).max()) for g, e in pairs)
        scale = scale if off <= exact else 0.0
        wanted = [(scale if scale > 0 else 1.0) * slope for slope in expected]
        yield from trained_on("gradient", found, wanted, tolerance=exact)
        return scale
    return None


_LARGE_LOGITS = N_("With logits of up to 1000 in size")


def _stable(
    student: Any,
    logits: tuple[Array, ...],
    wanted: float,
    slopes: list[Array],
    scale: float,
    **options: bool,
) -> Iterator[Observation]:
    """Value and gradient at large logits, as exact as the logits' dtype allows."""
    found = differentiate(student, student, *logits, at=range(len(logits)), **options)
    total, exact = as_array(found.value).sum(), TOLERANCE * max(1.0, scale)
    rounding = ROUNDINGS * np.finfo(logits[0].dtype).eps * abs(wanted)
    yield same("stable", total, wanted, tolerance=max(rounding, exact), case=_LARGE_LOGITS)
    yield from trained_on("stable", found, [scale * slope for slope in slopes], tolerance=exact)


def _keeps_the_type(student: Any, *logits: Array) -> Iterator[Observation]:
    for kind in KINDS:
        given = [x.astype(kind) for x in logits]
        found = differentiate(student, student, *given, at=range(len(given)))
        yield holds(
            "keeps-the-type",
            found.dtype == f"torch.{kind}",
            N_("The loss has the type {measured}, expected {expected}."),
            measured=found.dtype,
            expected=f"torch.{kind}",
        )
