"""Looking at a model in training without leaving a trace.

The noise behind pictures and counts is the same every time. So points move because the model
learned, not because it was asked again; and the same state gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from synthlab.errors import SynthlabError
from synthlab.training import torch_threads

#: Real points, and fake points, in a picture.
POINTS = 450

Array = NDArray[Any]


def noise() -> torch.Generator:
    """Pictures have randomness of their own; training never sees it."""
    return torch.Generator().manual_seed(0)


def points(x: Any, n: int, name: str) -> Array:
    """Points of a picture, ``(n, 2)`` float32; ``name`` is what returned them."""
    return np.asarray(plane_points(x, n, name).to("cpu", torch.float32).numpy())


def plane_points(x: Any, n: int, name: str) -> Tensor:
    """The same as a tensor; raises SynthlabError for another shape."""
    given = tensor(x, name)
    if given.shape != (n, 2):
        raise SynthlabError(
            "{name}({n}) must return points in the plane, of shape ({n}, 2); it returned "
            "the shape {shape}.",
            name=name,
            n=n,
            shape=tuple(given.shape),
        )
    return given


def grid(bounds: tuple[float, float], side: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """A square grid of points ``(side * side, 2)``, row by row from below."""
    along = torch.linspace(*bounds, side, dtype=dtype)
    y, x = torch.meshgrid(along, along, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], dim=1)


def tensor(x: Any, name: str) -> Tensor:
    """A tensor without its history; raises SynthlabError for anything else."""
    if not isinstance(x, Tensor):
        raise SynthlabError(
            "{name} must return a torch tensor; it returned {type}.",
            name=name,
            type=type(x).__name__,
        )
    return x.detach()


@contextmanager
def untouched(model: Any) -> Iterator[None]:
    """Use a model without changing what it does next.

    No gradients, evaluation mode (batch norm would move its averages), and torch's global
    generator as it was: a learner's dropout draws from it.
    """
    modules = list(model.modules()) if isinstance(model, nn.Module) else []
    modes = [module.training for module in modules]
    with torch.no_grad(), torch.random.fork_rng(devices=[]), torch_threads(1):
        try:
            for module in modules:
                module.training = False
            yield
        finally:
            for module, training in zip(modules, modes, strict=True):
                module.training = training
