"""What the GAN arena shows of a training run, taken without leaving a trace in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from synthlab.data import GaussianMixture
from synthlab.errors import SynthlabError
from synthlab.metrics import Estimate, mode_report
from synthlab.training import Run, torch_threads
from synthlab_widgets.screen import Observation

#: Real points, and fake points, in a picture.
POINTS = 450
#: The discriminator is asked on a square grid with this many points a side.
SIDE = 40
#: Fakes behind the mode counters: the customary number.
COUNTED = 2500


class GanObserver:
    """Looks at a GAN in training: samples, the discriminator's field, the mode counters.

    Real points, noise and grid are the same in every picture. So points move because the
    generator learned, not because it was asked again.

    Args:
        source: Where the real points come from. A Gaussian mixture has modes to count.
        seed: Seed of the points that pictures show; training never sees it.
    """

    def __init__(self, source: Any, seed: int = 0) -> None:
        self.source, self.seed = source, seed
        self.low, self.high = (float(b) for b in source.bounds)
        self.modes = len(source.means) if isinstance(source, GaussianMixture) else None
        self._real = _points(source.sample(POINTS, self._generator()).x, POINTS, "source.sample")
        side = torch.linspace(self.low, self.high, SIDE)
        y, x = torch.meshgrid(side, side, indexing="ij")
        self._grid = torch.stack([x.flatten(), y.flatten()], dim=1)  # (SIDE * SIDE, 2)

    def _generator(self) -> torch.Generator:
        return torch.Generator().manual_seed(self.seed)

    def __call__(self, run: Run) -> Observation:
        """Observe; raises SynthlabError when the model answers with the wrong shapes."""
        model: Any = run.model
        with untouched(model):
            fake = _points(model.sample(POINTS, self._generator()), POINTS, "sample")
            field = _field(model.discriminator, self._grid)
            values: dict[str, Any] = {"modes": None}
            if self.modes is not None:
                counted = model.sample(COUNTED, self._generator())
                report = mode_report(_tensor(counted, "sample"), self.source)
                values["modes"] = {
                    "total": self.modes,
                    "covered": _estimate(report.modes),
                    "quality": _estimate(report.high_quality),
                    "kl": _estimate(report.kl),
                }
        return Observation(values, {"real": self._real, "fake": fake, "field": field})


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


def _field(discriminator: Callable[[Tensor], Any], grid: Tensor) -> NDArray[np.float32]:
    """The discriminator's probability of "real" on the grid (SIDE, SIDE), row 0 at the bottom."""
    logits = _tensor(discriminator(grid), "discriminator")
    if logits.numel() != len(grid):
        raise SynthlabError(
            f"The discriminator must return one logit for each point: it returned the shape "
            f"{tuple(logits.shape)} for {len(grid)} points."
        )
    probability = torch.sigmoid(logits.reshape(SIDE, SIDE).float())
    return torch.nan_to_num(probability, nan=0.5).numpy()


def _points(x: Any, n: int, name: str) -> NDArray[np.float32]:
    points = _tensor(x, name)
    if points.shape != (n, 2):
        raise SynthlabError(
            f"{name}({n}) must return points in the plane, of shape ({n}, 2); "
            f"it returned the shape {tuple(points.shape)}."
        )
    return points.detach().to("cpu", torch.float32).numpy()


def _tensor(x: Any, name: str) -> Tensor:
    if not isinstance(x, Tensor):
        raise SynthlabError(f"{name} must return a torch tensor; it returned {type(x).__name__}.")
    return x.detach()


def _estimate(estimate: Estimate) -> dict[str, float | None] | None:
    if not estimate.defined:
        return None
    return {
        "value": float(estimate.value),
        "low": float(estimate.low),
        "high": float(estimate.high),
    }
