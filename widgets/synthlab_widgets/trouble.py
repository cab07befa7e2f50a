"""Errors of the learner's code, in one sentence that fits on the widget."""

from __future__ import annotations

import traceback
from pathlib import Path

import torch

import synthlab
from synthlab.errors import SynthlabError
from synthlab.training import TrainingDiverged
from synthlab.words import N_, Text

_LIBRARIES = tuple(str(Path(file).parent) for file in (__file__, synthlab.__file__, torch.__file__))

#: Why a run stands still when the page that showed it is gone.
UNWATCHED = Text(N_("Training paused: for a while no page has been showing it."), domain="widgets")


def sentence(error: BaseException, step: int) -> Text:
    """Say what stopped a run after this many steps, where, and what to do."""
    if isinstance(error, TrainingDiverged):
        return Text(
            N_(
                "Training broke down at step {step}: a loss is no longer a finite number. Lower "
                "the learning rate or repair the loss, then press Reset."
            ),
            {"step": step},
            domain="widgets",
        )
    if isinstance(error, SynthlabError):
        return error.text
    lines = str(error).strip().splitlines()
    cause = type(error).__name__ + (f": {lines[0]}" if lines else "")
    place = _place(error)
    if place is None:
        return Text(
            N_("Your model stopped after step {step}. {error}"),
            {"step": step, "error": cause},
            domain="widgets",
        )
    return Text(
        N_("Your model stopped after step {step}, in {function}, line {line}. {error}"),
        {"step": step, "error": cause, "function": place.name, "line": place.lineno},
        domain="widgets",
    )


def _place(error: BaseException) -> traceback.FrameSummary | None:
    """The innermost line that is not inside a library: most likely the learner's own."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if not frame.filename.startswith(_LIBRARIES):
            return frame
    return None
