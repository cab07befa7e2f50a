"""TruthExplorer: the widget's class, and what the browser is told once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from synthlab.experiments import DENSITY_FIELDS, DensitySettings
from synthlab.experiments.settings import DRAWING
from synthlab_widgets.live_widget import LiveWidget
from synthlab_widgets.truth_explorer.subject import LAYERS, SHOWN, Exploration


class TruthExplorer(LiveWidget):
    """Pick or draw a density, sample it, fit a model, and watch the NLL above the entropy.

    Every step draws more samples of the source and fits the model to all of them. The chart shows
    the negative log-likelihood on those samples and on held-out ones, and the entropy as the
    floor that no model goes below on new samples.

    Args:
        source: ``"ring"``, ``"grid"``, ``"eight-gaussians"``, ``"moons"``, ``"checkerboard"`` or
            ``"spirals"``; you can draw another on the screen.
        model: ``"histogram"``, ``"gaussian"`` or ``"mixture"``.
        seed: Seed of the samples and of where a mixture starts.
        language: ``"en"`` or ``"ar"``; None for the reader's language.
        settings: ``bins``, ``components`` and ``batch``, see
            `synthlab.experiments.DensitySettings`.

    Raises:
        SynthlabError: When a setting cannot have its value.
    """

    def __init__(
        self,
        source: str = "moons",
        model: str = "histogram",
        seed: int = 0,
        language: str | None = None,
        **settings: int,
    ) -> None:
        chosen = DensitySettings()
        for name, value in {"source": source, "model": model, "seed": seed, **settings}.items():
            chosen = chosen.changed(name, value)
        self._exploration = Exploration(chosen)
        super().__init__(
            self._exploration,
            info={"fields": _fields(), "layers": list(LAYERS), "shown": list(SHOWN)},
            language=language,
        )

    def set(self, name: str, value: Any) -> None:
        """Change a setting, as the controls on the screen do.

        Raises:
            SynthlabError: For a setting that does not exist or a value that it cannot have.
        """
        self._live.do(lambda: self._exploration.set(name, value))


def _fields() -> list[dict[str, Any]]:
    """The settings for the browser, with a drawing to choose."""
    fields = []
    for field in DENSITY_FIELDS.values():
        told = asdict(field)
        if field.name == "source":
            told["options"] = [*field.options, DRAWING]
        if field.kind == "choice":
            del told["low"], told["high"]
        fields.append(told)
    return fields
