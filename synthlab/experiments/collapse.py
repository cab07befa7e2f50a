"""A cure of mode collapse in training, in the one configuration in which all of them are compared.

>>> experiment = CureExperiment(CollapseSettings(noise="16", cure="pacgan"))
>>> sorted(experiment.advance().losses)
['discriminator', 'generator']
"""

from __future__ import annotations

from dataclasses import dataclass

from synthlab.experiments.experiment import Experiment
from synthlab.experiments.settings import Settings, choice, seed
from synthlab.experiments.sources import source
from synthlab.models.cures import CURES
from synthlab.training import Run, train

#: The run that every cure is compared with.
VANILLA = "vanilla"


@dataclass(frozen=True)
class CollapseSettings(Settings):
    """What the runs of a comparison share, and one's cure; nets are 2 x 128, batches 256 points.

    Attributes:
        source: ``"ring"`` with 8 modes, or ``"grid"`` with 25.
        noise: Width of the noise: ``"2"`` or ``"16"``.
        seed: Seed of the first weights, the batches and the noise.
        cure: An id in `synthlab.models.cures.CURES`.
    """

    source: str = choice("ring", ("ring", "grid"), "data", restarts=True)
    noise: str = choice("2", ("2", "16"), "generator", restarts=True)
    seed: int = seed("training")
    cure: str = choice(VANILLA, CURES, "training", restarts=True)


class CureExperiment(Experiment[CollapseSettings]):
    """A GAN with one of the cures, in training."""

    kind = "collapse/1"
    settings_type = CollapseSettings

    def build(self, settings: CollapseSettings) -> Run:
        """The cure's own GAN on the source."""
        model = CURES[settings.cure].build(seed=settings.seed, noise_dim=int(settings.noise))
        return train(model, source(settings.source), steps=None, seed=settings.seed)
