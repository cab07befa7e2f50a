"""A training step observed by what it did to the networks, not by how it is written.

The learner's step runs on networks that the harness made, with an optimizer whose rule the judge
knows: a `Player` is one such network. The judge compares the parameters before and after with a
reference gradient of its own, and looks at everything that the step had no business with.

One call on fresh objects shows whether a step is right. What a step keeps, skips or leaves behind
shows in `again`: calls on objects that have a history, with gradients that somebody else left
there, each compared with the same call on fresh copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synthlab.checks.describe import number, numbers
from synthlab.checks.observation import ROUNDINGS, Observation, eps, observed
from synthlab.checks.parts.perceptron import TANH, Kind, Weights
from synthlab.checks.properties import same
from synthlab.checks.values import as_array, wrong
from synthlab.words import N_, Text

Array = NDArray[Any]


@dataclass(frozen=True)
class Rule:
    """What torch's SGD does with a gradient."""

    lr: float = 1.0
    momentum: float = 0.0
    maximize: bool = False


#: With this one a parameter moves by exactly minus its gradient.
PLAIN = Rule()


def rules(rng: np.random.Generator) -> tuple[Rule, Rule]:
    """Rules that an update by hand does not guess: one with momentum, one that ascends."""
    lr, momentum, ascent = rng.uniform(0.1, 0.6), rng.uniform(0.5, 0.9), rng.uniform(0.1, 0.6)
    return Rule(float(lr), float(momentum)), Rule(float(ascent), maximize=True)


@dataclass(frozen=True)
class Look:
    """All that a call may have changed in a module, at one moment; by the parameters' names.

    ``training`` goes by the names of the module's layers, "" for the module itself.
    """

    parameters: Weights
    gradients: dict[str, Array | None]
    requires_grad: dict[str, bool]
    training: dict[str, bool]

    @classmethod
    def at(cls, student: Any, module: Any, weights: Mapping[str, Array]) -> Look:
        """A look at a module with parameters of these names and shapes.

        Raises:
            Unusable: When it has others. What comes from the learner's side is not computed with
                before.
        """
        found = student.harness.look(module)
        held = found["gradients"]
        return cls(
            {name: as_array(found["parameters"][name], w.shape) for name, w in weights.items()},
            {
                name: None if held[name] is None else as_array(held[name], w.shape)
                for name, w in weights.items()
            },
            {name: found["requires_grad"][name] is True for name in weights},
            {str(layer): mode is True for layer, mode in found["training"].items()},
        )


class Player:
    """A network on the learner's side, its optimizer, and what the judge knows of them.

    Args:
        student: What the check got; with its harness.
        weights: The parameters to start with.
        kind: What stands between the network's layers.
        rule: The optimizer's.
        critic: Whether it returns (B,) instead of (B, outputs).
    """

    def __init__(
        self,
        student: Any,
        weights: Weights,
        kind: Kind = TANH,
        rule: Rule = PLAIN,
        critic: bool = False,
    ) -> None:
        make = student.harness.critic if critic else student.harness.perceptron
        self.module = make(weights, **asdict(kind))
        self.optimizer = student.harness.sgd(self.module, **asdict(rule))
        self.kind, self.rule = kind, rule
        self._student, self._start, self._critic = student, weights, critic
        self._velocity: Weights = {name: np.zeros_like(w) for name, w in weights.items()}

    def look(self) -> Look:
        """The network now; see `Look.at`."""
        return Look.at(self._student, self.module, self._start)

    def copy(self) -> Player:
        """The network as it stands, without a history, with an optimizer of the plain rule."""
        weights = self.look().parameters
        return Player(self._student, weights, self.kind, critic=self._critic)

    def leave(self, gradients: Weights | None) -> None:
        """Leave gradients in the network, as earlier work does; None clears them."""
        self._student.harness.leave_gradients(self.module, gradients)

    def leave_some(self, rng: np.random.Generator) -> None:
        """Leave random gradients of order 1 in the network."""
        self.leave({name: rng.normal(size=w.shape) for name, w in self._start.items()})

    def thaw(self) -> None:
        """Let every parameter take gradients, in training mode."""
        self._student.harness.thaw(self.module)

    def expected(self, gradient: Weights) -> Weights:
        """What a step with this gradient adds to every parameter, by the rule and its memory."""
        sign = -1.0 if self.rule.maximize else 1.0
        for name, slope in gradient.items():
            self._velocity[name] = self.rule.momentum * self._velocity[name] + sign * slope
        return {name: -self.rule.lr * v for name, v in self._velocity.items()}


def change(before: Weights, after: Weights) -> Weights:
    """What was added to every parameter."""
    return {name: after[name] - before[name] for name in before}


def downhill(before: Weights, after: Weights, gradient: Mapping[str, ArrayLike]) -> bool:
    """Whether a step made the loss smaller at all, to first order.

    A step that does nothing, or the opposite, earns nothing for what it leaves alone.
    """
    found = change(before, after)
    return sum(float(np.sum(found[name] * slope)) for name, slope in gradient.items()) < 0


def again(
    name: str,
    players: Mapping[str, Player],
    movers: Sequence[str],
    play: Callable[..., Any],
    *arguments: Any,
    case: Text | str | None = None,
) -> Iterator[Observation]:
    """One more call on objects that have a history, against the same call on fresh copies.

    Whether the call itself is right is another property: what the copies do is what is expected,
    put through the optimizer's rule. A step that never moves anything is not observed.

    Args:
        name: The property.
        players: Every network that the call gets.
        movers: Those of them that move.
        play: Makes the call: ``play(players, *arguments)``.
        arguments: The same ones each time.
        case: As for `same`.
    """
    fresh = {who: player.copy() for who, player in players.items()}
    before = {who: fresh[who].look().parameters for who in movers}
    play(fresh, *arguments)
    alone = {who: change(fresh[who].look().parameters, before[who]) for who in movers}
    play(players, *arguments)
    for who in movers:
        expected = players[who].expected(alone[who])
        if any(step.any() for step in expected.values()):
            after = players[who].look().parameters
            yield added(name, before[who], after, expected, case=case)


def left_alone(name: str, before: Look, after: Look) -> Iterator[Observation]:
    """Observe a network that a call must not move: every bit, and no gradient of the call's.

    A gradient may also be emptied: who cleans up does no harm.
    """
    yield unmoved(name, before.parameters, after.parameters)
    for key, held in after.gradients.items():
        start = before.gradients[key]
        if held is None or not held.any() or (start is not None and np.array_equal(held, start)):
            continue
        largest = float(np.abs(held if start is None else held - start).max())
        text = N_("Your code adds a gradient of size {measured} here, expected 0.")
        problem = Text(text, {"measured": number(largest)})
        yield Observation(name, False, _in_parameter(key, problem))
        return
    yield Observation(name, True, Text(N_("It holds no gradient of your code's.")))


def as_it_came(name: str, before: Look, after: Look, case: Text | str | None = None) -> Observation:
    """Whether every parameter still takes gradients and every layer is in the mode that it was."""
    for key, takes in after.requires_grad.items():
        if takes != before.requires_grad[key]:
            params: dict[str, object] = {"measured": str(takes), "expected": str(not takes)}
            text = N_("`requires_grad` is {measured} after your code, expected {expected}.")
            return observed(name, False, _in_parameter(key, Text(text, params)), case)
    changed = [mode for key, mode in after.training.items() if mode != before.training.get(key)]
    if changed or before.training.keys() != after.training.keys():
        now = changed[0] if changed else after.training.get("", False)
        params = {"measured": str(now), "expected": str(not now)}
        text = N_("`training` is {measured} after your code, expected {expected}.")
        return observed(name, False, Text(text, params), case)
    text = N_("Every parameter takes gradients as before, and the mode is the same.")
    return observed(name, True, Text(text), case)


def parameters(student: Any, module: Any) -> Weights:
    """A copy of the parameters of a module on the learner's side, by name."""
    arrays: Weights = student.harness.parameters(module)
    return arrays


def moved(
    name: str,
    before: Mapping[str, Array],
    after: Mapping[str, Array],
    gradient: Mapping[str, ArrayLike],
    *,
    tolerance: float | None = None,
    case: Text | str | None = None,
) -> Observation:
    """Whether a step of plain SGD moved every parameter by minus the gradient.

    This is how a training step is observed: by what it did to the parameters, not by how it is
    written. A missing zero_grad, a wrong sign, a loss of the other player all show here.

    Args:
        name: The property.
        before: The parameters before the step, by name.
        after: The parameters after it.
        gradient: The reference gradient of the loss, by the same names.
        tolerance: As for `added`.
        case: As for `same`.
    """
    expected = {key: -np.asarray(slope, np.float64) for key, slope in gradient.items()}
    return added(name, before, after, expected, tolerance=tolerance, case=case)


def added(
    name: str,
    before: Mapping[str, Array],
    after: Mapping[str, Array],
    expected: Mapping[str, Array],
    *,
    tolerance: float | None = None,
    case: Text | str | None = None,
) -> Observation:
    """Whether what was expected was added to every parameter, by name.

    Args:
        name: The property.
        before: The parameters before the step, by name.
        after: The parameters after it.
        expected: What to add, by the same names.
        tolerance: Relative to the largest entry that is expected. By default what rounding
            explains: ``1024 eps max(|parameter|, |step|)``.
        case: As for `same`.
    """
    worst: tuple[float, Text | None] = (0.0, None)
    scale = max((float(np.abs(w).max(initial=0.0)) for w in expected.values()), default=0.0)
    for key, want in expected.items():
        problem = wrong(after.get(key), want.shape)
        if problem is not None:
            return observed(name, False, _in_parameter(key, problem), case)
        start = np.asarray(before[key])
        got = np.asarray(after[key], np.float64) - start
        size = max(float(np.abs(start).max(initial=0.0)), scale)
        allowed = ROUNDINGS * eps(start) * size if tolerance is None else tolerance * scale
        difference = np.abs(got - want)
        excess = float(difference.max(initial=0.0)) / (allowed or np.finfo(np.float64).tiny)
        if excess > worst[0]:
            index = np.unravel_index(int(np.argmax(difference)), want.shape)
            pair = numbers(got[index], want[index])
            params: dict[str, object] = {
                "parameter": f"{key}[{', '.join(str(int(i)) for i in index)}]",
                "measured": pair[0],
                "expected": pair[1],
            }
            worst = (excess, Text(_MOVED, params))
    if worst[1] is None:
        return observed(name, True, Text(_MOVED_ALL), case)
    return observed(name, worst[0] <= 1.0, worst[1], case)


_MOVED = N_("{parameter} changed by {measured}, expected {expected}.")
_MOVED_ALL = N_("Every parameter changed exactly as expected.")


def unmoved(name: str, before: Mapping[str, Array], after: Mapping[str, Array]) -> Observation:
    """Whether every array kept every bit: what a step must not touch, it does not touch."""
    for key, start in before.items():
        problem = wrong(after.get(key), np.shape(start), finite=False)
        if problem is not None:
            return Observation(name, False, _in_parameter(key, problem))
        old, new = np.asarray(start), np.asarray(after[key])
        changed = (old != new) & ~(np.isnan(old) & np.isnan(new))
        if changed.any():
            index = np.unravel_index(int(np.argmax(changed)), old.shape)
            params: dict[str, object] = {
                "parameter": f"{key}[{', '.join(str(int(i)) for i in index)}]",
                "measured": number(new[index] - old[index]),
                "expected": "0",
            }
            return Observation(name, False, Text(_MOVED, params))
    return Observation(name, True, Text(N_("No parameter changed, as expected.")))


def returns_loss(returned: Any, loss: float, tolerance: float) -> Observation:
    """Whether a step returned its loss as a Python number, and not as a tensor.

    Args:
        returned: What came back.
        loss: What a right step returns.
        tolerance: The largest difference, for a loss of up to 1; it grows with the loss.
    """
    if isinstance(returned, np.ndarray) and returned.shape == ():
        return Observation("returns-the-loss", False, Text(_TENSOR))
    return same("returns-the-loss", returned, loss, tolerance=tolerance * max(1.0, abs(loss)))


_TENSOR = N_("Your step returns a tensor, expected a Python float.")


def _in_parameter(key: str, problem: Text) -> Text:
    return Text(N_("{parameter}: {problem}"), {"parameter": key, "problem": problem})
