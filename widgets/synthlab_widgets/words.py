"""Words of the widgets: what several of them say, and the table of each, found in its folder.

``synthlab_widgets.NAME.words.WORDS`` is the table of a widget, English by key. The browser gets it,
translated, as one dictionary; a sentence that counts stands there in all its forms.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from synthlab.words import N_, phrases

#: Domain of the catalogue.
DOMAIN = "widgets"

#: A live widget.
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
    "keys": N_("Keys"),
    "layers": N_("What the picture shows"),
    "recorded": N_(
        "This run was recorded: play it and go to any moment. To change it, run it in a notebook."
    ),
    "interval": N_("95 % interval: {low} to {high}"),
    "caption": N_("The last picture, at step {step}. Run the cell to make it live again."),
}

#: A question of a lesson.
ASKED: Mapping[str, str] = {
    "option": N_("Your answer"),
    "waiting": COMMON["waiting"],
    "gone": N_("The kernel was restarted. Run the cell again to go on."),
}

#: Settings of a run, and the sources in the plane.
SETTINGS: Mapping[str, str] = {
    "settings": N_("Settings"),
    "restarts": N_("A change starts the run again; all others act at once."),
    "group_data": N_("Data"),
    "set_source": N_("Source"),
    "source_ring": N_("ring"),
    "source_grid": N_("grid"),
    "source_eight-gaussians": N_("eight Gaussians"),
    "source_moons": N_("two moons"),
    "source_checkerboard": N_("checkerboard"),
    "source_spirals": N_("spirals"),
    "source_drawing": N_("your drawing"),
    "set_batch": N_("Batch size"),
    "set_seed": N_("Seed"),
    "set_noise": N_("Width of the noise"),
}

#: A drawing board.
DRAWING: Mapping[str, str] = {
    "draw": N_("Draw your own data"),
    "draw_how": N_(
        "Press and move to draw dots. With the keyboard: the arrows move the brush, Enter puts a "
        "dot, Backspace takes the last one back."
    ),
    "draw_undo": N_("Take back"),
    "draw_clear": N_("Clear"),
    "draw_count": N_("Dots: {count}"),
}

#: Numbers with their intervals; modes counted in fakes.
METERS: Mapping[str, str] = {
    "modes": N_("Modes covered"),
    "modes_value": N_("{covered} of {modes}"),
    "quality": N_("Points on a mode"),
    "quality_value": N_("{share} %"),
    "kl": N_("Mode KL"),
    "kl_value": N_("{nats} nats"),
    "undefined": N_("undefined"),
    "undefined_why": N_("no point is on a mode"),
    "counted": N_("Counted in 2500 fakes at step {step}."),
}

#: Images whose pixels can be pointed at.
IMAGES: Mapping[str, str] = {
    "pixel": N_("Image {image}, row {row}, column {column}: level {level}"),
    "pixels_how": N_("The arrow keys go from pixel to pixel."),
}

#: The guided pages beside a picture.
GUIDE: Mapping[str, str] = {
    "guide": N_("Guide"),
    "guide_back": N_("Back"),
    "guide_next": N_("Next"),
    "guide_act": N_("Show me"),
    "guide_place": N_("Page {page} of {pages}"),
}

#: Points of the data, and of a model.
MARKS: Mapping[str, str] = {
    "mark_real": N_("real"),
    "mark_fake": N_("fake"),
}


def words(widget: str, language: str) -> dict[str, str]:
    """The words of a widget, by the name of its folder, in the given language."""
    table: Mapping[str, str] = importlib.import_module(f"synthlab_widgets.{widget}.words").WORDS
    return phrases(DOMAIN, table, language)
