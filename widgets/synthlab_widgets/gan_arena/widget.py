"""GanArena: the widget's class, and what the browser is told once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from synthlab.data.source import check_count
from synthlab.errors import SynthlabError
from synthlab.experiments.gan import GANExperiment, GANSettings, Own, settings_of
from synthlab.experiments.settings import OWN
from synthlab.experiments.sources import SOURCES
from synthlab_widgets.gan_arena.observe import LAYERS
from synthlab_widgets.gan_arena.subject import Contest
from synthlab_widgets.gan_arena.words import PRESETS
from synthlab_widgets.live_widget import LiveWidget

_NEEDED = {
    "update": "update(batch, generator)",
    "sample": "sample(n, generator)",
    "discriminator": "discriminator(x)",
    "optimizers": "optimizers",
    "state_dict": "state_dict()",
    "load_state_dict": "load_state_dict(state)",
}


class GanArena(LiveWidget):
    """A live picture of two networks at play: yours, or some that you choose on the screen.

    It shows real and fake points, what the discriminator thinks of every place, the losses,
    and how many modes the fakes cover. Any step can be gone back to, and left in another
    direction beside the first. The picture stays in the notebook when you save it.

    Args:
        model: A GAN: `synthlab.models.gan.GAN`, or anything of yours with its ``update``,
            ``sample``, ``discriminator``, ``optimizers`` and state. It is trained in place;
            what its weights are now is what Reset goes back to. None for perceptrons, whose
            size is chosen on the screen.
        source: Points in the plane (`synthlab.data`), with ``sample`` and ``bounds``; None for
            the ring.
        seed: Seed of batches and noise, and of perceptrons' first weights.
        batch_size: Examples in a step.
        discriminator_loss, generator_loss: Losses of your own; see `plug`.
        guide: The unit whose guided pages stand beside the picture, such as ``"gan"``.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When model or source lack a part or answer with the wrong shapes.
    """

    def __init__(
        self,
        model: Any = None,
        source: Any = None,
        seed: int = 0,
        batch_size: int = 256,
        *,
        discriminator_loss: Callable[..., Any] | None = None,
        generator_loss: Callable[..., Any] | None = None,
        guide: str | None = None,
        language: str | None = None,
    ) -> None:
        _require(model, source)
        own = Own(model, source, discriminator_loss, generator_loss)
        settings = _settings(own, seed, batch_size)
        self._contest = Contest(GANExperiment(settings, own))
        super().__init__(
            self._contest,
            info={
                "parts": _parts(self._contest.runs["a"].subject),
                "layers": list(LAYERS),
                "fields": _fields(own),
                "presets": [{"name": name, "text": text} for name, text in PRESETS.items()],
            },
            language=language,
            guide=guide,
        )

    @property
    def model(self) -> Any:
        """The GAN of the chosen run; leave it alone while it trains."""
        return self._contest.runs[self._contest.chosen].subject.model

    @property
    def state(self) -> str:
        """The whole state as a short text: `load` and `synthlab.experiments.replay` take it."""
        return str(self._live.subject.details()["text"])

    def load(self, text: str) -> None:
        """Go to the state that a text tells, by training as it says.

        Raises:
            SynthlabError: When it is not such a text.
        """
        self._live.do(lambda: self._contest.load(text))
        while self._contest.goal is not None:
            self.run(self._contest.goal - self._contest.index)

    def plug(self, **losses: Callable[..., Any]) -> None:
        """Train on with losses of your own, while the picture is live.

        Args:
            losses: ``discriminator_loss`` from real and fake logits, ``generator_loss`` from
                fake logits: each from tensors (B,) to a scalar tensor.

        Raises:
            SynthlabError: For another name, or what is not a function.
        """
        known = ("discriminator_loss", "generator_loss")
        for name, loss in losses.items():
            if name not in known or not callable(loss):
                raise SynthlabError("plug takes functions called {names}.", names=", ".join(known))
        self._live.do(lambda: self._contest.plug(losses))


def _require(model: Any, source: Any) -> None:
    lacking = [call for name, call in _NEEDED.items() if not hasattr(model, name)]
    if model is not None and lacking:
        raise SynthlabError(
            "GanArena needs a GAN with {names}; this {type} has no {lacking}.",
            names=", ".join(_NEEDED.values()),
            type=type(model).__name__,
            lacking=", ".join(lacking),
        )
    lacking = [name for name in ("sample", "bounds") if not hasattr(source, name)]
    if source is not None and lacking:
        raise SynthlabError(
            "GanArena needs a source of points in the plane, such as synthlab.data.Ring(); "
            "this {type} has no {lacking}.",
            type=type(source).__name__,
            lacking=", ".join(lacking),
        )


def _settings(own: Own, seed: int, batch_size: int) -> GANSettings:
    """The settings that describe what was given; a source of the course goes by its name."""
    given: dict[str, Any] = {
        "seed": check_count(seed, "seed", 0),
        "batch": check_count(batch_size, "batch_size", 1),
    }
    if own.source is not None:
        same = (name for name, make in SOURCES.items() if repr(make()) == repr(own.source))
        given["source"] = next(same, OWN)
    if own.model is not None:
        given |= settings_of(own.model)
    if own.discriminator_loss is not None or own.generator_loss is not None:
        given["loss"] = OWN
    return GANSettings(**given)


def _parts(experiment: GANExperiment) -> list[str]:
    """The networks that can be trained alone: none when ``update`` has no ``parts``."""
    if not experiment.run.model.alone:
        return []
    return [name for name in ("discriminator", "generator") if name in experiment.model.optimizers]


def _fields(own: Own) -> list[dict[str, Any]]:
    """The settings for the browser: with a drawing to choose, without what is not there."""
    here = {
        "source": own.source is not None,
        "networks": own.model is not None,
        "loss": bool(own.model or own.discriminator_loss or own.generator_loss),
        "g_optimizer": own.model is not None,
        "d_optimizer": own.model is not None,
    }
    fields = GANSettings.info()
    for field in fields:
        if OWN in field["options"] and not here[field["name"]]:
            field["options"].remove(OWN)
    return fields
