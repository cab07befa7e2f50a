"""A density that is learned from more and more samples, beside the truth.

>>> experiment = DensityExperiment(DensitySettings(source="ring", model="mixture", components=8))
>>> for _ in range(20):
...     losses = experiment.advance().losses
>>> experiment.seen, sorted(losses)
(2000, ['held_out', 'train'])
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import torch
from torch import Tensor

from synthlab.data.toy2d.drawing import Drawing
from synthlab.errors import unknown
from synthlab.experiments.settings import DRAWING, SOURCES, Field, told
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

DENSITY_FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("source", "data", "choice", tuple(SOURCES), restarts=True),
        Field("batch", "data", "count", (), 10, 2000),
        Field("seed", "data", "count", (), 0, 2**31 - 1, restarts=True),
        Field("model", "model", "choice", MODELS),
        Field("bins", "model", "count", (), 1, 128),
        Field("components", "model", "count", (), 1, 32),
    )
}


@dataclass(frozen=True)
class DensitySettings:
    """What there is to choose.

    Attributes:
        source: A name in `SOURCES`, or ``"drawing:"`` and the text of a drawing.
        batch: Samples that a step adds.
        seed: Decides the samples and where a mixture starts.
        model: ``"histogram"``, ``"gaussian"`` or ``"mixture"``.
        bins: Bins of the histogram along each axis.
        components: Components of the mixture.
    """

    source: str = "moons"
    batch: int = 100
    seed: int = 0
    model: str = "histogram"
    bins: int = 16
    components: int = 8

    def __post_init__(self) -> None:
        for name, field in DENSITY_FIELDS.items():
            object.__setattr__(self, name, field.read(getattr(self, name)))

    def changed(self, name: str, value: Any) -> Self:
        """The settings with one other value.

        Raises:
            SynthlabError: For a setting that does not exist or a value that it cannot have.
        """
        if name not in DENSITY_FIELDS:
            raise unknown("There is no setting called {name}.", name, DENSITY_FIELDS)
        return replace(self, **{name: value})


class DensityExperiment:
    """A model that is fitted, step by step, to all samples so far.

    A step draws another batch of the source and fits the model to everything drawn: a histogram and
    a Gaussian at once, a mixture by one step of EM. A step's losses are the mean NLL on those
    samples and on held-out ones, in nats.

    Attributes:
        settings: The settings now.
        source: The truth.
        held_out: ``(2000, 2)`` samples that no model is fitted to.
        model: The model, with ``log_prob`` and ``sample``.
        index: The steps that were made.
    """

    def __init__(self, settings: DensitySettings) -> None:
        self.settings = settings
        self.source = _source(settings.source)
        # far away from the seeds that a reader types, so that training samples are others
        held_out = torch.Generator().manual_seed(2**40 + settings.seed)
        self.held_out = self.source.sample(HELD_OUT, held_out).x
        self.model: Any = self._build()
        self.index = 0
        self._generator = torch.Generator().manual_seed(settings.seed)
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
                batch = self.source.sample(self.settings.batch, self._generator).x
                self._batches = (*self._batches, batch)
            self._fit(1)
            self.index += 1
            nll = {"train": self.samples, "held_out": self.held_out}
            losses = {name: -float(self.model.log_prob(x).mean()) for name, x in nll.items()}
        return Step(self.index, losses)

    def _build(self) -> Any:
        settings = self.settings
        if settings.model == "gaussian":
            return FullGaussian()
        if settings.model == "mixture":
            return Mixture(settings.components)
        low, high = self.source.bounds
        beyond = BEYOND * (high - low)
        return Histogram(low - beyond, high + beyond, settings.bins, pseudocount=PSEUDOCOUNT)

    def _fit(self, steps: int) -> None:
        x = self.samples
        if isinstance(self.model, Mixture):
            if self.index == 0 or steps > 1:
                self.model.start(x, torch.Generator().manual_seed(self.settings.seed))
            self.model.fit(x, steps)
        else:
            self.model.fit(x)

    def set(self, name: str, value: Any) -> str:
        """Change a setting that does not restart; returns its value as text.

        Another model is fitted to the samples that there are.
        """
        before, self.settings = self.settings, self.settings.changed(name, value)
        if before != self.settings and DENSITY_FIELDS[name].group == "model":
            self.model = self._build()
            if self.seen:
                self._fit(_STEPS_OF_EM)
        return told(getattr(self.settings, name))

    def again(self, settings: DensitySettings) -> Self:
        """A new experiment with these settings."""
        return type(self)(settings)

    def state_dict(self) -> dict[str, Any]:
        """Everything that the rest depends on; samples are never changed, so they are shared."""
        return {
            "model": copy.deepcopy(self.model),
            "generator": self._generator.get_state(),
            "batches": self._batches,
            "settings": self.settings,
            "index": self.index,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to a state of this experiment."""
        self.model = copy.deepcopy(state["model"])
        self._generator.set_state(state["generator"])
        self._batches, self.settings = state["batches"], state["settings"]
        self.index = state["index"]

    def branch(self) -> Self:
        """An independent copy."""
        other = self.again(self.settings)
        other.load_state_dict(self.state_dict())
        return other

    def told(self) -> dict[str, Any]:
        """The settings by name; a drawing without its dots."""
        values = {field.name: getattr(self.settings, field.name) for field in fields(self.settings)}
        return {**values, "source": self.settings.source.partition(":")[0]}


def _source(name: str) -> Any:
    kind, _, text = name.partition(":")
    return Drawing.parse(text) if kind == DRAWING else SOURCES[kind]()
