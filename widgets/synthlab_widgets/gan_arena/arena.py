"""GanArena: watch, and drive, the training of a GAN in the plane."""

from __future__ import annotations

import inspect
from typing import Any

from synthlab.errors import SynthlabError
from synthlab.training import train
from synthlab_widgets.frames import Keyframe
from synthlab_widgets.gan_observer import GanObserver
from synthlab_widgets.gan_picture import describe, draw
from synthlab_widgets.labels import GAN_ARENA
from synthlab_widgets.live_widget import LiveWidget, asset

_NEEDED = {
    "update": "update(batch, generator)",
    "sample": "sample(n, generator)",
    "discriminator": "discriminator(x)",
    "optimizers": "optimizers",
    "state_dict": "state_dict()",
    "load_state_dict": "load_state_dict(state)",
}


class GanArena(LiveWidget):
    """A live picture of two networks at play: your model, on your source.

    It shows real and fake points, what the discriminator thinks of every place, the losses,
    and how many modes the fakes cover. The picture stays in the notebook when you save it.

    Args:
        model: A GAN: `synthlab.models.gan.GAN`, or anything of yours with its ``update``,
            ``sample``, ``discriminator``, ``optimizers`` and state. It is trained in place;
            what its weights are now is what Reset goes back to.
        source: Points in the plane (`synthlab.data`), with ``sample`` and ``bounds``.
        seed: Seed of batches and noise.
        batch_size: Examples in a step.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When model or source lack a part or answer with the wrong shapes.
    """

    _esm = asset("gan_arena.js")
    _css = asset("gan_arena.css")

    def __init__(
        self,
        model: Any,
        source: Any,
        seed: int = 0,
        batch_size: int = 256,
        language: str | None = None,
    ) -> None:
        _require(model, source)
        observer = GanObserver(source, seed)
        super().__init__(
            train(model, source, steps=None, seed=seed, batch_size=batch_size),
            observer,
            table=GAN_ARENA,
            info={
                "low": observer.low,
                "high": observer.high,
                "modes": observer.modes,
                "parts": _parts(model),
            },
            language=language,
        )

    def _draw(self, frame: Keyframe) -> bytes:
        return draw(frame, (self.info["low"], self.info["high"]), self.words)

    def _describe(self, frame: Keyframe) -> str:
        return describe(frame, self.words)


def _require(model: Any, source: Any) -> None:
    lacking = [told for name, told in _NEEDED.items() if not hasattr(model, name)]
    if lacking:
        raise SynthlabError(
            f"GanArena needs a GAN with {', '.join(_NEEDED.values())}; "
            f"this {type(model).__name__} has no {' and no '.join(lacking)}."
        )
    lacking = [name for name in ("sample", "bounds") if not hasattr(source, name)]
    if lacking:
        raise SynthlabError(
            "GanArena needs a source of points in the plane, such as synthlab.data.Ring(); "
            f"this {type(source).__name__} has no {' and no '.join(lacking)}."
        )


def _parts(model: Any) -> list[str]:
    """The networks that can be trained alone: none when ``update`` has no ``parts``."""
    if "parts" not in inspect.signature(model.update).parameters:
        return []
    return [name for name in ("discriminator", "generator") if name in model.optimizers]
