"""A cure of mode collapse in training, in the one configuration in which all of them are compared.

>>> experiment = CureExperiment(CollapseSettings(noise="16"), cure="pacgan")
>>> sorted(experiment.advance().losses)
['discriminator', 'generator']
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from synthlab.data import Grid, Ring
from synthlab.errors import unknown
from synthlab.experiments.settings import Field, told
from synthlab.models.cures import CURES
from synthlab.training import Run, Step, train

SOURCES = {"ring": Ring, "grid": Grid}
#: The run that every cure is compared with.
VANILLA = "vanilla"

COLLAPSE_FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("source", "data", "choice", tuple(SOURCES), restarts=True),
        Field("noise", "generator", "choice", ("2", "16"), restarts=True),
        Field("seed", "training", "count", (), 0, 2**31 - 1, restarts=True),
    )
}


@dataclass(frozen=True)
class CollapseSettings:
    """What all the runs of a comparison share; the nets are 2 x 128, a batch has 256 points.

    Attributes:
        source: ``"ring"`` with 8 modes, or ``"grid"`` with 25.
        noise: Width of the noise: ``"2"`` or ``"16"``.
        seed: Seed of the first weights, the batches and the noise.
    """

    source: str = "ring"
    noise: str = "2"
    seed: int = 0

    def __post_init__(self) -> None:
        for name, field in COLLAPSE_FIELDS.items():
            object.__setattr__(self, name, field.read(getattr(self, name)))

    def changed(self, name: str, value: Any) -> Self:
        """The settings with one other value.

        Raises:
            SynthlabError: For a setting that does not exist or a value that it cannot have.
        """
        if name not in COLLAPSE_FIELDS:
            raise unknown("There is no setting called {name}.", name, COLLAPSE_FIELDS)
        return replace(self, **{name: value})

    def told(self) -> dict[str, str]:
        """The settings by name, as text."""
        return {name: told(getattr(self, name)) for name in COLLAPSE_FIELDS}


class CureExperiment:
    """A GAN with one of the cures, in training.

    Args:
        settings: What it shares with the runs beside it.
        cure: An id in `synthlab.models.cures.CURES`.

    Attributes:
        settings, cure: As given.
        run: The run.

    Raises:
        SynthlabError: When there is no such cure.
    """

    def __init__(self, settings: CollapseSettings, cure: str) -> None:
        if cure not in CURES:
            raise unknown("There is no cure called {name}.", cure, CURES)
        self.settings, self.cure = settings, cure
        self.run: Run = train(
            CURES[cure].build(seed=settings.seed, noise_dim=int(settings.noise)),
            SOURCES[settings.source](),
            steps=None,
            seed=settings.seed,
        )

    @property
    def model(self) -> Any:
        """The GAN."""
        return self.run.model

    @property
    def source(self) -> Any:
        """Where the real points come from."""
        return self.run.source

    @property
    def index(self) -> int:
        """The steps that were made."""
        return self.run.index

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step."""
        return self.run.advance(parts)

    def state_dict(self) -> dict[str, Any]:
        """Everything that the rest of the run depends on, as a copy."""
        return self.run.state_dict()

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to a state of this experiment."""
        self.run.load_state_dict(state)

    def branch(self) -> Self:
        """An independent copy that goes on from here."""
        other = copy.copy(self)
        other.run = self.run.branch()
        return other
