"""A density that is learned from more and more samples, beside the truth.

>>> settings = DensitySettings(source="ring", model="mixture", components=8)
>>> experiment = DensityExperiment(settings)
>>> for _ in range(20):
...     losses = experiment.advance().losses
>>> experiment.run.seen, sorted(losses)
(2000, ['held_out', 'train'])
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch import Tensor

from synthlab.experiments.experiment import Experiment
from synthlab.experiments.settings import Settings, choice, count, seed
from synthlab.experiments.sources import SOURCES, source
from synthlab.models.gaussian import FullGaussian
from synthlab.models.histogram import Histogram
from synthlab.models.mixture import Mixture
from synthlab.training import Step, torch_threads

MODELS = ("histogram", "gaussian", "mixture")
#: So much of a sample is added to every bin, and so far beyond the source's window bins reach (as a
#: share of its width): no sample, on the other side of the plane or not, is impossible.
PSEUDOCOUNT, BEYOND = 0.03, 0.25
#: With this many samples no more are drawn; further steps only fit.
MOST = 20_000
#: Held-out samples, the same ones throughout.
HELD_OUT = 2_000
_STEPS_OF_EM = 20


@dataclass(frozen=True)
class DensitySettings(Settings):
    """What there is to choose.

    Attributes:
        source: A name in `SOURCES`, or ``"drawing:"`` and the text of a drawing.
        batch: Samples that a step adds.
        seed: Decides the samples and where a mixture starts.
        model: ``"histogram"``, ``"gaussian"`` or ``"mixture"``.
        bins: Bins of the histogram along each axis.
        components: Components of the mixture.
    """

    source: str = choice("moons", SOURCES, "data", restarts=True, drawn=True)
    batch: int = count(100, 10, 2000, "data")
    seed: int = seed("data")
    model: str = choice("histogram", MODELS, "model")
    bins: int = count(16, 1, 128, "model")
    components: int = count(8, 1, 32, "model")


class GrowingFit:
    """A model that is fitted, step by step, to all samples so far.

    A step draws another batch of the source and fits the model to everything drawn: a histogram and
    a Gaussian at once, a mixture by one step of EM. A step's losses are the mean NLL on those
    samples and on held-out ones, in nats.

    Attributes:
        source: The truth.
        model: The model, with ``log_prob`` and ``sample``.
        held_out: ``(2000, 2)`` samples that no model is fitted to.
        batch_size: Samples that a step adds.
        index: The steps that were made.
    """

    parts = ()

    def __init__(self, source: Any, model: Any, batch_size: int, seed: int) -> None:
        self.source, self.model, self.batch_size, self._seed = source, model, batch_size, seed
        # far away from the seeds that a reader types, so that training samples are others
        held_out = torch.Generator().manual_seed(2**40 + seed)
        self.held_out = source.sample(HELD_OUT, held_out).x
        self.index = 0
        self._generator = torch.Generator().manual_seed(seed)
        self._batches: tuple[Tensor, ...] = ()

    @property
    def seen(self) -> int:
        """The number of training samples."""
        return sum(len(batch) for batch in self._batches)

    @property
    def samples(self) -> Tensor:
        """The training samples, ``(seen, 2)``."""
        return torch.cat((torch.zeros(0, 2), *self._batches))

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step; there are no parts to train alone."""
        with torch_threads(1):
            if self.seen < MOST:
                batch = self.source.sample(self.batch_size, self._generator).x
                self._batches = (*self._batches, batch)
            self._fit(1)
            self.index += 1
            nll = {"train": self.samples, "held_out": self.held_out}
            losses = {name: -float(self.model.log_prob(x).mean()) for name, x in nll.items()}
        return Step(self.index, losses)

    def refit(self, model: Any) -> None:
        """Go on with another model, fitted to the samples that there are."""
        self.model = model
        if self.seen:
            self._fit(_STEPS_OF_EM)

    def _fit(self, steps: int) -> None:
        x = self.samples
        if isinstance(self.model, Mixture):
            if self.index == 0 or steps > 1:
                self.model.start(x, torch.Generator().manual_seed(self._seed))
            self.model.fit(x, steps)
        else:
            self.model.fit(x)

    def state_dict(self) -> dict[str, Any]:
        """Everything that the rest depends on; samples are never changed, so they are shared."""
        return {
            "model": copy.deepcopy(self.model),
            "generator": self._generator.get_state(),
            "batches": self._batches,
            "index": self.index,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to a state of this run."""
        self.model = copy.deepcopy(state["model"])
        self._generator.set_state(state["generator"])
        self._batches, self.index = state["batches"], state["index"]

    def branch(self) -> Self:
        """An independent copy."""
        other = copy.copy(self)
        other._generator = torch.Generator()
        other.load_state_dict(self.state_dict())
        return other


class DensityExperiment(Experiment[DensitySettings]):
    """A density in training; another model is fitted to the samples that there are."""

    kind = "density/1"
    settings_type = DensitySettings

    def build(self, settings: DensitySettings) -> GrowingFit:
        """The model before its first sample."""
        truth = source(settings.source)
        return GrowingFit(truth, _model(settings, truth), settings.batch, settings.seed)

    def apply(self, settings: DensitySettings) -> None:
        """Take another size of the batch, or another model."""
        before, self.settings = self.settings, settings
        self.run.batch_size = settings.batch
        fields = [name for name, field in settings.fields().items() if field.group == "model"]
        if any(getattr(before, name) != getattr(settings, name) for name in fields):
            self.run.refit(_model(settings, self.source))

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to a state, whose model is fitted already."""
        self.settings = state["settings"]
        self.run.batch_size = self.settings.batch
        self.run.load_state_dict(state)


def _model(settings: DensitySettings, truth: Any) -> Any:
    if settings.model == "gaussian":
        return FullGaussian()
    if settings.model == "mixture":
        return Mixture(settings.components)
    low, high = truth.bounds
    beyond = BEYOND * (high - low)
    return Histogram(low - beyond, high + beyond, settings.bins, pseudocount=PSEUDOCOUNT)
