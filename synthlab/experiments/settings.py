"""Settings of an experiment: what there is to choose, declared once, beside the defaults.

>>> @dataclass(frozen=True)
... class NoisySettings(Settings):
...     noise: int = count(2, 1, 64, "model")
>>> NoisySettings().changed("noise", "16").text_form()
{'noise': '16'}
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, Self

from synthlab.errors import SynthlabError, nearest
from synthlab.experiments.sources import DRAWING, source

#: The learner's own data, networks or losses: they have no name that a text could give.
OWN = "own"
_HIGHEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Field:
    """One setting.

    Attributes:
        group: Under which heading it stands: ``"data"``, ``"model"``, ``"generator"`` …
        kind: A choice among ``options``, a number, or a count (a whole number).
        low, high: The ends of what a number or a count may be, both included.
        restarts: Whether a change starts the run again; the others act at once.
        drawn: Whether a drawing in the plane may be chosen, too.
        name: What it is called among the settings and in a text.
    """

    group: str
    kind: Literal["choice", "number", "count"]
    options: tuple[str, ...] = ()
    low: float = 0
    high: float = math.inf
    restarts: bool = False
    drawn: bool = False
    name: str = ""

    def read(self, value: Any) -> Any:
        """The value as a str, a float or an int.

        Raises:
            SynthlabError: When it is none of what may be chosen.
        """
        if self.kind == "choice":
            if self.drawn and str(value).startswith(f"{DRAWING}:"):
                source(str(value))  # refuses what is no drawing
            elif str(value) not in self.options:
                raise SynthlabError(
                    "{name} cannot be {value}. It can be: {names}.",
                    name=self.name,
                    value=value,
                    names=", ".join(self.options),
                )
            return str(value)
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        whole = self.kind == "count"
        if not self.low <= number <= self.high or (whole and number != int(number)):
            raise SynthlabError(
                "{name} must be a whole number from {low} to {high}, not {value}."
                if whole
                else "{name} must be a number from {low:g} to {high:g}, not {value}.",
                name=self.name,
                low=self.low,
                high=self.high,
                value=value,
            )
        return int(number) if whole else number

    def info(self) -> dict[str, Any]:
        """What a browser needs to offer it: plain JSON values."""
        options = [*self.options, *([DRAWING] if self.drawn else ())]
        ends = {} if self.kind == "choice" else {"low": self.low, "high": self.high}
        about = {"name": self.name, "group": self.group, "kind": self.kind, "options": options}
        return {**about, **ends, "restarts": self.restarts}


def _declared(default: Any, one: Field) -> Any:
    return field(default=default, metadata={"field": one})


def choice(
    default: str,
    options: Iterable[str],
    group: str,
    *,
    restarts: bool = False,
    drawn: bool = False,
) -> Any:
    """A setting that is one of these; ``drawn`` when it may be a drawing, too."""
    one = Field(group, "choice", tuple(options), restarts=restarts, drawn=drawn)
    return _declared(default, one)


def number(default: float, low: float, high: float, group: str, *, restarts: bool = False) -> Any:
    """A setting that is a number between two ends."""
    return _declared(default, Field(group, "number", (), low, high, restarts))


def count(default: int, low: int, high: int, group: str, *, restarts: bool = False) -> Any:
    """A setting that is a whole number between two ends."""
    return _declared(default, Field(group, "count", (), low, high, restarts))


def seed(group: str) -> Any:
    """The seed of a run, 0 without another."""
    return count(0, 0, _HIGHEST_SEED, group, restarts=True)


@dataclass(frozen=True)
class Settings:
    """What one chooses about a run.

    A subclass is a frozen dataclass; `choice`, `number`, `count` and `seed` make its defaults.
    """

    def __post_init__(self) -> None:
        for name, one in self.fields().items():
            object.__setattr__(self, name, one.read(getattr(self, name)))

    @classmethod
    def fields(cls) -> Mapping[str, Field]:
        """The settings by name, in the order in which they were declared."""
        return {one.name: replace(one.metadata["field"], name=one.name) for one in fields(cls)}

    @classmethod
    def info(cls) -> list[dict[str, Any]]:
        """What a browser needs to offer the settings."""
        return [one.info() for one in cls.fields().values()]

    def changed(self, name: str, value: Any) -> Self:
        """The settings with one other value.

        Raises:
            SynthlabError: For a setting that does not exist or a value that it cannot have.
        """
        known = self.fields()
        if name not in known:
            raise SynthlabError(
                "There is no setting called {name}. Did you mean one of these: {names}?",
                name=name,
                names=", ".join(nearest(name, known) or known),
            )
        return replace(self, **{name: value})

    def changed_now(self, name: str, value: Any) -> Self:
        """The settings with one other value, which acts at once.

        Raises:
            SynthlabError: As `changed` does, and for a setting that needs a new start.
        """
        settings = self.changed(name, value)
        if self.fields()[name].restarts:
            raise SynthlabError("{name} can be chosen only for a run that starts again.", name=name)
        return settings

    def text_form(self) -> dict[str, str]:
        """The settings that differ from the defaults, each value as text."""
        return {
            one.name: text_form(getattr(self, one.name))
            for one in fields(self)
            if getattr(self, one.name) != one.default
        }

    def values(self) -> dict[str, Any]:
        """The settings by name; a drawing without its dots."""
        values = {name: getattr(self, name) for name in self.fields()}
        drawn = (name for name, one in self.fields().items() if one.drawn)
        return values | {name: values[name].partition(":")[0] for name in drawn}


def text_form(value: object) -> str:
    """A value as `Field.read` takes it back: the shortest text of the same number."""
    return repr(value) if isinstance(value, float) else str(value)
