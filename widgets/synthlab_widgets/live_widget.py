"""LiveWidget: the base of every widget over a training run."""

from __future__ import annotations

import base64
import html
import importlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import traitlets
from anywidget._util import repr_mimebundle
from IPython.display import display

from synthlab import guide as guides
from synthlab.training import Step
from synthlab_widgets.commands import ASKED
from synthlab_widgets.frames import Keyframe, pack
from synthlab_widgets.live import LiveRun
from synthlab_widgets.page import STATIC, PageWidget, chosen
from synthlab_widgets.recording import Recording, save_page
from synthlab_widgets.screen import Status
from synthlab_widgets.subject import Subject, ask

_display: Callable[..., Any] = display


class LiveWidget(PageWidget):
    """A picture of a training run that the reader can run, pause, step and reset.

    What a frame looks like on paper, and in words, say ``draw`` and ``summary`` of the module
    ``picture`` in its folder.

    Args:
        subject: What is trained and shown.
        info: What the browser needs to know once.
        language: Code of a language of the course; None for the reader's.
        guide: The unit whose guided pages stand beside the picture.
    """

    info = traitlets.Dict().tag(sync=True)
    keyframe = traitlets.Bytes().tag(sync=True)  # the first one, so that a view starts with it
    recording = traitlets.Bytes().tag(sync=True)  # empty: this run is live

    def __init__(
        self,
        subject: Subject,
        *,
        info: Mapping[str, Any] | None = None,
        language: str | None = None,
        guide: str | None = None,
    ) -> None:
        code = chosen(language)
        pages = guides.translated(guide, code) if guide is not None else []
        self._live = LiveRun(subject, _Views(self))
        self._last = self._live.keyframe()
        self._picture_id: str | None = None
        self._picture: Any = importlib.import_module(f"synthlab_widgets.{self._folder}.picture")
        super().__init__(code, info={**(info or {}), "guide": pages}, keyframe=pack(self._last))
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
        self._live.do(self._live.subject.reset)

    def set(self, name: str, value: Any) -> None:
        """Change a setting, as the controls on the screen do.

        Raises:
            SynthlabError: For a setting that does not exist or a value that it cannot have.
        """
        self._live.do(lambda: ask(self._live.subject, "set", name, value))

    def rewind(self, to: int) -> None:
        """Go back to a step, or forward again to one where the run has been.

        Raises:
            SynthlabError: When it has not been there.
        """
        self._live.do(lambda: self._live.subject.rewind(to))

    def record(self, steps: int, every: int = 20) -> Recording:
        """Train that many steps and keep a picture of every so many, the first and the last.

        The recording plays without a kernel: in a `Replay`, or on a page (`save_page`).
        """
        frames, status = [], []
        for step in range(0, steps + 1):
            if step > 0:
                self._live.run(1)
            if step % every == 0 or step == steps:
                frames.append(self._live.keyframe())
                status.append(dict(self._live.subject.details()))
        return Recording(
            self._folder,
            dict(self.info),
            tuple(pack(frame) for frame in frames),
            tuple(frame.step for frame in frames),
            tuple(status),
        )

    def save_page(self, path: str | Path, recording: Recording) -> None:
        """Write a page that plays a recording in any browser, without Jupyter.

        Raises:
            SynthlabError: When the file cannot be written.
        """
        traits = {name: getattr(self, name) for name in ("words", "language", "direction")}
        module, style = (
            (STATIC / f"{recording.widget}.{kind}").read_text(encoding="utf-8")
            for kind in ("js", "css")
        )
        save_page(path, recording.page(self.words["title"], traits, module, style))

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
        if kind in ASKED:
            allowed = ("view", "number", *ASKED[kind])
            self._live.post(kind, **{k: content[k] for k in allowed if k in content})

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
        drawn: bytes = self._picture.draw(frame, self.words)
        return drawn

    def _describe(self, frame: Keyframe) -> str:
        """The frame in a few sentences: what it says, and what the picture shows."""
        return f"{self._picture.summary(frame, self.words)} {self.words['alt']}"


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
                "end": status.end,
                "speed": status.speed,
                "message": message and message.render(self._widget.language),
                "replies": dict(status.replies),
                "details": dict(status.details),
            }
        )

    def settled(self, frame: Keyframe) -> None:
        self._widget._settled(frame)
