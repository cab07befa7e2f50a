"""Replay: a recorded run on the page. It plays in the browser alone; no model is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from synthlab.errors import unknown
from synthlab.words import check_language, direction
from synthlab.words import language as reader_language
from synthlab_widgets.labels import table_of, words
from synthlab_widgets.live_widget import asset
from synthlab_widgets.recording import Recording

#: The widgets that can be recorded.
_WIDGETS = ("collapse_lab", "gan_arena", "gaussian_fit", "truth_explorer")


class Replay(anywidget.AnyWidget):
    """A recorded run: play, pause, go to any recorded step.

    Args:
        recording: A `Recording`, or the path of a file that `Recording.save` wrote.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When the file is not a recorded run.
    """

    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)
    direction = traitlets.Unicode().tag(sync=True)
    info = traitlets.Dict().tag(sync=True)
    keyframe = traitlets.Bytes().tag(sync=True)
    recording = traitlets.Bytes().tag(sync=True)

    def __init__(self, recording: Recording | str | Path, language: str | None = None) -> None:
        if not isinstance(recording, Recording):
            recording = Recording.open(recording)
        if recording.widget not in _WIDGETS:
            raise unknown("There is no recorded widget called {name}.", recording.widget, _WIDGETS)
        code = check_language(language) if language is not None else reader_language()
        given: dict[str, Any] = {
            "_esm": _text(asset(f"{recording.widget}.js")),
            "_css": _text(asset(f"{recording.widget}.css")),
            "words": words(table_of(recording.widget), code),
            "language": code,
            "direction": direction(code),
            "info": dict(recording.info),
            "keyframe": recording.frames[0],
            "recording": recording.pack(),
        }
        super().__init__(**given)


def _text(asset: Path | str) -> str:
    return asset if isinstance(asset, str) else asset.read_text(encoding="utf-8")
