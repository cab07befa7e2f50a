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

_TABLES = {
    "gan_arena": ("synthlab_widgets.gan_arena.labels", "LABELS"),
    "gaussian_fit": ("synthlab_widgets.labels", "GAUSSIAN_FIT"),
    "truth_explorer": ("synthlab_widgets.truth_explorer.labels", "LABELS"),
}


def table_of(widget: str) -> Mapping[str, str]:
    """The words of a widget, by the name of its module."""
    module, name = _TABLES[widget]
    table: Mapping[str, str] = getattr(importlib.import_module(module), name)
    return table


def words(table: Mapping[str, str], language: str) -> dict[str, str]:
    """The table in the given language."""
    return {key: translate(DOMAIN, msgid, language) for key, msgid in table.items()}
