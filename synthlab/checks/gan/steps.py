"""``gan.training_step``: one step of the discriminator, one of the generator.

The learner's two functions play D, D, G, G, D on one pair of networks. Before every move the
same step is made on fresh copies of the networks as they stand. The fresh copies show whether
the step itself is right; the difference to the pair that has played shows what leaked from one
step into the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthlab.checks.core import Property, check
from synthlab.checks.parts.arena import Arena, Array, State, batch, change
from synthlab.checks.parts.game import (
    LOGISTIC,
    SQUARES,
    Loss,
    discriminator_gradient,
    generator_gradient,
)
from synthlab.checks.parts.perceptron import Weights
from synthlab.checks.parts.steps import moved, returns_loss, unmoved
from synthlab.checks.properties import Observation, holds
from synthlab.words import N_

#: Means over 16 logits of float64 networks: rounding stays below 1e-13, while a loss computed
#: in float32 or after the move is off by 1e-7 or more.
TOLERANCE = 1e-10

_PROPERTIES = [
    Property(
        "discriminator-learns",
        weight=3,
        goal=N_("`discriminator_step` moves the discriminator by minus the gradient of the loss."),
        nudge=N_("Which points go into which argument of the loss, and which network moves?"),
        method=N_(
            "Make the fakes from `z`, call the discriminator on real and on fake points, pass both "
            "to the loss in that order. Then zero the gradients, call `backward`, and let the "
            "optimizer step."
        ),
    ),
    Property(
        "generator-left-alone",
        weight=2,
        goal=N_("`discriminator_step` leaves the generator as it was, without any gradient in it."),
        nudge=N_(
            "Look at `p.grad` of the generator's parameters after your step. Who put it there?"
        ),
        method=N_(
            "In this step the fakes are data. Cut their history between the generator and the "
            "discriminator: `detach` them, or make them under `no_grad`."
        ),
    ),
    Property(
        "generator-learns",
        weight=3,
        goal=N_("`generator_step` moves the generator by minus the gradient of the loss."),
        nudge=N_("Follow the path from the loss back to the generator. Is it cut anywhere?"),
        method=N_(
            "The gradient must pass through the discriminator: call it on `generator(z)` without "
            "`detach` and without `no_grad`, and pass the logits to the loss."
        ),
    ),
    Property(
        "discriminator-left-alone",
        weight=2,
        goal=N_("`generator_step` does not change the discriminator by a single bit."),
        nudge=N_("Whose parameters does the optimizer hold that moves in this step?"),
        method=N_("Step the given optimizer alone. It holds the generator's parameters."),
    ),
    Property(
        "fresh-gradients",
        weight=2,
        goal=N_("A step uses its own gradient alone, whatever was computed before it."),
        nudge=N_(
            "`backward` adds to what `p.grad` holds. What does the discriminator hold after a "
            "step of the generator?"
        ),
        method=N_(
            "Call `zero_grad` on the optimizer of the network that moves, before `backward`."
        ),
    ),
    Property(
        "given-loss",
        weight=1,
        goal=N_("Both steps use the loss that they are given, here least squares."),
        nudge=N_("Do your steps call the argument `loss`, or a function of another cell?"),
        method=N_("Call `loss(real_logits, fake_logits)` and `loss(fake_logits)`, nothing else."),
    ),
    Property(
        "given-optimizer",
        weight=1,
        goal=N_("Both steps move by the optimizer's own rule, here gradient ascent."),
        nudge=N_("Who decides how far and where a parameter moves?"),
        method=N_("Call `optimizer.step()` and change no parameter by hand."),
    ),
    Property(
        "stays-trainable",
        weight=1,
        goal=N_("After a step every parameter of both networks can still take gradients."),
        nudge=N_("Did you switch `requires_grad` off? Who switches it on again?"),
        method=N_("Put `requires_grad` back to True before you return, or leave it as it is."),
    ),
    Property(
        "returns-the-loss",
        weight=1,
        goal=N_("Both steps return the loss before the move, as a Python float."),
        nudge=N_("What is the type of the value that you return, and when was it computed?"),
        method=N_("Keep the loss tensor from before the move and return its `item()`."),
    ),
]


@dataclass(frozen=True)
class _Part:
    """One of the two steps: what it is called, what it is given, what it should do."""

    name: str
    other: str

    def play(
        self, student: Any, arena: Arena, real: Array, z: Array, loss: str = "logistic"
    ) -> Any:
        given = getattr(student.harness, f"{loss}_{self.name}_loss")
        if self.name == "discriminator":
            step, optimizer = student.discriminator_step, arena.for_discriminator
            return step(*arena.nets, optimizer, real, z, given)
        return student.generator_step(*arena.nets, arena.for_generator, z, given)

    def reference(
        self, state: State, real: Array, z: Array, loss: Loss = LOGISTIC
    ) -> tuple[float, Weights]:
        nets = state.generator, state.discriminator
        if self.name == "discriminator":
            return discriminator_gradient(*nets, real, z, loss)
        return generator_gradient(*nets, z, loss)

    def own(self, state: State) -> Weights:
        weights: Weights = getattr(state, self.name)
        return weights

    def others(self, state: State) -> Weights:
        weights: Weights = getattr(state, self.other)
        return weights


D = _Part("discriminator", "generator")
G = _Part("generator", "discriminator")


@check(
    "gan.training_step",
    target=("discriminator_step", "generator_step"),
    properties=_PROPERTIES,
)
def training_step(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Each step alone, then D, D, G, G, D, seen by the parameters."""
    for part in (D, G):
        with student.part(f"{part.name}-learns"):
            yield from _alone(student, rng, part)
    # What both steps share counts when both have been seen, so it is observed as a whole.
    with student.part("given-loss"):
        yield from [seen for part in (D, G) for seen in _as_given(student, rng, part)]
    with student.part("fresh-gradients"):
        yield from list(_in_turn(student, rng))


def _alone(student: Any, rng: np.random.Generator, part: _Part) -> Iterator[Observation]:
    """One step on networks that have never played."""
    state, (real, z) = State.drawn(rng), batch(rng)
    arena = Arena(student, state)
    part.play(student, arena, real, z)
    after = arena.state()
    _, gradient = part.reference(state, real, z)
    yield moved(f"{part.name}-learns", part.own(state), part.own(after), gradient)
    if not any(d.any() for d in change(part.own(state), part.own(after)).values()):
        return  # a step that does nothing earns nothing for what it leaves alone
    yield unmoved(f"{part.other}-left-alone", part.others(state), part.others(after))
    if part is D:
        yield arena.without_gradient()


def _as_given(student: Any, rng: np.random.Generator, part: _Part) -> Iterator[Observation]:
    """One step with another loss, what it returns, and one with an optimizer that climbs."""
    state, (real, z) = State.drawn(rng), batch(rng)
    arena = Arena(student, state)
    returned = part.play(student, arena, real, z, "squares")
    value, gradient = part.reference(state, real, z, SQUARES)
    yield moved("given-loss", part.own(state), part.own(arena.state()), gradient)
    yield returns_loss(returned, value, TOLERANCE)

    arena = Arena(student, state, lr=0.5, maximize=True)
    part.play(student, arena, real, z)
    _, gradient = part.reference(state, real, z)
    after = part.own(arena.state())
    yield moved("given-optimizer", part.own(state), after, gradient, learning_rate=-0.5)


_CASES = {
    "discriminator": N_("Compared with the same step of the discriminator on fresh copies"),
    "generator": N_("Compared with the same step of the generator on fresh copies"),
}


def _in_turn(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """D, D, G, G, D on one pair: each step as if the networks had never played."""
    arena = Arena(student, State.drawn(rng))
    for part in (D, D, G, G, D):
        real, z = batch(rng)
        state = arena.state()
        copy = Arena(student, state)
        part.play(student, copy, real, z)
        part.play(student, arena, real, z)
        alone = change(part.own(state), part.own(copy.state()))
        if not any(step.any() for step in alone.values()):
            continue  # as above
        descent = {name: -step for name, step in alone.items()}
        after = part.own(arena.state())
        yield moved("fresh-gradients", part.own(state), after, descent, case=_CASES[part.name])
        for name in ("generator", "discriminator"):
            net = getattr(arena, name)
            trainable = bool(student.harness.trainable(net))
            yield holds("stays-trainable", trainable, _TRAINABLE[name], measured=trainable)
            student.harness.thaw(net)


_TRAINABLE = {
    "generator": N_("The generator's `requires_grad` is {measured} after a step, expected True."),
    "discriminator": N_(
        "The discriminator's `requires_grad` is {measured} after a step, expected True."
    ),
}
