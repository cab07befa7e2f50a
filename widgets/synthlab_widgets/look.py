"""Looking at a model in training without leaving a trace.

The noise behind pictures and counts is the same every time. So points move because the model
learned, not because it was asked again; and the same state gives the same numbers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from synthlab.data.kinds import Tokens
from synthlab.errors import SynthlabError
from synthlab.training import torch_threads

#: Real points, and fake points, in a picture.
POINTS = 450
#: The share of the time that drawing dear samples may take while a run goes on.
SHARE = 0.1

Array = NDArray[Any]


def noise() -> torch.Generator:
    """Pictures have randomness of their own; training never sees it."""
    return torch.Generator().manual_seed(0)


def points(x: Any, n: int, name: str) -> Array:
    """Points of a picture, ``(n, 2)`` float32; ``name`` is what returned them."""
    return np.asarray(plane_points(x, n, name).to("cpu", torch.float32).numpy())


def images(x: Any, name: str) -> Array:
    """Images of a picture, ``(n, C, H, W)`` uint8: levels as they are, intensities times 255."""
    given = tensor(x, name)
    if given.ndim != 4:
        raise SynthlabError(
            "{name} must return images, of shape (n, channels, height, width); it returned the "
            "shape {shape}.",
            name=name,
            shape=tuple(given.shape),
        )
    levels = (255 * given.clamp(0, 1)).round() if given.is_floating_point() else given
    return np.asarray(levels.to("cpu", torch.uint8).numpy())


def tokens(x: Any, name: str) -> Array:
    """Tokens of a picture, ``(n, T)`` int32."""
    return np.asarray(Tokens(2**31).check(tensor(x, name), name).to("cpu", torch.int32).numpy())


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


class DearSamples:
    """Samples of a model whose sampling is dear: new ones when the run rests, few while it goes on.

    While it goes on, they are drawn again when a tenth of the time since then pays for it; until
    then a picture shows the last ones, and says of which step they are. A run that rests is shown
    as it is, so the same seed gives the same picture.

    Args:
        draw: Arrays of a picture, by name, from the model; it must leave the model as it was.
        clock: Seconds that only go forward.
    """

    def __init__(
        self,
        draw: Callable[[Any], Mapping[str, Array]],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._draw, self._clock = draw, clock
        self._model: Any = None  # whose samples these are
        self._arrays: Mapping[str, Array] = {}
        self._step, self._cost, self._since = -1, 0.0, 0.0

    def __call__(
        self, model: Any, step: int, still: bool
    ) -> tuple[dict[str, int], Mapping[str, Array]]:
        """The value ``samples_step`` of a picture, and its arrays."""
        start = self._clock()
        paid = self._cost <= SHARE * (start - self._since)
        known = model is self._model and 0 <= self._step <= step
        if not known or (step > self._step and (still or paid)):
            with untouched(model):
                self._arrays = self._draw(model)
            self._since = self._clock()
            self._model, self._step, self._cost = model, step, self._since - start
        return {"samples_step": self._step}, self._arrays
