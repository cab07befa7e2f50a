"""Helper code of every unit that runs beside the learner's code.

Its source is sent there, into a sandbox too, together with that of the unit's own ``harness.py``:
so a harness imports torch, numpy and the standard library alone, and never synthlab, which holds
the answers. It is trusted for convenience, never for a verdict: the judge computes every expected
value itself.
"""

from __future__ import annotations

import contextlib
import functools
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn


def parameters(module: nn.Module) -> dict[str, Tensor]:
    """The parameters by name, as copies."""
    return {name: p.detach().clone() for name, p in module.named_parameters()}


def set_parameters(module: nn.Module, values: Mapping[str, Tensor]) -> None:
    """Write parameters by name, in place, so that optimizers keep hold of them."""
    own = dict(module.named_parameters())
    with torch.no_grad():
        for name, value in values.items():
            own[name].copy_(value)


def gradients(module: nn.Module) -> dict[str, Tensor | None]:
    """What stands in each parameter's ``.grad``; None where nothing does."""
    return {
        name: None if p.grad is None else p.grad.detach().clone()
        for name, p in module.named_parameters()
    }


def leave_gradients(module: nn.Module, values: Mapping[str, Tensor] | None) -> None:
    """Put something into every parameter's ``.grad``, as earlier work does; None clears it."""
    for name, p in module.named_parameters():
        p.grad = None if values is None else values[name].to(p.dtype).clone()


def thaw(module: nn.Module) -> None:
    """Let every parameter take gradients, in training mode."""
    module.requires_grad_(True).train()


def look(module: nn.Module) -> dict[str, dict[str, Any]]:
    """All that a call may have changed in a module, by name; tensors as copies."""
    return {
        "parameters": parameters(module),
        "gradients": gradients(module),
        "requires_grad": {name: p.requires_grad for name, p in module.named_parameters()},
        "training": {name: layer.training for name, layer in module.named_modules()},
    }


def differentiate(
    function: Callable[..., Any], arguments: Sequence[Any], at: Sequence[int], **options: Any
) -> dict[str, Any]:
    """What a loss returns, and what a backward pass from it brings to some of its arguments.

    Args:
        function: The loss; several numbers are added up.
        arguments: All of its arguments, in order.
        at: Positions of the arguments that gradients are taken for: tensors, or modules.
        options: Arguments by name.

    Returns:
        "value" as it came; "dtype" of a tensor, else ""; and "gradients", a list with a tensor,
        or for a module a dict of them, for each position: None when nothing propagates back.
    """
    given = list(arguments)
    for i in at:
        if isinstance(given[i], Tensor):
            given[i] = given[i].clone().requires_grad_()
    value = function(*given, **options)
    found: dict[str, Any] = {"value": value, "dtype": "", "gradients": None}
    if not isinstance(value, Tensor):
        return found
    found.update(value=value.detach(), dtype=str(value.dtype))
    if value.requires_grad:
        leaves = [
            {"": given[i]} if isinstance(given[i], Tensor) else dict(given[i].named_parameters())
            for i in at
        ]
        free = [x for named in leaves for x in named.values() if x.requires_grad]
        twice = torch.autograd.grad(2 * value.sum(), free, materialize_grads=True)
        slopes = (slope / 2 for slope in twice)  # a slope that heeds what comes after the loss
        zero = torch.zeros_like
        by_name = [
            {name: next(slopes) if x.requires_grad else zero(x) for name, x in named.items()}
            for named in leaves
        ]
        found["gradients"] = [slope.get("", slope) for slope in by_name]
    return found


def input_gradient(
    function: Callable[..., Any], x: Tensor, *later: Any, before: tuple[Any, ...] = ()
) -> Any:
    """The gradient for x of the sum of ``function(*before, x, *later)``; see `differentiate`."""
    found = differentiate(function, [*before, x, *later], [len(before)])["gradients"]
    return None if found is None else found[0]


def generator(seed: int) -> torch.Generator:
    """A generator of random numbers with a seed of its own."""
    return torch.Generator().manual_seed(seed)


class _Dropped(nn.Dropout):
    """Dropout of the same hidden units in every pass, so that the judge knows which."""

    def __init__(self, units: Sequence[int]) -> None:
        super().__init__(0.5)
        self.units = list(units)

    def forward(self, x: Tensor) -> Tensor:
        """(B, H) -> (B, H): 0 for the dropped units, twice the others; x itself in eval mode."""
        if not self.training:
            return x
        kept = torch.full_like(x[0], 2.0)
        kept[self.units] = 0.0
        return x * kept


def perceptron(
    weights: Mapping[str, Tensor],
    activation: str = "tanh",
    dropped: Sequence[int] = (),
    normalised: bool = False,
) -> nn.Sequential:
    """W2 f(W1 x + b1) + b2 with copies of the weights, in their dtype: (B, i) -> (B, o).

    What stands between the layers is said by the fields of ``parts.perceptron.Kind``.
    """
    (hidden, inputs), outputs = weights["0.weight"].shape, len(weights["2.bias"])
    net = nn.Sequential()
    net.add_module("0", nn.Linear(inputs, hidden))
    if normalised:
        net.add_module("norm", nn.BatchNorm1d(hidden))
    net.add_module("1", nn.ReLU() if activation == "relu" else nn.Tanh())
    if dropped:
        net.add_module("dropout", _Dropped(dropped))
    net.add_module("2", nn.Linear(hidden, outputs))
    net.to(weights["0.weight"].dtype)
    set_parameters(net, weights)
    return net


class Critic(nn.Sequential):
    """Rows of any shape (B, ...) -> one number each, (B,)."""

    def forward(self, x: Tensor) -> Tensor:
        """Flatten the rows, apply the layers, drop the last axis."""
        x = x.flatten(1)
        for layer in self:
            x = layer(x)
        return x.flatten(0)


def critic(weights: Mapping[str, Tensor], **kind: Any) -> Critic:
    """A `perceptron` with one output, for rows of any shape."""
    return Critic(OrderedDict(perceptron(weights, **kind).named_children()))


def sgd(
    net: nn.Module, lr: float = 1.0, momentum: float = 0.0, maximize: bool = False
) -> torch.optim.Optimizer:
    """Gradient descent: with lr = 1 alone a parameter moves by exactly minus its gradient."""
    return torch.optim.SGD(net.parameters(), lr=lr, momentum=momentum, maximize=maximize)


class _Enough(BaseException):
    """Ends a training of which enough was seen; no ``except Exception`` holds it up."""


def training(
    train: Callable[..., object], *arguments: object, moves: bool = True, passes: int | None = None
) -> list[object]:
    """What a training returns, how often it went backward, and the losses of the first times.

    Args:
        train: Called with the arguments.
        arguments: For ``train``.
        moves: Whether its gradients are what they are; else each of them is 0.
        passes: Where it ends; None lets it go on.
    """
    losses: list[float] = []
    count = 0

    def backward(
        engine: Callable[..., object], outputs: Any, grads: Any, *rest: Any, **how: Any
    ) -> object:
        nonlocal count
        if count == passes:
            raise _Enough
        count += 1
        if len(losses) < 16:
            losses.append(sum(float(output.detach().sum()) for output in outputs))
        if not moves:
            grads = tuple(None if grad is None else torch.zeros_like(grad) for grad in grads)
        return engine(outputs, grads, *rest, **how)

    with _backward(backward):
        try:
            return [train(*arguments), count, losses]
        except _Enough:
            return [None, count, losses]


@contextlib.contextmanager
def _backward(function: Callable[..., object]) -> Iterator[None]:
    """Let a function see each ``backward`` and ``grad``, whoever calls it, and go on with it."""
    name = "_engine_run_backward"
    engine = getattr(torch.autograd, name)
    setattr(torch.autograd, name, functools.partial(function, engine))
    try:
        yield
    finally:
        setattr(torch.autograd, name, engine)
