"""An experiment: a run whose settings are chosen, and partly changed while it trains.

>>> from synthlab.experiments.collapse import CollapseSettings, CureExperiment
>>> experiment = CureExperiment(CollapseSettings(cure="pacgan"))
>>> sorted(experiment.advance().losses)
['discriminator', 'generator']
"""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

from synthlab.errors import SynthlabError
from synthlab.experiments.settings import Settings, text_form
from synthlab.training import Step

S = TypeVar("S", bound=Settings)

#: Experiments by the word with which the text of one begins.
KINDS: dict[str, type[Experiment[Any]]] = {}


class Experiment(ABC, Generic[S]):
    """A run with settings; a subclass names its ``kind`` and ``settings_type`` and builds the run.

    Args:
        settings: What to train, on what, how.

    Attributes:
        start: The settings that it began with.
        settings: The settings now.
        run: The run: `synthlab.training.Run`, or what can do the same.
    """

    #: The word with which its text begins, such as ``"gan/1"``; the number is the text's version.
    kind: ClassVar[str]
    settings_type: ClassVar[type[Settings]]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "kind" in vars(cls):
            KINDS[cls.kind] = cls

    def __init__(self, settings: S) -> None:
        self.start = self.settings = settings
        self.run: Any = self.build(settings)

    @abstractmethod
    def build(self, settings: S) -> Any:
        """The run at its beginning."""

    def check(self, settings: S) -> None:
        """Raise SynthlabError when the run lacks something that the settings name."""

    def apply(self, settings: S) -> None:
        """Make the run what the settings say; a setting that acts at once acts here."""
        self.settings = settings

    @property
    def model(self) -> Any:
        """The model in training."""
        return self.run.model

    @property
    def source(self) -> Any:
        """Where the samples come from now."""
        return self.run.source

    @property
    def index(self) -> int:
        """The steps that were made."""
        return int(self.run.index)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the model that can make steps alone."""
        return tuple(self.run.parts)

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step of training, or one step of the named parts."""
        step: Step = self.run.advance(parts)
        return step

    def set(self, name: str, value: Any) -> str:
        """Change a setting that acts at once; return its new value as text.

        Raises:
            SynthlabError: For a setting that does not exist, a value that it cannot have, or a
                setting that needs a new start.
        """
        settings = self.settings.changed_now(name, value)
        self.apply(settings)
        return text_form(getattr(settings, name))

    def again(self, settings: S) -> Self:
        """The experiment from its start, with these settings."""
        return type(self)(settings)

    def state_dict(self) -> dict[str, Any]:
        """Everything that the rest of the run depends on, as a copy."""
        return {**self.run.state_dict(), "settings": self.settings}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to a state of this experiment; its settings come back, too."""
        self.apply(state["settings"])
        self.run.load_state_dict(state)

    def branch(self) -> Self:
        """An independent copy that goes on from here.

        Raises:
            SynthlabError: When the model cannot be copied.
        """
        other = copy.copy(self)
        try:
            other.run = self.run.branch()
        except Exception as error:
            raise SynthlabError(
                "This model cannot be copied, so it has no twin: {error}",
                error=f"{type(error).__name__}: {error}",
            ) from error
        return other
