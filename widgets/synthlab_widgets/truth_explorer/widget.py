"""TruthExplorer: the widget's class, and what the browser is told once."""

from __future__ import annotations

from synthlab.experiments.density import DensitySettings
from synthlab_widgets.live_widget import LiveWidget
from synthlab_widgets.truth_explorer.observe import LAYERS, SHOWN
from synthlab_widgets.truth_explorer.subject import Exploration


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
            `synthlab.experiments.density.DensitySettings`.

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
        super().__init__(
            Exploration(chosen),
            info={"fields": DensitySettings.info(), "layers": list(LAYERS), "shown": list(SHOWN)},
            language=language,
        )
