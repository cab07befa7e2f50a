"""Words of a prediction."""

from __future__ import annotations

from collections.abc import Mapping

from synthlab.words import N_
from synthlab_widgets.words import ASKED, COMMON

WORDS: Mapping[str, str] = {
    **ASKED,
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
