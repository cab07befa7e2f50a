"""Helper code of unit ``gan`` that runs beside the learner's code."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor


def squares_discriminator_loss(scale: float, offset: float) -> Callable[..., Tensor]:
    """``scale * E[(real - 1)^2 + fake^2] / 2 + offset`` (Mao et al. 2017, eq. 9)."""

    def loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
        squares = (real_logits - 1).square().mean() + fake_logits.square().mean()
        return scale * squares / 2 + offset

    return loss


def squares_generator_loss(scale: float, offset: float) -> Callable[..., Tensor]:
    """``scale * E[(fake - 1)^2] / 2 + offset`` (Mao et al. 2017, eq. 9)."""
    return lambda fake_logits: scale * (fake_logits - 1).square().mean() / 2 + offset
