"""Live widgets of the course, for JupyterLab and Notebook 7.

Every widget has a folder of its own, with the same files. Beside it stands what all of them share.

>>> from synthlab.data import Ring
>>> from synthlab.models.gan import GAN
>>> arena = GanArena(GAN.mlp(), Ring())
>>> arena.run(10).index  # headless: the same numbers as the live view
10
>>> arena.close()
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any

_SHARED = {
    "LiveRun": "synthlab_widgets.live",
    "Recording": "synthlab_widgets.recording",
    "Replay": "synthlab_widgets.replay",
}


@cache
def _names() -> dict[str, str]:
    """The module of everything that the package offers: of each class that a folder exports."""
    exported = re.compile(r"^from (synthlab_widgets\.\w+\.widget) import (\w+)", re.MULTILINE)
    texts = (path.read_text("utf-8") for path in Path(__file__).parent.glob("*/__init__.py"))
    return _SHARED | {name: module for text in texts for module, name in exported.findall(text)}


def __getattr__(name: str) -> Any:
    if not name.startswith("_") and name in _names():
        return getattr(importlib.import_module(_names()[name]), name)
    raise AttributeError(f"module 'synthlab_widgets' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_names())
