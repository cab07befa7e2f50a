"""Helper code of unit ``gan`` that runs beside the learner's code."""

from __future__ import annotations

from collections.abc import Callable

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
        grads = torch.autograd.grad(value.reshape(()), leaves, allow_unused=True)
        pairs = zip(grads, leaves, strict=True)
        gradients = [torch.zeros_like(x) if g is None else g for g, x in pairs]
    return {"value": value, "dtype": str(value.dtype), "gradients": gradients}


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
