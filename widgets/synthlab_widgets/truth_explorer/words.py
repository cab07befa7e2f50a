"""Words of the truth explorer."""

from __future__ import annotations

from collections.abc import Mapping

from synthlab.words import N_
from synthlab_widgets.words import COMMON, DRAWING, SETTINGS

WORDS: Mapping[str, str] = {
    **COMMON,
    **SETTINGS,
    **DRAWING,
    "title": N_("Truth explorer"),
    "draw_done": N_("Sample from it"),
    "group_model": N_("Model"),
    "set_model": N_("kind"),
    "set_bins": N_("bins a side"),
    "set_components": N_("components"),
    "model_histogram": N_("histogram"),
    "model_gaussian": N_("Gaussian"),
    "model_mixture": N_("mixture of Gaussians"),
    "shown": N_("Colour"),
    "shown_model": N_("what the model believes"),
    "shown_truth": N_("the truth"),
    "shown_difference": N_("where they differ"),
    "layer_train": N_("training samples"),
    "layer_fake": N_("samples of the model"),
    "mark_train": N_("training sample"),
    "mark_fake": N_("sample of the model"),
    "mark_missing": N_("blue, where they differ: the model has too little here"),
    "mark_surplus": N_("orange, where they differ: the model has too much here"),
    "nll_title": N_("Negative log-likelihood (nats); across: the entropy, the floor"),
    "train": N_("on the training samples"),
    "held_out": N_("on held-out samples"),
    "seen": N_("Samples"),
    "seen_value": N_("{n}"),
    "floor": N_("Entropy"),
    "floor_value": N_("{nats} nats"),
    "excess": N_("Excess NLL"),
    "excess_value": N_("{nats} nats"),
    "gap": N_("Held out minus training"),
    "gap_value": N_("{nats} nats"),
    "nothing_yet": N_("no samples yet"),
    "explorer_summary": N_(
        "Step {step}: the {model} has seen {n} sample and is {excess} nats above the entropy "
        "on new ones.",
        "Step {step}: the {model} has seen {n} samples and is {excess} nats above the entropy "
        "on new ones.",
    ),
    "explorer_start": N_("Step 0: the {model} has seen no samples yet."),
    "alt": N_(
        "Samples of the source as circles, samples of the model as triangles, and a density "
        "as colour behind them."
    ),
    "keys_list": N_(
        "Space: run or pause\n.: one step\nr: start again\n[: one step back\n]: one step forward\n"
        "1: training samples\n2: samples of the model\nc: change what the colour shows"
    ),
}
