"""Helper code of unit ``gan`` that runs beside the learner's code.

It builds the networks, losses and optimizers that the learner's steps are called with, and
reports what only autograd can tell. The verdict never rests on it alone: the judge computes
every expected value itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus


def autograd(
    loss: Callable[..., Tensor], *logits: Tensor, **options: bool
) -> dict[str, object] | None:
    """The value of a loss, its dtype, and its gradient for each tensor of logits.

    ``gradients`` is None when nothing propagates back; None instead of a dict means that the
    loss is no tensor.
    """
    leaves = [x.clone().requires_grad_() for x in logits]
    value = loss(*leaves, **options)
    if not isinstance(value, Tensor):
        return None
    gradients = None
    if value.requires_grad and value.numel() == 1:
        found = torch.autograd.grad(value.reshape(()), leaves, allow_unused=True)
        pairs = zip(found, leaves, strict=True)
        gradients = [torch.zeros_like(x) if g is None else g for g, x in pairs]
    return {"value": value, "dtype": str(value.dtype), "gradients": gradients}


def generator(weights: Mapping[str, Tensor]) -> nn.Module:
    """A net for z (B, 2) -> (B, 2), with copies of the given weights."""
    return _network(weights)


def discriminator(weights: Mapping[str, Tensor]) -> nn.Module:
    """A net for x (B, 2) -> logits (B,), with copies of the given weights."""
    return _network(weights).append(nn.Flatten(0))


def _network(weights: Mapping[str, Tensor]) -> nn.Sequential:
    """W2 tanh(W1 x + b1) + b2, in the dtype of the weights."""
    (hidden, inputs), outputs = weights["0.weight"].shape, len(weights["2.bias"])
    net = nn.Sequential(nn.Linear(inputs, hidden), nn.Tanh(), nn.Linear(hidden, outputs))
    net.to(weights["0.weight"].dtype).load_state_dict(dict(weights))
    return net


def sgd(net: nn.Module, lr: float = 1.0, maximize: bool = False) -> torch.optim.Optimizer:
    """Plain gradient descent: with lr = 1 a parameter moves by exactly minus its gradient."""
    return torch.optim.SGD(net.parameters(), lr=lr, maximize=maximize)


def gradient_held(net: nn.Module) -> float:
    """The largest entry, in size, of the gradients that the parameters hold; 0 without any."""
    held = [float(p.grad.abs().max()) for p in net.parameters() if p.grad is not None]
    return max(held, default=0.0)


def trainable(net: nn.Module) -> bool:
    """Whether every parameter takes gradients."""
    return all(p.requires_grad for p in net.parameters())


def thaw(net: nn.Module) -> None:
    """Let every parameter take gradients again."""
    net.requires_grad_(True)


def logistic_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """E[softplus(-real)] + E[softplus(fake)]."""
    return softplus(-real_logits).mean() + softplus(fake_logits).mean()


def logistic_generator_loss(fake_logits: Tensor) -> Tensor:
    """E[softplus(-fake)]."""
    return softplus(-fake_logits).mean()


def squares_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """E[(real - 1)^2 + fake^2] / 2 (Mao et al. 2017, eq. 9)."""
    return ((real_logits - 1).square().mean() + fake_logits.square().mean()) / 2


def squares_generator_loss(fake_logits: Tensor) -> Tensor:
    """E[(fake - 1)^2] / 2 (Mao et al. 2017, eq. 9)."""
    return (fake_logits - 1).square().mean() / 2
