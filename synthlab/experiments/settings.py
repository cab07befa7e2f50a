"""The settings of a GAN experiment: what there is to choose, and what may be chosen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Self

from synthlab.data import Checkerboard, EightGaussians, Grid, Ring, Spirals, TwoMoons
from synthlab.errors import SynthlabError, nearest
from synthlab.models import gan

#: The learner's own data, networks or losses: they have no name that a text could give.
OWN = "own"
#: A source that somebody drew is told as ``drawing:`` and its `synthlab.data.Drawing.text`.
DRAWING = "drawing"

SOURCES = {
    "ring": Ring,
    "grid": Grid,
    "eight-gaussians": EightGaussians,
    "moons": TwoMoons,
    "checkerboard": Checkerboard,
    "spirals": Spirals,
}
#: The discriminator's loss and the generator's.
LOSSES = {
    "non-saturating": (gan.discriminator_loss, gan.non_saturating_loss),
    "minimax": (gan.discriminator_loss, gan.minimax_loss),
    "least-squares": (
        gan.least_squares_discriminator_loss,
        gan.least_squares_generator_loss,
    ),
}
OPTIMIZERS = ("adam", "sgd", OWN)
PRIORS = ("normal", "uniform")
NETWORKS = ("perceptrons", OWN)


@dataclass(frozen=True)
class Field:
    """One setting.

    Attributes:
        name: What it is called in a `GANSettings` and in a text.
        group: ``"data"``, ``"generator"``, ``"discriminator"``, ``"training"`` or ``"model"``.
        kind: A choice among ``options``, a number, or a count (a whole number).
        low, high: The ends of what a number or a count may be, both included.
        restarts: Whether a change starts the run again; the others act at once.
    """

    name: str
    group: Literal["data", "generator", "discriminator", "training", "model"]
    kind: Literal["choice", "number", "count"]
    options: tuple[str, ...] = ()
    low: float = 0
    high: float = math.inf
    restarts: bool = False

    def read(self, value: Any) -> Any:
        """The value as a str, a float or an int.

        Raises:
            SynthlabError: When it is none of what may be chosen.
        """
        if self.kind == "choice":
            drawn = self.name == "source" and str(value).startswith(f"{DRAWING}:")
            if str(value) not in self.options and not drawn:
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
                "{name} must be a whole number from {low:g} to {high:g}, not {value}."
                if whole
                else "{name} must be a number from {low:g} to {high:g}, not {value}.",
                name=self.name,
                low=self.low,
                high=self.high,
                value=value,
            )
        return int(number) if whole else number


def _choice(name: str, group: Any, options: tuple[str, ...], restarts: bool = False) -> Field:
    return Field(name, group, "choice", options, restarts=restarts)


def _count(name: str, group: Any, low: int, high: int, restarts: bool = True) -> Field:
    return Field(name, group, "count", (), low, high, restarts)


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        _choice("source", "data", (*SOURCES, OWN)),
        _count("batch", "data", 1, 4096, restarts=False),
        _count("seed", "data", 0, 2**31 - 1),
        _choice("networks", "generator", NETWORKS, restarts=True),
        _count("noise", "generator", 1, 64),
        _choice("prior", "generator", PRIORS, restarts=True),
        _count("g_depth", "generator", 0, 5),
        _count("g_width", "generator", 1, 256),
        _choice("g_optimizer", "generator", OPTIMIZERS),
        Field("g_lr", "generator", "number", (), 1e-6, 10.0),
        _count("g_updates", "generator", 0, 10, restarts=False),
        _count("d_depth", "discriminator", 0, 5),
        _count("d_width", "discriminator", 1, 256),
        _choice("d_optimizer", "discriminator", OPTIMIZERS),
        Field("d_lr", "discriminator", "number", (), 1e-6, 10.0),
        _count("d_updates", "discriminator", 0, 10, restarts=False),
        _choice("loss", "training", (*LOSSES, OWN)),
        Field("beta1", "training", "number", (), 0.0, 0.999),
    )
}


@dataclass(frozen=True)
class GANSettings:
    """Everything that one chooses about a GAN in the plane; the defaults train well on the ring.

    Attributes:
        source: A name in `SOURCES`, ``"own"``, or ``"drawing:"`` and the text of a drawing.
        batch: Examples in a step.
        seed: Seed of the first weights, the batches and the noise.
        networks: ``"perceptrons"`` of the sizes below, or ``"own"``.
        noise: Width of the noise.
        prior: ``"normal"``, or ``"uniform"`` on [-1, 1].
        g_depth, d_depth: Hidden layers; with 0 a network is affine.
        g_width, d_width: Neurons in each hidden layer.
        g_optimizer, d_optimizer: ``"adam"``, ``"sgd"``, or ``"own"``: as the model has it.
        g_lr, d_lr: Learning rates.
        g_updates, d_updates: Steps of each network in one step of training.
        loss: A name in `LOSSES`, or ``"own"``.
        beta1: The decay rate of Adam's first moment, in both networks.
    """

    source: str = "ring"
    batch: int = 256
    seed: int = 0
    networks: str = "perceptrons"
    noise: int = 2
    prior: str = "normal"
    g_depth: int = 2
    g_width: int = 128
    g_optimizer: str = "adam"
    g_lr: float = 1e-3
    g_updates: int = 1
    d_depth: int = 2
    d_width: int = 128
    d_optimizer: str = "adam"
    d_lr: float = 1e-3
    d_updates: int = 1
    loss: str = "non-saturating"
    beta1: float = 0.5

    def __post_init__(self) -> None:
        for name, field in FIELDS.items():
            object.__setattr__(self, name, field.read(getattr(self, name)))

    def changed(self, name: str, value: Any) -> Self:
        """The settings with one other value.

        Raises:
            SynthlabError: For a setting that does not exist or a value that it cannot have.
        """
        if name not in FIELDS:
            raise SynthlabError(
                "There is no setting called {name}. Did you mean one of these: {names}?",
                name=name,
                names=", ".join(nearest(name, FIELDS) or FIELDS),
            )
        return replace(self, **{name: value})

    def told(self) -> dict[str, str]:
        """The settings that differ from the defaults, each value as text."""
        return {
            field.name: told(getattr(self, field.name))
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }


def told(value: object) -> str:
    """A value as `Field.read` takes it back: the shortest text of the same number."""
    return repr(value) if isinstance(value, float) else str(value)
