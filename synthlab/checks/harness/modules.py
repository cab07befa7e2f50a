"""Read and write the parameters of a module on the learner's side."""

from __future__ import annotations

from collections.abc import Mapping

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
