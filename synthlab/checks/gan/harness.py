"""Helper code of unit ``gan`` that runs beside the learner's code."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor


def squares_discriminator_loss(scale: float, offset: float) -> Callable[..., Tensor]:
    """``parts.game.squares(scale, offset).discriminator``."""

    def loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        squares = (real_logits - 4).square().mean() + (fake_logits + 4).square().mean()
        return scale * squares / 2 + offset

    return loss


def squares_generator_loss(scale: float, offset: float) -> Callable[..., Tensor]:
    """``parts.game.squares(scale, offset).generator``."""
    return lambda fake_logits: scale * (fake_logits - 4).square().mean() / 2 + offset
