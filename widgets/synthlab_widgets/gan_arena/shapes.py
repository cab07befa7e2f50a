"""Shapes over the plane: the generator's sheet, and where its loss pulls the fakes."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Array = NDArray[Any]

#: Points a side of the grid of noise that is sent through the generator.
MESH = 21
#: Points of the curve, where the noise is one number.
CURVE = 201
#: Fakes that get an arrow.
ARROWS = 60
#: Normal noise is shown within so many standard deviations, which holds 95 % of it.
REACH = 1.96


def manifold(model: Any) -> dict[str, Array]:
    """Where the generator takes a grid of noise: a mesh, or a curve for noise of one number.

    Of wider noise the first two numbers move and the others are 0: a slice. A learner's model
    without a generator and ``noise_dim`` has none.
    """
    width = getattr(model, "noise_dim", None)
    generator = getattr(model, "generator", None)
    if not isinstance(width, int) or generator is None or getattr(model, "classes", False):
        return {}
    reach = REACH if getattr(model, "prior", torch.randn) is torch.randn else 1.0
    if width == 1:
        z = torch.linspace(-reach, reach, CURVE)[:, None]
        shape: tuple[int, ...] = (CURVE, 2)
    else:
        side = torch.linspace(-reach, reach, MESH)
        y, x = torch.meshgrid(side, side, indexing="ij")
        z = torch.zeros(MESH * MESH, width)
        z[:, 0], z[:, 1] = x.flatten(), y.flatten()
        shape = (MESH, MESH, 2)
    points = generator(z)
    return {"manifold": points[:, :2].reshape(shape).float().numpy()}


def pull(model: Any, fakes: Array) -> dict[str, Array]:
    """Minus the gradient of the generator's loss at some fakes: rows of x, y, dx, dy.

    It is the gradient of the loss of one fake, not of their mean: its length does not depend on
    how many there are.
    """
    loss = getattr(model, "generator_loss", None)
    if loss is None:
        return {}
    with torch.enable_grad():
        x = torch.from_numpy(fakes[:ARROWS].copy()).requires_grad_(True)
        value = loss(model.discriminator(x))
        (gradient,) = torch.autograd.grad(value, x, allow_unused=True)
    if gradient is None:
        return {}
    arrows = np.concatenate([x.detach().numpy(), -len(x) * gradient.numpy()], axis=1)
    return {"pull": np.nan_to_num(arrows, posinf=0, neginf=0).astype(np.float32)}
