"""Replay: a recorded run on the page. It plays in the browser alone; no model is needed."""

from __future__ import annotations

from pathlib import Path

import traitlets

from synthlab.errors import unknown
from synthlab_widgets.page import STATIC, PageWidget, asset
from synthlab_widgets.recording import Recording


class Replay(PageWidget):
    """A recorded run: play, pause, go to any recorded step.

    Args:
        recording: A `Recording`, or the path of a file that `Recording.save` wrote.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When the file is not a recorded run.
    """

    info = traitlets.Dict().tag(sync=True)
    keyframe = traitlets.Bytes().tag(sync=True)
    recording = traitlets.Bytes().tag(sync=True)

    def __init__(self, recording: Recording | str | Path, language: str | None = None) -> None:
        if not isinstance(recording, Recording):
            recording = Recording.open(recording)
        name, recorded = recording.widget, _live_widgets()
        if name not in recorded:
            raise unknown("There is no recorded widget called {name}.", name, recorded)
        super().__init__(
            language,
            folder=name,
            _esm=_text(asset(f"{name}.js")),
            _css=_text(asset(f"{name}.css")),
            info=dict(recording.info),
            keyframe=recording.frames[0],
            recording=recording.pack(),
        )


def _live_widgets() -> list[str]:
    """The widgets that can be recorded: those whose folders have a picture of a frame."""
    return sorted(path.parent.name for path in STATIC.parent.glob("*/picture.py"))


def _text(asset: Path | str) -> str:
    return asset if isinstance(asset, str) else asset.read_text(encoding="utf-8")
