"""``mode-collapse.unrolled``: the generator's loss against the discriminator of one step later.

A step that was not recorded gives the right loss and the wrong gradient: so both are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from torch.func import grad

from synthlab.checks.core import Property, check
from synthlab.checks.parts import differences
from synthlab.checks.parts.game import LOGISTIC
from synthlab.checks.parts.gradients import value
from synthlab.checks.parts.losses import differentiate, is_a_loss, trained_on
from synthlab.checks.parts.perceptron import DROPOUT, RELU, TANH, Kind, Weights, draw
from synthlab.checks.parts.steps import parameters, unmoved
from synthlab.checks.properties import Observation, as_array, same
from synthlab.words import N_

Array = NDArray[Any]

#: Means over some logits of float64 networks; torch's softplus is off by 2.1e-9 above 20. A step
#: that was not recorded is off by 0.01 and more.
TOLERANCE = 1e-8


@check(
    "mode-collapse.unrolled",
    target=("unrolled_loss",),
    properties=[
        Property(
            "value",
            weight=3,
            goal=N_(
                "The value is the generator's loss against the discriminator that has made one "
                "step of size `lr` down its own loss."
            ),
            nudge=N_("Which way does the discriminator step, and which of the two judges?"),
            method=N_(
                "Subtract `lr` times the gradient of the discriminator's loss from each parameter, "
                "and let these new parameters judge the fakes."
            ),
        ),
        Property(
            "through-the-step",
            weight=3,
            goal=N_("The gradient for the fakes goes through the discriminator's step."),
            nudge=N_("Move one fake a little. Does the step of the discriminator change with it?"),
            method=N_(
                "Take the gradient with `create_graph=True`, from a loss in which the fakes are "
                "not detached."
            ),
        ),
        Property(
            "untouched",
            weight=2,
            goal=N_("The discriminator that comes in has its parameters afterwards, bit by bit."),
            nudge=N_("Who still needs the parameters of now, after the look ahead?"),
            method=N_(
                "Never write into a parameter: `torch.func.functional_call` takes the new ones as "
                "a dictionary."
            ),
        ),
        Property(
            "no-step",
            weight=2,
            goal=N_("With `lr = 0` it is the loss of the plain GAN."),
            nudge=N_("Where is the discriminator after a step of length 0?"),
            method=N_("Write nothing special for it: the formula covers it."),
        ),
    ],
)
def unrolled(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Values and gradients on networks that the judge knows."""
    looks = False
    with student.part("value"):
        for case, draw_one in _TRIALS:
            trial = draw_one(rng)
            returned = trial.call(student)
            yield trial.same("value", returned, case)
            looks = looks or abs(float(as_array(returned, ())) - trial.now()) > TOLERANCE
        before, trial = _plain(rng), _plain(rng)
        module = before.module(student)
        before.call(student, module)
        student.harness.set_parameters(module, trial.net)
        yield trial.same("value", trial.call(student, module), _LATER)
    if not looks:
        return  # a loss that never looks ahead earns nothing for what it leaves alone
    with student.part("through-the-step"):
        for case, draw_one in _TRIALS[:-1]:  # a ReLU has corners
            yield from draw_one(rng).through(student, case)
    with student.part("untouched"):
        trial = _plain(rng)
        module = trial.module(student)
        first, second = (as_array(trial.call(student, module), ()) for _ in range(2))
        yield same("untouched", second, first, tolerance=TOLERANCE, case=_TWICE)
        yield unmoved("untouched", trial.net, parameters(student, module))
    with student.part("no-step"):
        for _, draw_one in _TRIALS:
            trial = replace(draw_one(rng), lr=0.0)
            yield trial.same("no-step", trial.call(student), None)


@dataclass(frozen=True)
class _Trial:
    """A discriminator, fakes, real points, and the size of its step."""

    net: Weights
    fake: Array
    real: Array
    lr: float
    kind: Kind = TANH

    def module(self, student: Any) -> Any:
        return student.harness.critic(self.net, **asdict(self.kind))

    def call(self, student: Any, module: Any = None) -> Any:
        module = self.module(student) if module is None else module
        return student.unrolled_loss(module, self.fake, self.real, self.lr)

    def now(self) -> float:
        """The loss without a look ahead."""
        return float(value(loss, self.fake, self.net, self.real, 0.0, self.kind))

    def same(self, name: str, returned: Any, case: str | None) -> Observation:
        wanted = value(loss, self.fake, self.net, self.real, self.lr, self.kind)
        tolerance = TOLERANCE * max(1.0, float(abs(wanted)))
        return same(name, returned, wanted, tolerance=tolerance, case=case)

    def through(self, student: Any, case: str) -> Iterator[Observation]:
        """The gradient of the learner's loss against how its own value changes with the fakes."""
        at = self.module(student), self.fake, self.real, self.lr
        found = differentiate(student, student.unrolled_loss, *at, at=[1])
        is_a_loss(found)

        def loss(fake: Array) -> Any:
            return replace(self, fake=fake).call(student)

        slope = differences.gradient(loss, self.fake)
        # A difference loses digits of the value: 1e-16 of 900, divided by twice the step.
        tolerance = differences.TOLERANCE * max(1.0, float(abs(as_array(found.value))))
        yield from trained_on("through-the-step", found, [slope], tolerance=tolerance, case=case)


def _plain(rng: np.random.Generator, kind: Kind = TANH, sure: float = 0.0) -> _Trial:
    """A trial with its own numbers of points; ``sure`` is added to every logit."""
    net = draw(rng, 2, 6, 1, kind)
    net["2.bias"] += sure
    fakes, reals = (int(n) for n in rng.permutation(np.arange(1, 8))[:2])
    fake, real = rng.normal(size=(fakes, 2)) + 0.5, rng.normal(size=(reals, 2))
    return _Trial(net, fake, real, float(rng.uniform(0.3, 0.9)), kind)


def _steep(rng: np.random.Generator) -> _Trial:
    """A trial far out, where the discriminator errs: its gradient has a length of 3 and more."""
    trial = _plain(rng)
    net = {**trial.net, "0.weight": 0.1 * trial.net["0.weight"], "2.weight": trial.net["2.weight"]}
    return replace(trial, net=net, fake=trial.fake + 6.0, real=trial.real - 6.0)


#: What a loss meets, the plain case first, since a verdict keeps the first fault.
_TRIALS: tuple[tuple[str, Callable[[np.random.Generator], _Trial]], ...] = (
    (N_("With logits around 0"), _plain),
    (N_("With fakes and real points far apart"), _steep),
    (N_("With logits around 900"), lambda rng: _plain(rng, sure=900.0)),
    (N_("With logits around -900"), lambda rng: _plain(rng, sure=-900.0)),
    (N_("With a discriminator that drops units"), lambda rng: _plain(rng, DROPOUT)),
    (N_("With a discriminator of ReLUs"), lambda rng: _plain(rng, RELU)),
)
_LATER = N_("When the discriminator has learned between two calls")
_TWICE = N_("Called once more, compared with the first time")


def loss(
    fake: Tensor, net: Mapping[str, Tensor], real: Tensor, lr: float, kind: Kind = TANH
) -> Tensor:
    """The non-saturating loss on the fakes after one step of D (Metz et al. 2017, eqs. 7, 8)."""

    def of_discriminator(net: Mapping[str, Tensor]) -> Tensor:
        return LOGISTIC.discriminator(kind.forward(net, real), kind.forward(net, fake))

    step = grad(of_discriminator)(net)
    ahead = {name: net[name] - lr * step[name] for name in net}
    return LOGISTIC.generator(kind.forward(ahead, fake))
