"""``mode-collapse.unrolled``: the generator's loss against the discriminator of one step later.

A step that was not recorded gives the right loss and the wrong gradient, so the gradient is
compared with finite differences of a loss that the judge computes in numpy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from synthlab.checks.core import Property, check
from synthlab.checks.faults import Unusable
from synthlab.checks.gan.reference import Weights, backward, draw, forward
from synthlab.checks.parts.steps import parameters, unmoved
from synthlab.checks.properties import Observation, same
from synthlab.words import N_, Text

Array = NDArray[Any]

#: Means over some logits of float64 networks; torch's softplus is off by 2.1e-9 above 20.
TOLERANCE = 1e-8
#: Central differences with this step: their error is some third derivative times its square, 1e-9
#: here, and rounding adds 1e-16 / 1e-4.
STEP = 1e-4
#: What a gradient may differ from them: a hundred times their error, while a step that was not
#: recorded is off by 0.01 and more.
SLOPE_TOLERANCE = 1e-6


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
    """Values and finite differences on networks that the judge knows."""
    for name, lr in (("value", float(rng.uniform(0.3, 0.9))), ("no-step", 0.0)):
        with student.part(name):
            net, fake, real = _drawn(rng)
            found = student.unrolled_loss(student.harness.critic(net), fake, real, lr)
            yield same(name, found, expected(net, fake, real, lr), tolerance=TOLERANCE)
    with student.part("through-the-step"):
        net, fake, real = _drawn(rng)
        lr = float(rng.uniform(0.3, 0.9))
        module = student.harness.critic(net)
        loss = student.unrolled_loss
        slope = student.harness.input_gradient(loss, fake, real, lr, before=(module,))
        if slope is None:
            raise Unusable(Text(N_("Nothing propagates back from the loss that you return.")))
        wanted = differences(net, fake, real, lr)
        yield same("through-the-step", slope, wanted, tolerance=SLOPE_TOLERANCE)
    with student.part("untouched"):
        net, fake, real = _drawn(rng)
        module = student.harness.critic(net)
        student.unrolled_loss(module, fake, real, 0.5)
        yield unmoved("untouched", net, parameters(student, module))


def expected(net: Weights, fake: Array, real: Array, lr: float) -> float:
    """The non-saturating loss on the fakes after one step of D (Metz et al. 2017, eqs. 7, 8)."""
    on_real, on_fake = forward(net, real), forward(net, fake)
    of_real, _ = backward(net, real, -expit(-on_real) / len(real))
    of_fake, _ = backward(net, fake, expit(on_fake) / len(fake))
    ahead = {name: net[name] - lr * (of_real[name] + of_fake[name]) for name in net}
    return float(np.logaddexp(0.0, -forward(ahead, fake)).mean())


def differences(net: Weights, fake: Array, real: Array, lr: float) -> Array:
    """The gradient of `expected` for the fakes, by central differences."""
    slope = np.empty_like(fake)
    for index in np.ndindex(fake.shape):
        up, down = fake.copy(), fake.copy()
        up[index] += STEP
        down[index] -= STEP
        rise = expected(net, up, real, lr) - expected(net, down, real, lr)
        slope[index] = rise / (2 * STEP)
    return slope


def _drawn(rng: np.random.Generator) -> tuple[Weights, Array, Array]:
    """A discriminator, fakes (6, 2) and real points (9, 2): means over different numbers."""
    return draw(rng, 2, 6, 1), rng.normal(size=(6, 2)) + 0.5, rng.normal(size=(9, 2))
