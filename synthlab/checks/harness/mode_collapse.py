"""Helper code of unit ``mode-collapse`` that runs beside the learner's code.

It builds the networks and optimizers that the learner's functions are called with, and reports
what only autograd can tell. The verdict never rests on it alone: the judge computes every
expected value itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn


class Critic(nn.Sequential):
    """Rows of any shape (B, ...) -> one number each, (B,)."""

    def forward(self, x: Tensor) -> Tensor:
        """Flatten the rows, apply the layers, drop the last axis."""
        x = x.flatten(1)
        for layer in self:
            x = layer(x)
        return x.flatten(0)


def generator(weights: Mapping[str, Tensor]) -> nn.Module:
    """A net for z (B, inputs) -> (B, outputs), with copies of the given weights."""
    return _layers(weights)


def discriminator(weights: Mapping[str, Tensor]) -> nn.Module:
    """A net for x (B, ...) -> (B,), with copies of the given weights."""
    return Critic(*_layers(weights).children())


def linear_critic(weight: Tensor, bias: float) -> nn.Module:
    """The critic ``w . x + b``, whose slope is w everywhere: x (B, ...) -> (B,)."""
    layer = nn.Linear(weight.numel(), 1, dtype=weight.dtype)
    with torch.no_grad():
        layer.weight.copy_(weight[None])
        layer.bias.fill_(bias)
    return Critic(layer)


def _layers(weights: Mapping[str, Tensor]) -> nn.Sequential:
    """W2 tanh(W1 x + b1) + b2, in the dtype of the weights."""
    (hidden, inputs), outputs = weights["0.weight"].shape, len(weights["2.bias"])
    net = nn.Sequential(nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs))
    net.to(weights["0.weight"].dtype).load_state_dict(dict(weights))
    return net


def sgd(net: nn.Module, lr: float = 1.0) -> torch.optim.Optimizer:
    """Plain gradient descent: with lr = 1 a parameter moves by exactly minus its gradient."""
    return torch.optim.SGD(net.parameters(), lr=lr)


def gradient_held(net: nn.Module) -> float:
    """The largest entry, in size, of the gradients that the parameters hold; 0 without any."""
    held = [float(p.grad.abs().max()) for p in net.parameters() if p.grad is not None]
    return max(held, default=0.0)


def refusal(function: Callable[..., object], *arguments: object) -> str:
    """The class name of the exception that a call ends with; "" when it returns."""
    try:
        function(*arguments)
    except NotImplementedError:
        raise
    except Exception as error:
        return type(error).__name__
    return ""


def slope(
    loss: Callable[..., Tensor], net: nn.Module, points: Tensor, *arguments: object
) -> Tensor | None:
    """The gradient of ``loss(net, points, ...)`` for the points; None when none comes back."""
    leaf = points.clone().requires_grad_()
    value = loss(net, leaf, *arguments)
    if not isinstance(value, Tensor) or not value.requires_grad or value.numel() != 1:
        return None
    (found,) = torch.autograd.grad(value.reshape(()), leaf, allow_unused=True)
    return torch.zeros_like(leaf) if found is None else found


def parameters(net: nn.Module, names: Sequence[str]) -> Tensor:
    """The named parameters one after the other, flat; those that are gone are missing."""
    known = dict(net.named_parameters())
    return torch.cat([torch.empty(0), *(known[n].detach().flatten() for n in names if n in known)])


def repeated(normalise: Callable[..., Any], matrix: Tensor, u: Tensor, calls: int) -> Tensor | None:
    """The matrix that the last of some calls returns; each gets the u of the one before.

    None when one of them does not return two tensors.
    """
    scaled = matrix
    for _ in range(calls):
        pair = _two_tensors(normalise(matrix, u))
        if pair is None:
            return None
        scaled, u = (tensor.detach() for tensor in pair)
    return scaled


def matrix_slope(
    normalise: Callable[..., Any], matrix: Tensor, u: Tensor, pull: Tensor
) -> Tensor | None:
    """The gradient of ``sum(pull * scaled)`` for the matrix; None when none comes back."""
    leaf = matrix.clone().requires_grad_()
    pair = _two_tensors(normalise(leaf, u))
    if pair is None or not pair[0].requires_grad or pair[0].shape != pull.shape:
        return None
    scaled, _ = pair
    (found,) = torch.autograd.grad((pull * scaled).sum(), leaf, allow_unused=True)
    return torch.zeros_like(leaf) if found is None else found


def _two_tensors(found: object) -> tuple[Tensor, Tensor] | None:
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        return None
    first, second = found
    both = isinstance(first, Tensor) and isinstance(second, Tensor)
    return (first, second) if both else None


def kept(function: Callable[..., Any], *tensors: Tensor) -> bool:
    """Whether a call leaves the tensors that it is given as they are."""
    given = [tensor.clone() for tensor in tensors]
    function(*given)
    return all(torch.equal(a, b) for a, b in zip(given, tensors, strict=True))
