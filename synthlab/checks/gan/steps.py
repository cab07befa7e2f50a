"""``gan.training_step``: one step of the discriminator, one of the generator.

Each function is seen alone, on networks that have never played: of every kind, on batches of other
sizes, with a discriminator that is sure of itself and with losses of any scale. Then both play in
turn on one pair, against the same steps on fresh copies: what leaks from one step into the next
shows there, and what an optimizer with a memory makes of it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthlab.checks.core import GRADIENT, TRAINED, Property, check
from synthlab.checks.parts.arena import Arena, arena, nets
from synthlab.checks.parts.game import (
    Loss,
    State,
    batch,
    discriminator_gradient,
    generator_gradient,
    squares,
)
from synthlab.checks.parts.perceptron import DROPOUT, NORMALISED, RELU, TANH, Array, Kind, Weights
from synthlab.checks.parts.steps import (
    again,
    as_it_came,
    downhill,
    left_alone,
    moved,
    returns_loss,
    rules,
    unmoved,
)
from synthlab.checks.properties import Observation
from synthlab.words import N_

#: Means over 16 logits of float64 networks: rounding stays below 1e-13, while a loss computed
#: in float32 or after the move is off by 1e-7 or more.
TOLERANCE = 1e-10

_PROPERTIES = [
    Property(
        "discriminator-learns",
        weight=4,
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
        weight=4,
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
        weight=4,
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
    """One of the two steps: who moves in it, and who does not."""

    name: str
    other: str

    def play(self, student: Any, players: Arena, real: Array, z: Array, *scaled: float) -> Any:
        loss = getattr(student.harness, f"squares_{self.name}_loss")(*scaled)
        mover = players[self.name].optimizer
        if self.name == "discriminator":
            return student.discriminator_step(*nets(players), mover, real, z, loss)
        return student.generator_step(*nets(players), mover, z, loss)

    def reference(self, state: State, real: Array, z: Array, loss: Loss) -> tuple[float, Weights]:
        if self.name == "discriminator":
            return discriminator_gradient(state, real, z, loss)
        return generator_gradient(state, z, loss)

    def own(self, state: State) -> Weights:
        weights: Weights = getattr(state, self.name)
        return weights


D = _Part("discriminator", "generator")
G = _Part("generator", "discriminator")


@dataclass(frozen=True)
class _Trial:
    """Networks, batch and loss of one call on networks that have never played."""

    case: str
    kinds: tuple[Kind, Kind] = (TANH, TANH)
    sizes: tuple[int, int] = (16, 16)
    scale: float = 1.0
    sure: float = 0.0
    dtype: str = "float64"

    def drawn(self, rng: np.random.Generator) -> tuple[State, Array, Array]:
        """State, real points and noise."""
        state = State.drawn(rng, kinds=self.kinds)
        if self.sure:
            state = state.apart(self.sure)
        real, z = batch(rng, *self.sizes, apart=bool(self.sure))
        return state.astype(self.dtype), real.astype(self.dtype), z.astype(self.dtype)


_PLAIN = N_("With batches of 16")


def _trials(rng: np.random.Generator) -> list[_Trial]:
    """What a step meets; the plain case first, since a verdict keeps the first fault."""
    n, m = (int(k) for k in rng.permutation(np.arange(3, 24))[:2])
    small, large = (float(10 ** rng.uniform(*at)) for at in ((-4, -2), (2, 4)))
    return [
        _Trial(_PLAIN, sure=1.0),  # here every loss of a GAN points the same way
        _Trial(N_("With batches of other sizes"), (NORMALISED, DROPOUT), (n, m)),
        _Trial(N_("With one point each"), (RELU, RELU), (1, 1)),
        _Trial(N_("With a discriminator that is sure"), sizes=(n, n), sure=50.0),
        _Trial(N_("With a small loss"), (DROPOUT, TANH), (m, n), small),
        _Trial(N_("With a large loss"), (TANH, RELU), (m, m), large),
        _Trial(N_("With float32 networks"), sizes=(n, m), dtype="float32"),
    ]


@check(
    "gan.training_step",
    target=("discriminator_step", "generator_step"),
    moves={
        "discriminator_step": {1: TRAINED, 2: TRAINED},
        "generator_step": {0: TRAINED, 1: GRADIENT, 2: TRAINED},
    },
    keeps={
        "requires_grad": "stays-trainable",
        "training": "stays-trainable",
        "settings": "given-optimizer",
        "discriminator_step": "generator-left-alone",
        "generator_step": "discriminator-left-alone",
    },
    properties=_PROPERTIES,
)
def training_step(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """Each step alone, then both in turn, seen by the parameters."""
    able = [False, False]
    for i, part in enumerate((D, G)):
        with student.part(f"{part.name}-learns"):
            able[i] = yield from _alone(student, rng, part)
    with student.part("given-loss"):
        found = [seen for part in (D, G) for seen in _given_loss(student, rng, part)]
        # what both steps share counts when both go downhill
        yield from [seen for seen in found if all(able) or not seen.passed]
    if not all(able):
        return
    with student.part("given-optimizer"):
        yield from [seen for part in (D, G) for seen in _given_optimizer(student, rng, part)]
    with student.part("fresh-gradients"):
        yield from list(_in_turn(student, rng))


def _alone(
    student: Any, rng: np.random.Generator, part: _Part
) -> Generator[Observation, None, bool]:
    """One call a trial; returns whether it went downhill in the first, the plainest."""
    for trial in _trials(rng):
        state, real, z = trial.drawn(rng)
        players = arena(student, state)
        before = players[part.other].look()
        part.play(student, players, real, z, trial.scale, 0.0)
        start, after = part.own(state), players[part.name].look().parameters
        _, gradient = part.reference(state, real, z, squares(trial.scale))
        seen = moved(f"{part.name}-learns", start, after, gradient, case=trial.case)
        yield seen
        if not downhill(start, after, gradient):
            return trial.case != _PLAIN
        name = f"{part.other}-left-alone"
        other = players[part.other].look()
        if part is D:
            yield from left_alone(name, before, other)
        else:
            yield unmoved(name, before.parameters, other.parameters)
        if not seen.passed:
            return True
    return True


def _given_loss(student: Any, rng: np.random.Generator, part: _Part) -> Iterator[Observation]:
    """Losses of other scales, one of them far below 0, and what the step says that they were."""
    for scale, offset in ((rng.uniform(2.0, 9.0), 0.0), (rng.uniform(0.1, 0.5), -30.0)):
        state, (real, z) = State.drawn(rng), batch(rng)
        players = arena(student, state)
        returned = part.play(student, players, real, z, float(scale), offset)
        value, gradient = part.reference(state, real, z, squares(float(scale), offset))
        after = players[part.name].look().parameters
        yield moved("given-loss", part.own(state), after, gradient)
        if downhill(part.own(state), after, gradient):
            yield returns_loss(returned, value, TOLERANCE)


def _given_optimizer(student: Any, rng: np.random.Generator, part: _Part) -> Iterator[Observation]:
    """Three steps by each rule, the second of a loss without a slope: momentum moves on."""
    for rule in rules(rng):
        players = arena(student, State.drawn(rng), rule)
        for scale in (1.0, 0.0, 1.0):
            real, z = batch(rng)

            def play(who: Arena, *at: Any) -> Any:
                return part.play(student, who, *at)

            for player in players.values():
                player.leave(None)
            yield from again(
                "given-optimizer",
                players,
                [part.name],
                play,
                real,
                z,
                scale,
                0.0,
                case=_RULES[rule.maximize],
            )


_RULES = {False: N_("With an optimizer that has momentum"), True: N_("With one that ascends")}
_CASES = {
    "discriminator": N_("Compared with the same step of the discriminator on fresh copies"),
    "generator": N_("Compared with the same step of the generator on fresh copies"),
}
_NETS = {"discriminator": N_("The discriminator"), "generator": N_("The generator")}


def _in_turn(student: Any, rng: np.random.Generator) -> Iterator[Observation]:
    """D, D, G, G, D and some more on one pair, each as if nobody had ever called anything.

    Gradients that somebody else left stand in both networks before the first call, and before one
    in two of the others.
    """
    players = arena(student, State.drawn(rng, kinds=(DROPOUT, DROPOUT)))
    turns = [D, D, G, G, D, *(part for part in (D, G, G, D) if rng.random() < 0.5)]
    for i, part in enumerate(turns):
        real, z = batch(rng)
        for player in players.values():
            if not i or rng.random() < 0.5:
                player.leave_some(rng)
        before = {who: player.look() for who, player in players.items()}

        def play(who: Arena, *at: Any, part: _Part = part) -> Any:
            return part.play(student, who, *at)

        case, scale = _CASES[part.name], 0.1  # with 1 the two run away from each other
        yield from again(
            "fresh-gradients", players, [part.name], play, real, z, scale, 0.0, case=case
        )
        after = {who: player.look() for who, player in players.items()}
        if part is D:
            yield from left_alone("generator-left-alone", before["generator"], after["generator"])
        for who, player in players.items():
            yield as_it_came("stays-trainable", before[who], after[who], case=_NETS[who])
            player.thaw()
