"""Live widgets of the course, for JupyterLab and Notebook 7.

>>> from synthlab.data import Ring
>>> from synthlab.models.gan import GAN
>>> arena = GanArena(GAN.mlp(), Ring())
>>> arena.run(10).index  # headless: the same numbers as the live view
10
>>> arena.close()
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from synthlab_widgets.asked import Predict, Quiz
    from synthlab_widgets.collapse_lab import CollapseLab
    from synthlab_widgets.gan_arena import GanArena
    from synthlab_widgets.gaussian_fit import GaussianFit
    from synthlab_widgets.live import LiveRun
    from synthlab_widgets.recording import Recording
    from synthlab_widgets.replay import Replay
    from synthlab_widgets.truth_explorer import TruthExplorer

_NAMES = {
    "CollapseLab": "synthlab_widgets.collapse_lab",
    "GanArena": "synthlab_widgets.gan_arena",
    "GaussianFit": "synthlab_widgets.gaussian_fit",
    "LiveRun": "synthlab_widgets.live",
    "Predict": "synthlab_widgets.asked",
    "Quiz": "synthlab_widgets.asked",
    "Recording": "synthlab_widgets.recording",
    "Replay": "synthlab_widgets.replay",
    "TruthExplorer": "synthlab_widgets.truth_explorer",
}

__all__ = [
    "CollapseLab",
    "GanArena",
    "GaussianFit",
    "LiveRun",
    "Predict",
    "Quiz",
    "Recording",
    "Replay",
    "TruthExplorer",
]


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    raise AttributeError(f"module 'synthlab_widgets' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_NAMES)
