"""Words of the histogram of digits."""

from __future__ import annotations

from collections.abc import Mapping

from synthlab.words import N_
from synthlab_widgets.words import COMMON, IMAGES

WORDS: Mapping[str, str] = {
    **COMMON,
    **IMAGES,
    "title": N_("Independent pixels learn digits"),
    "real": N_("Real digits"),
    "fake": N_("Sampled digits"),
    "fake_of": N_("Sampled digits, at step {step}"),
    "losses": N_(
        "Negative log-likelihood in nats; dotted: the least that independent pixels can reach"
    ),
    "nll": N_("negative log-likelihood"),
    "digits_summary": N_("Step {step}: the negative log-likelihood is {nll} nats an image."),
    "alt": N_(
        "Real digits stand beside sampled ones. In these, each pixel follows its own histogram and "
        "knows nothing of its neighbours."
    ),
}
