"""Helper code of every unit that runs beside the learner's code.

Its source is sent there, into a sandbox too, together with that of the unit's own ``harness.py``:
so a harness imports torch, numpy and the standard library alone, and never synthlab, which holds
the answers. It is trusted for convenience, never for a verdict: the judge computes every expected
value itself.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
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


def largest_gradient(module: nn.Module) -> float:
    """The largest entry, in size, of what `gradients` returns; 0 where there is none."""
    held = [float(g.abs().max()) for g in gradients(module).values() if g is not None]
    return max(held, default=0.0)


def input_gradient(
    function: Callable[..., Any], x: Tensor, *later: Any, before: tuple[Any, ...] = ()
) -> Tensor | None:
    """The gradient for x of the sum of ``function(*before, x, *later)``.

    None when nothing propagates back to anything.
    """
    leaf = x.clone().requires_grad_()
    value = function(*before, leaf, *later)
    if not isinstance(value, Tensor) or not value.requires_grad:
        return None
    (gradient,) = torch.autograd.grad(value.sum(), leaf, allow_unused=True)
    return torch.zeros_like(leaf) if gradient is None else gradient


def generator(seed: int) -> torch.Generator:
    """A generator of random numbers with a seed of its own."""
    return torch.Generator().manual_seed(seed)


def perceptron(weights: Mapping[str, Tensor]) -> nn.Sequential:
    """W2 tanh(W1 x + b1) + b2 with copies of the weights, in their dtype: (B, i) -> (B, o)."""
    (hidden, inputs), outputs = weights["0.weight"].shape, len(weights["2.bias"])
    net = nn.Sequential(nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs))
    net.to(weights["0.weight"].dtype).load_state_dict(dict(weights))
    return net


class Critic(nn.Sequential):
    """Rows of any shape (B, ...) -> one number each, (B,)."""

    def forward(self, x: Tensor) -> Tensor:
        """Flatten the rows, apply the layers, drop the last axis."""
        x = x.flatten(1)
        for layer in self:
            x = layer(x)
        return x.flatten(0)


def critic(weights: Mapping[str, Tensor]) -> Critic:
    """A `perceptron` with one output, for rows of any shape."""
    return Critic(*perceptron(weights))


def sgd(net: nn.Module, lr: float = 1.0, maximize: bool = False) -> torch.optim.Optimizer:
    """Plain gradient descent: with lr = 1 a parameter moves by exactly minus its gradient."""
    return torch.optim.SGD(net.parameters(), lr=lr, maximize=maximize)


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
