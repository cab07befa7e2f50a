"""LiveRun: a training run that a widget drives and watches.

One worker thread alone touches torch. Whoever wants something puts a command in its queue and
returns at once; the worker trains in short slices, looks at the queue between them, and sends
keyframes as fast as the browser paints them (`synthlab_widgets.link`). The thread exists only
while there is something to do: a view on screen or a run under way.

Without a view there is no thread at all: `LiveRun.run` trains in the caller's own thread. Both
ways use the same steps and the same generator, so the same seed gives the same numbers.
"""

from __future__ import annotations

import atexit
import queue
import threading
import time
import weakref
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from synthlab.errors import SynthlabError, unknown
from synthlab_widgets.frames import Keyframe
from synthlab_widgets.history import LossHistory
from synthlab_widgets.link import Link
from synthlab_widgets.screen import Observation, Screen, Status
from synthlab_widgets.trouble import sentence

if TYPE_CHECKING:
    from synthlab.training import Run, Step
    from synthlab.words import Text

#: Seconds of training between two looks at the queue: Pause acts within this time.
SLICE = 0.025
#: Seconds of quiet before the ordinary picture is drawn again; it takes longer than a frame.
QUIET = 0.3


@dataclass
class _Job:
    """Steps that somebody waits for."""

    steps: int
    done: threading.Event = field(default_factory=threading.Event)
    last: Step | None = None
    error: BaseException | None = None


class LiveRun:
    """Drive a training run by commands and show it on a screen.

    Args:
        training: The run, usually without an end. What it is now is where `reset` leads.
        observe: Makes an observation of the run; it must leave the run as it was.
        screen: Where the run shows itself.
        clock: Seconds that only go forward.

    Attributes:
        training: The run. Leave it alone while the live run is running.
        history: Its losses so far.
        error: What stopped it, or None.
    """

    def __init__(
        self,
        training: Run,
        observe: Callable[[Run], Observation],
        screen: Screen,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.training = training
        self.history = LossHistory()
        self.error: BaseException | None = None
        self._observe, self._screen, self._clock = observe, screen, clock
        self._initial = training.state_dict()
        self._link = Link()
        self._last: Keyframe | None = None
        self._state, self._speed = "paused", 0.0
        self._message: Text | None = None
        self._job: _Job | None = None
        self._stale = False  # is there something that the views have not been sent?
        self._unsettled = False  # ... and that the lasting picture does not show?
        self._pace = (0.0, 0)  # the time and the step from which the speed counts
        self._commands: queue.SimpleQueue[tuple[str, Mapping[str, Any]]] = queue.SimpleQueue()
        self._turn = threading.Lock()  # whoever trains or observes holds it
        self._gate = threading.Lock()  # guards the worker's coming and going
        self._worker: threading.Thread | None = None
        self._closed = False
        _LIVE.add(self)

    # What anyone may call, from any thread.

    @property
    def status(self) -> Status:
        """How the run stands."""
        return Status(self._state, self.training.index, self._speed, self._message)

    def post(self, command: str, **arguments: Any) -> None:
        """Ask the worker for something and return at once.

        Commands are ``run``, ``pause``, ``step(parts)``, ``reset``, ``set(name, value)``, and
        from a view ``view(view, state)`` and ``ack(view, frame)``.
        """
        if command not in _COMMANDS:
            raise unknown("command", command, _COMMANDS)
        with self._gate:
            if self._closed:
                return
            self._commands.put((command, arguments))
            if self._worker is None:
                self._worker = threading.Thread(
                    target=self._work, name="synthlab-live", daemon=True
                )
                self._worker.start()

    def run(self, steps: int) -> Step | None:
        """Train that many steps and return the last; an error of your code comes out of here.

        Ctrl+C, the stop button, ends it after the step at hand.
        """
        if steps < 0:
            raise SynthlabError(f"steps must be 0 or more; it is {steps}.")
        if self._closed:
            raise SynthlabError("This widget is closed. Make a new one to train on.")
        if self._worker is None:
            return self._run_here(steps)
        job = _Job(steps)
        self.post("run", job=job)
        try:
            job.done.wait()
        except KeyboardInterrupt:
            self.post("pause")
            raise
        if job.error is not None:
            raise job.error
        return job.last

    def keyframe(self) -> Keyframe:
        """A complete picture of the run as it is now."""
        with self._turn:
            seen = self._observe(self.training)
            losses = self.history.series()
            self._last = Keyframe(
                index=self._last.index + 1 if self._last else 0,
                step=self.training.index,
                values={**seen.values, "losses": list(losses)},
                arrays={**seen.arrays, **{f"loss:{name}": losses[name] for name in losses}},
            )
            self._stale = False
            return self._last

    def close(self) -> None:
        """Stop for good and wait for the worker to end."""
        with self._gate:
            self._closed = True
            worker = self._worker
            self._commands.put(("pause", {}))  # wakes the worker up
        if worker is not None and worker is not threading.current_thread():
            worker.join(timeout=5)
        _LIVE.discard(self)

    # The worker. All that follows runs in its thread (or, for _train, in the caller's of `run`).

    def _work(self) -> None:
        try:
            while self._wanted():
                try:
                    self._turn_once()
                except (Exception, SystemExit) as error:  # whatever the learner's code raises
                    self._fail(error)
        finally:
            with self._gate:
                if self._worker is threading.current_thread():
                    self._worker = None
            self._finish_job()

    def _wanted(self) -> bool:
        """Whether the worker has anything to do; when not, it is gone in the same breath."""
        with self._gate:
            busy = self._state == "running" or self._unsettled or not self._commands.empty()
            wanted = not self._closed and (busy or self._link.watched)
            if not wanted:
                self._worker = None
            return wanted

    def _turn_once(self) -> None:
        command = self._next_command()
        while command is not None:
            name, arguments = command
            _COMMANDS[name](self, **arguments)
            command = self._next_command(block=False)
        if self._state == "running":
            self._slice()
        if self._stale and self._link.delay(self._clock()) == 0:
            start = self._clock()
            frame = self.keyframe()
            self._send(frame, cost=self._clock() - start)

    def _send(self, frame: Keyframe, cost: float = 0.0) -> None:
        self._link.sent(frame.index, self._clock(), cost)
        self._screen.frame(frame)

    def _next_command(self, block: bool = True) -> tuple[str, Mapping[str, Any]] | None:
        """The next command, waiting for it no longer than there is nothing else to do."""
        wait: float | None = None
        if not block:
            wait = 0.0
        elif self._state == "running":
            wait = self._ahead()
        else:
            if self._stale:
                wait = self._link.delay(self._clock())
            if self._unsettled:
                wait = QUIET if wait is None else min(wait, QUIET)
        try:
            return self._commands.get(block=wait != 0, timeout=wait or None)
        except queue.Empty:
            if block and self._unsettled and self._state != "running":
                self._settle()
            return None

    def _settle(self) -> None:
        """Make the picture that lasts, unless a newer frame is about to go out first."""
        if self._stale:
            if self._link.delay(self._clock()) is not None:
                return
            self.keyframe()
            self._stale = True  # a view that comes back has not seen it
        self._unsettled = False
        if self._last is not None:
            self._screen.settled(self._last)

    def _ahead(self) -> float:
        """Seconds by which the run is ahead of its speed; at most one slice."""
        if self._speed == 0 or self._job is not None:
            return 0.0
        since, step = self._pace
        due = since + (self.training.index - step) / self._speed
        return min(max(0.0, due - self._clock()), SLICE)

    def _slice(self) -> None:
        end = self._clock() + SLICE
        while self._state == "running" and self._ahead() == 0:
            self._advance()
            if self._job is not None and self._job.steps == 0:
                self._finish_job()
                self._pause()
            if self._clock() >= end:
                break

    def _advance(self, parts: Collection[str] | None = None) -> None:
        with self._turn:
            step = self._train(parts)
        if self._job is not None:
            self._job.steps -= 1
            self._job.last = step
        self._touch()

    def _train(self, parts: Collection[str] | None = None) -> Step:
        step = self.training.advance(parts)
        self.history.add(step.index, step.losses)
        return step

    def _run_here(self, steps: int) -> Step | None:
        step = None
        with self._turn:
            for _ in range(steps):
                step = self._train()
        self._touch()
        if self._worker is None:
            self._settle()
        return step

    def _touch(self) -> None:
        self._stale = self._unsettled = True

    def _tell(self, reply: int | None = None) -> None:
        status = Status(self._state, self.training.index, self._speed, self._message, reply)
        self._screen.status(status)

    def _fail(self, error: BaseException) -> None:
        """Stop with a message. The last picture stays: to draw again might fail again."""
        self._state, self.error = "failed", error
        self._message = sentence(error, self.training.index)
        self._stale = False
        self._finish_job(error)
        self._tell()

    def _finish_job(self, error: BaseException | None = None) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.error = error
            job.done.set()

    def _pause(self, reply: int | None = None) -> None:
        self._finish_job()
        if self._state == "running":
            self._state = "paused"
        self._tell(reply)

    def _run(self, reply: int | None = None, job: _Job | None = None) -> None:
        self._finish_job()
        self._state, self._message, self.error = "running", None, None
        self._pace = (self._clock(), self.training.index)
        self._job = job
        if job is not None and job.steps == 0:
            self._pause()
        self._tell(reply)

    def _step(self, reply: int | None = None, parts: Collection[str] | None = None) -> None:
        self._finish_job()
        self._state, self._message, self.error = "paused", None, None
        self._advance(parts)
        self._tell(reply)

    def _reset(self, reply: int | None = None) -> None:
        self._finish_job()
        with self._turn:
            self.training.load_state_dict(self._initial)
            self.history.clear()
        self._state, self._message, self.error = "paused", None, None
        self._touch()
        self._tell(reply)

    def _set(self, name: str, value: Any, reply: int | None = None) -> None:
        if name == "speed":
            self._speed = max(0.0, float(value))
            self._pace = (self._clock(), self.training.index)
        self._tell(reply)

    def _view(self, view: str, state: str) -> None:
        if state == "visible":
            self._link.appear(view, self._clock())
            self._tell()
            if self._state != "failed":
                self._stale = True
            elif self._last is not None:
                self._send(self._last)
        elif state == "hidden":
            self._link.hide(view)
        else:
            self._link.leave(view)
            if not self._link.watched and self._job is None:
                self._pause()

    def _ack(self, view: str, frame: int) -> None:
        self._link.painted(view, frame, self._clock())


_COMMANDS: Mapping[str, Callable[..., None]] = {
    "run": LiveRun._run,
    "pause": LiveRun._pause,
    "step": LiveRun._step,
    "reset": LiveRun._reset,
    "set": LiveRun._set,
    "view": LiveRun._view,
    "ack": LiveRun._ack,
}

_LIVE: weakref.WeakSet[LiveRun] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Torch must not compute while the interpreter takes itself apart."""
    for live in list(_LIVE):
        live.close()
