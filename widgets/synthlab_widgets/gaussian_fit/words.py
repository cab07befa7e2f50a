"""Words of the Gaussian fit."""

from __future__ import annotations

from collections.abc import Mapping

from synthlab.words import N_
from synthlab_widgets.words import COMMON

WORDS: Mapping[str, str] = {
    **COMMON,
    "title": N_("A Gaussian learns its data"),
    "fit_summary": N_("Step {step}: mean {mean}, standard deviation {std}."),
    "nll": N_("negative log-likelihood"),
    "alt": N_("The density of the fit, dashed, moves onto the density of the data."),
}
