"""Commands to a live run, by name. Only its worker thread comes here.

Every command takes the live run, the time, and what the view said with it. It returns whether
the views are to be told how the run stands now.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from synthlab_widgets.flow import HIDDEN, VISIBLE
from synthlab_widgets.subject import ask

if TYPE_CHECKING:
    from synthlab.training import Step
    from synthlab_widgets.live import LiveRun


@dataclass
class Job:
    """Steps, or something else to be done between two steps, that somebody waits for."""

    steps: int
    act: Callable[[], None] | None = None
    done: threading.Event = field(default_factory=threading.Event)
    last: Step | None = None
    error: BaseException | None = None

    def finish(self, error: BaseException | None = None) -> None:
        """Let whoever waits go on, perhaps with an error."""
        self.error = error
        self.done.set()


def _run(live: LiveRun, now: float, job: Job | None = None) -> bool:
    live.finish_job()
    live.stand("running")
    live.job = job
    if job is not None and job.steps == 0:
        live.finish_job()
        live.stand("paused")
    return True


def _pause(live: LiveRun, now: float) -> bool:
    live.finish_job()
    if live.state == "running":
        live.state = "paused"
        live.touch()  # what stands still is looked at closely
    return True


def _step(live: LiveRun, now: float, parts: Collection[str] | None = None) -> bool:
    live.finish_job()
    live.stand("paused")
    live.advance(parts)
    return True


def _reset(live: LiveRun, now: float) -> bool:
    live.finish_job()
    live.stand("paused")
    live.change(live.subject.reset)
    return True


def _rewind(live: LiveRun, now: float, to: int) -> bool:
    live.finish_job()
    live.stand("paused")
    live.change(lambda: live.subject.rewind(int(to)))
    return True


def _set(live: LiveRun, now: float, name: str, value: Any) -> bool:
    if name == "speed":
        live.pace.speed = max(0.0, float(value))
        live.pace.start(live.subject.index)
        return True
    if live.state == "failed":
        live.stand("paused")
    live.change(lambda: ask(live.subject, "set", name, value))
    live.pace.start(live.subject.index)
    return True


def _branch(live: LiveRun, now: float, action: str) -> bool:
    live.change(lambda: ask(live.subject, "branch", action))
    return True


def _load(live: LiveRun, now: float, text: str) -> bool:
    live.finish_job()
    live.stand("paused")
    live.change(lambda: ask(live.subject, "load", text))
    if live.subject.goal is not None:
        live.state = "running"
    return True


def _do(live: LiveRun, now: float, job: Job) -> bool:
    """Something that Python asked for; its errors go back there."""
    error: BaseException | None = None
    try:
        if job.act is not None:
            job.act()
    except Exception as raised:
        error = raised
    live.touch()
    job.finish(error)
    return True


def _view(live: LiveRun, now: float, view: str, state: str) -> bool:
    if state == VISIBLE:
        live.flow.appear(view, now)
        live.show_again()
        return True
    if state == HIDDEN:
        live.flow.hide(view, now)
        return True
    live.flow.leave(view)
    if not live.flow.watched and live.job is None:
        return _pause(live, now)
    return False


def _ack(live: LiveRun, now: float, view: str, frame: int) -> bool:
    live.flow.painted(view, frame, now)
    return False


COMMANDS: Mapping[str, Callable[..., bool]] = {
    "run": _run,
    "pause": _pause,
    "step": _step,
    "reset": _reset,
    "rewind": _rewind,
    "set": _set,
    "branch": _branch,
    "load": _load,
    "do": _do,
    "view": _view,
    "ack": _ack,
}

#: What a view may ask for, and what it may say with it.
ASKED: Mapping[str, tuple[str, ...]] = {
    "run": (),
    "pause": (),
    "step": ("parts",),
    "reset": (),
    "rewind": ("to",),
    "set": ("name", "value"),
    "branch": ("action",),
    "load": ("text",),
    "view": ("state",),
    "ack": ("frame",),
}
