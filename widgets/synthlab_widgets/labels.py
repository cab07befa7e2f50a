"""What the widgets say. The browser gets these words, translated, as one dictionary."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from synthlab.words import N_, translate

#: Domain of the catalogue.
DOMAIN = "widgets"

#: What every widget over a training run says.
COMMON: Mapping[str, str] = {
    "run": N_("Run"),
    "pause": N_("Pause"),
    "step": N_("Step"),
    "reset": N_("Reset"),
    "speed": N_("Speed"),
    "speed_slow": N_("Slow motion"),
    "speed_10": N_("10 steps a second"),
    "speed_100": N_("100 steps a second"),
    "speed_0": N_("Full speed"),
    "step_count": N_("Step {step}"),
    "losses": N_("Losses"),
    "as_table": N_("As a table"),
    "timeline": N_("Time"),
    "step_column": N_("Step"),
    "waiting": N_("The kernel is busy with another cell. Your command waits until it is done."),
    "gone": N_(
        "The kernel was restarted, so this picture stands still. Run the cell again to go on."
    ),
    "caption": N_("The last picture, at step {step}. Run the cell to make it live again."),
}

GAUSSIAN_FIT: Mapping[str, str] = {
    **COMMON,
    "title": N_("A Gaussian learns its data"),
    "fit_summary": N_("Step {step}: mean {mean}, standard deviation {std}."),
    "nll": N_("negative log-likelihood"),
    "alt": N_("The density of the fit, dashed, moves onto the density of the data."),
}

_ASKED: Mapping[str, str] = {
    "option": N_("Your answer"),
    "waiting": COMMON["waiting"],
    "gone": N_("The kernel was restarted. Run the cell again to go on."),
}

QUIZ: Mapping[str, str] = {
    **_ASKED,
    "title": N_("A question"),
    "one": N_("Choose one."),
    "several": N_("Choose all that are right."),
    "number": N_("Give a number."),
    "order": N_("Put them in order, the first on top."),
    "up": N_("Move up: {option}"),
    "down": N_("Move down: {option}"),
    "moved": N_("{option} is now number {place}."),
    "answer": N_("Answer"),
    "right": N_("Right"),
    "wrong": N_("Not right yet"),
    "again": N_("Try again"),
}

PREDICT: Mapping[str, str] = {
    **_ASKED,
    "title": N_("Your prediction"),
    "commit": N_("I predict this"),
    "commit_what": N_("Once made, a prediction stays. None is wrong."),
    "made": N_("Your prediction is made. Go on: the result comes further down."),
    "yours": N_("Your prediction"),
    "result": N_("The result"),
    "both": N_("You predicted {prediction}; the result is {result}."),
    "curves": N_("The dashed curve is yours, the solid one is the result."),
    "sketch": N_(
        "Draw with the pointer. By keyboard: arrow left and right choose a place, up and down "
        "move the curve there."
    ),
    "at": N_("At {x}: {y}"),
    "as_table": COMMON["as_table"],
    "area": N_("What you drew is scaled so that its area is 1."),
}

_TABLES = {
    "collapse_lab": ("synthlab_widgets.collapse_lab.labels", "labels"),
    "gan_arena": ("synthlab_widgets.gan_arena.labels", "LABELS"),
    "gaussian_fit": ("synthlab_widgets.labels", "GAUSSIAN_FIT"),
    "truth_explorer": ("synthlab_widgets.truth_explorer.labels", "LABELS"),
}


def table_of(widget: str) -> Mapping[str, str]:
    """The words of a widget, by the name of its module."""
    module, name = _TABLES[widget]
    found = getattr(importlib.import_module(module), name)
    table: Mapping[str, str] = found() if callable(found) else found
    return table


def words(table: Mapping[str, str], language: str) -> dict[str, str]:
    """The table in the given language."""
    return {key: translate(DOMAIN, msgid, language) for key, msgid in table.items()}
