"""``mode-collapse.unrolled``: the generator's loss against the discriminator of one step later.

A step that was not recorded gives the right loss and the wrong gradient: so both are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from torch.func import grad

from synthlab.checks.core import Property, check
from synthlab.checks.faults import Unusable
from synthlab.checks.parts.game import LOGISTIC
from synthlab.checks.parts.gradients import value, value_and_grad
from synthlab.checks.parts.perceptron import Weights, draw, forward
from synthlab.checks.parts.steps import parameters, unmoved
from synthlab.checks.properties import Observation, same
from synthlab.words import N_, Text

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
            weight=4,
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
            weight=1,
            goal=N_("With `lr = 0` it is the loss of the plain GAN."),
            nudge=N_("Where is the discriminator after a step of length 0?"),
            method=N_("Write nothing special for it: the formula covers it."),
        ),
    ],
)
def unrolled(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Values and gradients on networks that the judge knows."""
    for name, lr in (("value", float(rng.uniform(0.3, 0.9))), ("no-step", 0.0)):
        with student.part(name):
            net, fake, real = _drawn(rng)
            returned = student.unrolled_loss(student.harness.critic(net), fake, real, lr)
            yield same(name, returned, value(loss, fake, net, real, lr), tolerance=TOLERANCE)
    with student.part("through-the-step"):
        net, fake, real = _drawn(rng)
        lr = float(rng.uniform(0.3, 0.9))
        module = student.harness.critic(net)
        unrolled = student.unrolled_loss
        slope = student.harness.input_gradient(unrolled, fake, real, lr, before=(module,))
        if slope is None:
            raise Unusable(Text(N_("Nothing propagates back from the loss that you return.")))
        _, wanted = value_and_grad(loss, fake, net, real, lr)
        yield same("through-the-step", slope, wanted, tolerance=TOLERANCE)
    with student.part("untouched"):
        net, fake, real = _drawn(rng)
        module = student.harness.critic(net)
        student.unrolled_loss(module, fake, real, 0.5)
        yield unmoved("untouched", net, parameters(student, module))


def loss(fake: Tensor, net: Mapping[str, Tensor], real: Tensor, lr: float) -> Tensor:
    """The non-saturating loss on the fakes after one step of D (Metz et al. 2017, eqs. 7, 8)."""

    def of_discriminator(net: Mapping[str, Tensor]) -> Tensor:
        return LOGISTIC.discriminator(forward(net, real), forward(net, fake))

    step = grad(of_discriminator)(net)
    return LOGISTIC.generator(forward({name: net[name] - lr * step[name] for name in net}, fake))


def _drawn(rng: np.random.Generator) -> tuple[Weights, Array, Array]:
    """A discriminator, fakes (6, 2) and real points (9, 2): means over different numbers."""
    return draw(rng, 2, 6, 1), rng.normal(size=(6, 2)) + 0.5, rng.normal(size=(9, 2))
