"""A GAN in the plane whose data, networks, losses and optimisers are settings.

>>> experiment = GANExperiment(GANSettings(g_width=16, d_width=16))
>>> experiment.set("g_lr", 0.01)
'0.01'
>>> sorted(experiment.advance().losses)
['discriminator', 'generator']
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import torch
from torch import nn

from synthlab.data.source import Batch
from synthlab.data.toy2d.drawing import Drawing
from synthlab.errors import SynthlabError
from synthlab.experiments import settings as names
from synthlab.experiments.settings import FIELDS, GANSettings
from synthlab.models import nets
from synthlab.models.gan import GAN
from synthlab.training import Step, train

_PRIORS: Mapping[str, Callable[..., torch.Tensor]] = {
    "normal": torch.randn,
    "uniform": nets.uniform,
}
#: The first letter of a setting, and the network that it is about.
_NETWORKS = {"g": "generator", "d": "discriminator"}


@dataclass(frozen=True)
class Own:
    """What the learner brings along; None for what comes from the settings.

    Attributes:
        model: A GAN with weights, optimisers, ``update`` and ``sample``.
        source: Points in the plane.
        discriminator_loss: From real and fake logits, (B,) each, to a scalar tensor.
        generator_loss: From fake logits (B,) to a scalar tensor.
    """

    model: Any = None
    source: Any = None
    discriminator_loss: Callable[..., Any] | None = None
    generator_loss: Callable[..., Any] | None = None


class Alternating:
    """A GAN as a run sees it: so many steps of each network in one step of training.

    Every step of a network gets noise of its own, and all of them the same real batch.
    """

    def __init__(self, model: Any, repeats: dict[str, int]) -> None:
        self.model, self.repeats = model, repeats
        self.optimizers: dict[str, torch.optim.Optimizer] = model.optimizers  # the very same
        self.state_dict, self.load_state_dict = model.state_dict, model.load_state_dict
        self.alone = "parts" in inspect.signature(model.update).parameters

    def update(
        self, batch: Batch, generator: torch.Generator, parts: Collection[str] | None = None
    ) -> dict[str, float]:
        """One step of training, or one step of the named parts."""
        if parts is not None:
            return dict(self.model.update(batch, generator, parts))
        if set(self.repeats.values()) == {1} or not self.alone:
            return dict(self.model.update(batch, generator))
        losses: dict[str, float] = {}
        for part, count in self.repeats.items():
            for _ in range(count):
                losses |= self.model.update(batch, generator, (part,))
        return losses

    def __deepcopy__(self, memo: dict[int, Any]) -> Alternating:
        return Alternating(copy.deepcopy(self.model, memo), dict(self.repeats))


class GANExperiment:
    """A GAN in training whose settings can be changed.

    Args:
        settings: What to train, on what, how.
        own: What the settings call ``"own"``.

    Attributes:
        start: The settings that it began with.
        settings: The settings now.
        run: The run.

    Raises:
        SynthlabError: When the settings name something of the learner's that is not given.
    """

    def __init__(self, settings: GANSettings, own: Own | None = None) -> None:
        self.start = self.settings = settings
        self.own = own or Own()
        if settings.networks == names.OWN:
            model = self._given(self.own.model, "networks")
        else:
            model = _perceptrons(settings)
        self.run: Any = train(
            Alternating(model, {"discriminator": 1, "generator": 1}),
            self._source(settings.source),
            steps=None,
            seed=settings.seed,
            batch_size=settings.batch,
        )
        self._origin = self.run.state_dict()
        self._apply(settings)

    @property
    def model(self) -> Any:
        """The GAN, with its ``generator``, ``discriminator``, ``sample`` and the rest."""
        return self.run.model.model

    @property
    def source(self) -> Any:
        """Where the real points come from now."""
        return self.run.source

    @property
    def index(self) -> int:
        """The steps that were made."""
        return int(self.run.index)

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step of training, or one step of the named network."""
        step: Step = self.run.advance(parts)
        return step

    def set(self, name: str, value: Any) -> str:
        """Change a setting that acts at once; return its new value as text.

        Raises:
            SynthlabError: For a setting that does not exist, a value that it cannot have, or a
                setting that needs a new start.
        """
        settings = self.settings.changed(name, value)
        if FIELDS[name].restarts:
            raise SynthlabError("{name} can be chosen only for a run that starts again.", name=name)
        self._apply(settings)
        return names.told(getattr(settings, name))

    def plug(self, **losses: Callable[..., Any]) -> None:
        """Train on with the learner's own ``discriminator_loss`` or ``generator_loss``."""
        self.own = replace(self.own, **losses)
        self._apply(replace(self.settings, loss=names.OWN))

    def again(self, settings: GANSettings) -> GANExperiment:
        """The experiment from its start, with these settings.

        The learner's own model gets the weights back that it came with.
        """
        if settings.networks != names.OWN:
            return GANExperiment(settings, self.own)
        if self.start.networks != names.OWN:
            return GANExperiment(settings, replace(self.own, model=copy.deepcopy(self.own.model)))
        other = GANExperiment(settings, replace(self.own, model=self.model))
        other._origin = {**self._origin, "generator": other.run.generator.get_state()}
        other.run.load_state_dict(other._origin)
        other._apply(settings)
        return other

    def state_dict(self) -> dict[str, Any]:
        """Everything that the rest of the run depends on, as a copy."""
        return {**self.run.state_dict(), "settings": self.settings}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to a state of this experiment; its settings come back, too."""
        self._apply(state["settings"])
        self.run.load_state_dict(state)

    def branch(self) -> Self:
        """An independent copy that goes on from here.

        Raises:
            SynthlabError: When the learner's model cannot be copied.
        """
        other = copy.copy(self)
        try:
            other.run = self.run.branch()
        except Exception as error:
            raise SynthlabError(
                "This model cannot be copied, so it has no twin: {error}",
                error=f"{type(error).__name__}: {error}",
            ) from error
        other._apply(self.settings, fresh=False)
        return other

    def _apply(self, settings: GANSettings, fresh: bool = True) -> None:
        """Make the run what the settings say; refuse before anything is changed."""
        source = self._source(settings.source)
        losses = self._losses(settings.loss)
        self.run.source, self.run.batch_size = source, settings.batch
        for letter, part in _NETWORKS.items():
            self.run.model.repeats[part] = getattr(settings, f"{letter}_updates")
            if fresh:
                self._tune(part, letter, settings)
        if losses is not None:
            self.model.discriminator_loss, self.model.generator_loss = losses
        self.settings = settings

    def _tune(self, part: str, letter: str, settings: GANSettings) -> None:
        kind = getattr(settings, f"{letter}_optimizer")
        rate = getattr(settings, f"{letter}_lr")
        old = self.model.optimizers.get(part)
        if old is None or kind == names.OWN:
            return
        if kind != kind_of(old):
            self.model.optimizers[part] = _optimizer(
                kind, [p for group in old.param_groups for p in group["params"]], settings, rate
            )
        for group in self.model.optimizers[part].param_groups:
            group["lr"] = rate
            if "betas" in group:
                group["betas"] = (settings.beta1, group["betas"][1])

    def _source(self, name: str) -> Any:
        if name == names.OWN:
            return self._given(self.own.source, "source")
        kind, _, dots = name.partition(":")
        return Drawing.parse(dots) if kind == names.DRAWING else names.SOURCES[kind]()

    def _losses(self, name: str) -> tuple[Callable[..., Any], Callable[..., Any]] | None:
        """The two losses; None for those that the learner's model has already."""
        if name != names.OWN:
            return names.LOSSES[name]
        if not (self.own.discriminator_loss or self.own.generator_loss):
            self._given(self.own.model, "loss")
            return None
        usual = names.LOSSES["non-saturating"]
        return (
            self.own.discriminator_loss or usual[0],
            self.own.generator_loss or usual[1],
        )

    def _given(self, thing: Any, setting: str) -> Any:
        if thing is None:
            raise SynthlabError(
                "{setting}=own means something that you wrote yourself, and it is not here: "
                "give it to the arena.",
                setting=setting,
            )
        return thing


def settings_of(model: Any) -> dict[str, Any]:
    """What can be read off a learner's model about its optimisers, as settings."""
    found: dict[str, Any] = {"networks": names.OWN}
    for letter, part in _NETWORKS.items():
        optimizer = model.optimizers.get(part)
        if optimizer is None:
            continue
        group = optimizer.param_groups[0]
        found[f"{letter}_optimizer"] = kind_of(optimizer)
        found[f"{letter}_lr"] = float(group["lr"])
        if "betas" in group:
            found["beta1"] = float(group["betas"][0])
    losses = tuple(getattr(model, f"{part}_loss", None) for part in reversed(_NETWORKS.values()))
    same = (name for name, pair in names.LOSSES.items() if pair == losses)
    found["loss"] = next(same, names.OWN)
    return found


def kind_of(optimizer: torch.optim.Optimizer) -> str:
    """The name of an optimiser among the settings."""
    kinds = {torch.optim.Adam: "adam", torch.optim.SGD: "sgd"}
    return kinds.get(type(optimizer), names.OWN)


def _optimizer(
    kind: str, parameters: list[nn.Parameter], settings: GANSettings, rate: float
) -> torch.optim.Optimizer:
    if kind == "sgd":
        return torch.optim.SGD(parameters, rate)
    return torch.optim.Adam(parameters, rate, (settings.beta1, 0.99), fused=True)


def _perceptrons(settings: GANSettings) -> GAN:
    with nets.seeded(settings.seed):  # in the order of GAN.mlp: the same seed, the same weights
        G = nets.perceptron(settings.noise, 2, settings.g_width, settings.g_depth, nn.Tanh())
        D = nets.perceptron(2, 1, settings.d_width, settings.d_depth, nn.LeakyReLU(0.2))
    prior = _PRIORS[settings.prior]
    return GAN(G, D.append(nn.Flatten(0)), settings.noise, prior=prior)
