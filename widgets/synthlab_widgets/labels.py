"""What the widgets say. The browser gets these words, translated, as one dictionary."""

from __future__ import annotations

from collections.abc import Mapping

from synthlab.words import N_, translate

#: Domain of the catalogue.
DOMAIN = "widgets"

GAN_ARENA: Mapping[str, str] = {
    "title": N_("GAN arena"),
    "keys": N_("Keys: Space runs and pauses, the full stop makes one step, R resets."),
    "run": N_("Run"),
    "pause": N_("Pause"),
    "step": N_("Step"),
    "step_discriminator": N_("Step D"),
    "step_discriminator_alone": N_("Step D: one step of the discriminator alone"),
    "step_generator": N_("Step G"),
    "step_generator_alone": N_("Step G: one step of the generator alone"),
    "reset": N_("Reset"),
    "speed": N_("Speed"),
    "speed_10": N_("10 steps a second"),
    "speed_100": N_("100 steps a second"),
    "speed_0": N_("Full speed"),
    "step_count": N_("Step {step}"),
    "arena": N_("Where the points are"),
    "real": N_("real"),
    "fake": N_("fake"),
    "field_fake": N_("D says fake"),
    "field_real": N_("D says real"),
    "undecided": N_("D is undecided"),
    "losses": N_("Losses"),
    "losses_table": N_("Losses as a table"),
    "step_column": N_("Step"),
    "discriminator": N_("discriminator"),
    "generator": N_("generator"),
    "modes": N_("Modes covered"),
    "modes_value": N_("{covered} of {modes}"),
    "quality": N_("Points on a mode"),
    "quality_value": N_("{share} %"),
    "kl": N_("Mode KL"),
    "kl_value": N_("{nats} nats"),
    "interval": N_("95 % interval: {low} to {high}"),
    "undefined": N_("undefined"),
    "undefined_why": N_("no point is on a mode"),
    "summary": N_("Step {step}."),
    "summary_modes": N_("Step {step}: {covered} of {modes} modes, {share} % of points on a mode."),
    "alt": N_(
        "Real points as blue circles and fake points as orange triangles over the "
        "discriminator's field."
    ),
    "alt_losses": N_("The losses of both networks over the training steps."),
    "waiting": N_("The kernel is busy with another cell. Your command waits until it is done."),
    "gone": N_(
        "The kernel was restarted, so this picture stands still. Run the cell again to go on."
    ),
    "caption": N_("The last picture, at step {step}. Run the cell to make it live again."),
}


def words(table: Mapping[str, str], language: str) -> dict[str, str]:
    """The table in the given language."""
    return {key: translate(DOMAIN, msgid, language) for key, msgid in table.items()}
