"""Independent pixels that learn digits: the smallest experiment, and the example of one.

>>> sorted(DigitsExperiment(DigitsSettings(batch=4)).advance().losses)
['nll']
"""

from __future__ import annotations

from dataclasses import dataclass

from synthlab.data import Digits
from synthlab.experiments.experiment import Experiment
from synthlab.experiments.settings import Settings, count, number, seed
from synthlab.models.pixel_histogram import PixelHistogram
from synthlab.training import Run, train


@dataclass(frozen=True)
class DigitsSettings(Settings):
    """What there is to choose.

    Attributes:
        batch: Images that a step counts.
        seed: Seed of the batches.
        pseudocount: What every level of every pixel counts before the first image.
    """

    batch: int = count(16, 1, 1000, "data")
    seed: int = seed("data")
    pseudocount: float = number(1.0, 1e-9, 100.0, "model", restarts=True)


class DigitsExperiment(Experiment[DigitsSettings]):
    """A histogram a pixel in training; the size of its batches may change on the way."""

    kind = "digits/1"
    settings_type = DigitsSettings

    def build(self, settings: DigitsSettings) -> Run:
        """A histogram that has counted nothing."""
        model = PixelHistogram(Digits.kind, settings.pseudocount)
        return train(model, Digits(), None, settings.seed, settings.batch)

    def apply(self, settings: DigitsSettings) -> None:
        """Draw batches of another size from now on."""
        self.settings, self.run.batch_size = settings, settings.batch
