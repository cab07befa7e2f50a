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
from synthlab.errors import SynthlabError
from synthlab.experiments.experiment import Experiment
from synthlab.experiments.settings import OWN, Settings, choice, count, number, seed
from synthlab.experiments.sources import SOURCES
from synthlab.experiments.sources import source as named_source
from synthlab.models import gan, nets
from synthlab.training import Run, train

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
PRIORS: Mapping[str, Callable[..., torch.Tensor]] = {"normal": torch.randn, "uniform": nets.uniform}
#: The first letter of a setting, and the network that it is about.
_NETWORKS = {"g": "generator", "d": "discriminator"}


@dataclass(frozen=True)
class GANSettings(Settings):
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

    source: str = choice("ring", (*SOURCES, OWN), "data", drawn=True)
    batch: int = count(256, 1, 4096, "data")
    seed: int = seed("data")
    networks: str = choice("perceptrons", ("perceptrons", OWN), "generator", restarts=True)
    noise: int = count(2, 1, 64, "generator", restarts=True)
    prior: str = choice("normal", PRIORS, "generator", restarts=True)
    g_depth: int = count(2, 0, 5, "generator", restarts=True)
    g_width: int = count(128, 1, 256, "generator", restarts=True)
    g_optimizer: str = choice("adam", OPTIMIZERS, "generator")
    g_lr: float = number(1e-3, 1e-6, 10.0, "generator")
    g_updates: int = count(1, 0, 10, "generator")
    d_depth: int = count(2, 0, 5, "discriminator", restarts=True)
    d_width: int = count(128, 1, 256, "discriminator", restarts=True)
    d_optimizer: str = choice("adam", OPTIMIZERS, "discriminator")
    d_lr: float = number(1e-3, 1e-6, 10.0, "discriminator")
    d_updates: int = count(1, 0, 10, "discriminator")
    loss: str = choice("non-saturating", (*LOSSES, OWN), "training")
    beta1: float = number(0.5, 0.0, 0.999, "training")


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
        for part, repeats in self.repeats.items():
            for _ in range(repeats):
                losses |= self.model.update(batch, generator, (part,))
        return losses

    def __deepcopy__(self, memo: dict[int, Any]) -> Alternating:
        return Alternating(copy.deepcopy(self.model, memo), dict(self.repeats))


class GANExperiment(Experiment[GANSettings]):
    """A GAN in training whose settings can be changed.

    Args:
        settings: What to train, on what, how.
        own: What the settings call ``"own"``.

    Raises:
        SynthlabError: When the settings name something of the learner's that is not given.
    """

    kind = "gan/1"
    settings_type = GANSettings

    def __init__(self, settings: GANSettings, own: Own | None = None) -> None:
        self.own = own or Own()
        super().__init__(settings)
        self._origin = self.run.state_dict()
        self.apply(settings)

    def build(self, settings: GANSettings) -> Run:
        """The networks, the learner's or perceptrons, before their first step."""
        if settings.networks == OWN:
            model = self._given(self.own.model, "networks")
        else:
            model = _perceptrons(settings)
        return train(
            Alternating(model, {"discriminator": 1, "generator": 1}),
            self._source(settings.source),
            steps=None,
            seed=settings.seed,
            batch_size=settings.batch,
        )

    @property
    def model(self) -> Any:
        """The GAN, with its ``generator``, ``discriminator``, ``sample`` and the rest."""
        return self.run.model.model

    def plug(self, **losses: Callable[..., Any]) -> None:
        """Train on with the learner's own ``discriminator_loss`` or ``generator_loss``."""
        self.own = replace(self.own, **losses)
        self.apply(replace(self.settings, loss=OWN))

    def again(self, settings: GANSettings) -> GANExperiment:
        """The experiment from its start, with these settings.

        The learner's own model gets the weights back that it came with.
        """
        if settings.networks != OWN:
            return GANExperiment(settings, self.own)
        if self.start.networks != OWN:
            return GANExperiment(settings, replace(self.own, model=copy.deepcopy(self.own.model)))
        other = GANExperiment(settings, replace(self.own, model=self.model))
        other._origin = {**self._origin, "generator": other.run.generator.get_state()}
        other.run.load_state_dict(other._origin)
        other.apply(settings)
        return other

    def branch(self) -> Self:
        """An independent copy that goes on from here; optimisers keep what they remember."""
        other = super().branch()
        other.apply(self.settings, fresh=False)
        return other

    def check(self, settings: GANSettings) -> None:
        """Raise SynthlabError when the settings name what the learner has not given."""
        self._source(settings.source)
        self._losses(settings.loss)

    def apply(self, settings: GANSettings, fresh: bool = True) -> None:
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
        if old is None or kind == OWN:
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
        if name == OWN:
            return self._given(self.own.source, "source")
        return named_source(name)

    def _losses(self, name: str) -> tuple[Callable[..., Any], Callable[..., Any]] | None:
        """The two losses; None for those that the learner's model has already."""
        if name != OWN:
            return LOSSES[name]
        if not (self.own.discriminator_loss or self.own.generator_loss):
            self._given(self.own.model, "loss")
            return None
        usual = LOSSES["non-saturating"]
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
    settings: dict[str, Any] = {"networks": OWN}
    for letter, part in _NETWORKS.items():
        optimizer = model.optimizers.get(part)
        if optimizer is None:
            continue
        group = optimizer.param_groups[0]
        settings[f"{letter}_optimizer"] = kind_of(optimizer)
        settings[f"{letter}_lr"] = float(group["lr"])
        if "betas" in group:
            settings["beta1"] = float(group["betas"][0])
    losses = tuple(getattr(model, f"{part}_loss", None) for part in reversed(_NETWORKS.values()))
    same = (name for name, pair in LOSSES.items() if pair == losses)
    settings["loss"] = next(same, OWN)
    return settings


def kind_of(optimizer: torch.optim.Optimizer) -> str:
    """The name of an optimiser among the settings."""
    kinds = {torch.optim.Adam: "adam", torch.optim.SGD: "sgd"}
    return kinds.get(type(optimizer), OWN)


def _optimizer(
    kind: str, parameters: list[nn.Parameter], settings: GANSettings, rate: float
) -> torch.optim.Optimizer:
    if kind == "sgd":
        return torch.optim.SGD(parameters, rate)
    return torch.optim.Adam(parameters, rate, (settings.beta1, 0.99), fused=True)


def _perceptrons(settings: GANSettings) -> gan.GAN:
    with nets.seeded(settings.seed):  # in the order of GAN.mlp: the same seed, the same weights
        G = nets.perceptron(settings.noise, 2, settings.g_width, settings.g_depth, nn.Tanh())
        D = nets.perceptron(2, 1, settings.d_width, settings.d_depth, nn.LeakyReLU(0.2))
    prior = PRIORS[settings.prior]
    return gan.GAN(G, D.append(nn.Flatten(0)), settings.noise, prior=prior)
