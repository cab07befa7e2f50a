"""LiveWidget: what every widget over a training run has in common."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import traitlets
from anywidget._util import repr_mimebundle
from IPython.display import display

from synthlab.training import Run, Step
from synthlab.words import check_language, direction
from synthlab.words import language as reader_language
from synthlab_widgets.frames import Keyframe, pack
from synthlab_widgets.labels import words
from synthlab_widgets.live import LiveRun
from synthlab_widgets.screen import Observation, Status

_display: Callable[..., Any] = display

_STATIC = Path(__file__).resolve().parent / "static"

#: What a view may ask for, and what it says with it.
_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "run": ("reply",),
    "pause": ("reply",),
    "step": ("reply", "parts"),
    "reset": ("reply",),
    "set": ("reply", "name", "value"),
    "view": ("view", "state"),
    "ack": ("view", "frame"),
}


def asset(name: str) -> Path | str:
    """A built file of the front end; where none was built, a module that says so on screen."""
    path = _STATIC / name
    if path.is_file():
        return path
    if name.endswith(".css"):
        return ""
    return (
        "// the front end is not built\n"
        "export default { render({ el }) { el.textContent = 'The front end of synthlab is not "
        "built. Run: npm --prefix widgets install && npm --prefix widgets run build'; } };\n"
    )


class LiveWidget(anywidget.AnyWidget):
    """A picture of a training run that the reader can run, pause, step and reset.

    A subclass names its built module and style sheet (``_esm``, ``_css``), and says how a frame
    looks on paper (`_draw`) and in words (`_describe`).

    Args:
        training: The run to drive.
        observe: What a frame shows of it.
        table: The widget's words, English by key.
        info: What the browser needs to know once.
        language: Code of a language of the course; None for the reader's.
    """

    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)
    direction = traitlets.Unicode().tag(sync=True)
    info = traitlets.Dict().tag(sync=True)
    keyframe = traitlets.Bytes().tag(sync=True)  # the first one, so that a view starts with it

    def __init__(
        self,
        training: Run,
        observe: Callable[[Run], Observation],
        *,
        table: Mapping[str, str],
        info: Mapping[str, Any],
        language: str | None,
    ) -> None:
        code = check_language(language) if language is not None else reader_language()
        self._live = LiveRun(training, observe, _Views(self))
        self._last = self._live.keyframe()
        self._picture_id: str | None = None
        super().__init__(
            words=words(table, code),
            language=code,
            direction=direction(code),
            info=dict(info),
            keyframe=pack(self._last),
        )
        self.on_msg(self._receive)

    def run(self, steps: int) -> Step | None:
        """Train that many steps, and return the last when they are done.

        The numbers are the ones that the live view gets from the same seed.

        Raises:
            Exception: Whatever your model raises.
        """
        return self._live.run(steps)

    def pause(self) -> None:
        """Stop a run that the live view started."""
        self._live.post("pause")

    def reset(self) -> None:
        """Go back to the start: the model's weights, the optimisers, the random numbers."""
        self._live.post("reset")

    @property
    def error(self) -> BaseException | None:
        """What stopped the live run, or None; raise it to see the whole traceback."""
        return self._live.error

    def close(self) -> None:
        """Stop training, end the thread and take the widget off the page."""
        live: LiveRun | None = getattr(self, "_live", None)
        if live is not None:  # None when the constructor refused its arguments
            live.close()
        super().close()

    def _receive(self, _widget: object, content: Mapping[str, Any], _buffers: object) -> None:
        kind = str(content.get("type"))
        arguments = {k: content[k] for k in _MESSAGES.get(kind, ()) if k in content}
        if kind in _MESSAGES:
            self._live.post(kind, **arguments)

    def _ipython_display_(self, **_: object) -> None:
        """Show the live view and, below it, a picture that a saved notebook keeps."""
        data, metadata = repr_mimebundle(self.model_id, self._describe(self._last))
        _display(data, metadata=metadata, raw=True)
        update = self._picture_id is not None
        self._picture_id = self._picture_id or uuid4().hex
        if update:
            self._publish(update=True)
        self._publish(update=False)

    def _publish(self, update: bool) -> None:
        """Put the picture of the last frame on the page, or in the place of the one there."""
        image = base64.b64encode(self._draw(self._last)).decode()
        alt = self._describe(self._last)
        caption = self.words["caption"].format(step=self._last.step)
        figure = (
            f'<figure class="sl-picture" dir="{self.direction}" lang="{self.language}" '
            'style="margin:0">'
            f'<img src="data:image/png;base64,{image}" alt="{html.escape(alt)}">'
            f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        )
        _display(
            {"text/html": figure, "image/png": image, "text/plain": alt},
            metadata={"image/png": {"alt": alt}},
            raw=True,
            display_id=self._picture_id,
            update=update,
        )

    def _settled(self, frame: Keyframe) -> None:
        self._last = frame
        if self._picture_id is not None:
            self._publish(update=True)

    def _draw(self, frame: Keyframe) -> bytes:
        """The frame as a PNG of at most 60 kB."""
        raise NotImplementedError

    def _describe(self, frame: Keyframe) -> str:
        """The frame in one or two sentences."""
        raise NotImplementedError


class _Views:
    """A widget's views as the screen of its live run. Only the worker thread comes here."""

    def __init__(self, widget: LiveWidget) -> None:
        self._widget = widget

    def frame(self, frame: Keyframe) -> None:
        self._widget.send({"type": "frame"}, [pack(frame)])

    def status(self, status: Status) -> None:
        message = status.message
        self._widget.send(
            {
                "type": "status",
                "state": status.state,
                "step": status.step,
                "speed": status.speed,
                "message": message and message.render(self._widget.language),
                "reply": status.reply,
            }
        )

    def settled(self, frame: Keyframe) -> None:
        self._widget._settled(frame)
