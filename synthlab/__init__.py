"""synthlab: learn to build, break, measure and judge generative models.

Importing the package costs no torch: names are loaded when they are first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from synthlab.sentence import Text

if TYPE_CHECKING:
    from synthlab.checks.notebook import check, hint
    from synthlab.training import train

__version__ = "0.1.0"

_NAMES = {
    "check": "synthlab.checks.notebook",
    "hint": "synthlab.checks.notebook",
    "train": "synthlab.training",
}
_MODULES = ("checks", "data", "metrics", "models", "plots", "training", "words")

__all__ = ["check", "hint", "train"]


def _sentence(text: Text, code: str | None) -> tuple[str, bool]:
    """A text's sentence in a language; the catalogues are loaded when the first one is shown."""
    return importlib.import_module("synthlab.words").sentence_of(text, code)  # type: ignore[no-any-return]


Text.lookup = _sentence


def __getattr__(name: str) -> Any:
    if name in _NAMES:
        return getattr(importlib.import_module(_NAMES[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"synthlab.{name}")
    raise AttributeError(f"module 'synthlab' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*_NAMES, *_MODULES, "__version__"])
