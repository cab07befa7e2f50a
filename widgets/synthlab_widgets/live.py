"""LiveRun: a training run that a widget drives and watches.

One worker thread alone touches torch. Whoever wants something puts a command in its queue and
returns at once; the worker trains in short slices, looks at the queue between them, and sends
keyframes as fast as the browser paints them (`synthlab_widgets.flow`). The thread exists only
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
from typing import TYPE_CHECKING, Any

from synthlab.errors import SynthlabError, unknown
from synthlab_widgets.commands import COMMANDS, Job
from synthlab_widgets.flow import Flow
from synthlab_widgets.frames import Keyframe
from synthlab_widgets.pace import SLICE, Pace, responsive
from synthlab_widgets.screen import Screen, Status
from synthlab_widgets.trouble import UNWATCHED, sentence

if TYPE_CHECKING:
    from synthlab.training import Step
    from synthlab.words import Text
    from synthlab_widgets.subject import Subject

#: Seconds of quiet before the ordinary picture is drawn again; it takes longer than a frame.
QUIET = 0.3


class LiveRun:
    """Drive a training run by commands and show it on a screen.

    Args:
        subject: What is trained. Leave it alone while the live run is running.
        screen: Where the run shows itself.
        clock: Seconds that only go forward.

    Attributes:
        subject: What is trained.
        error: What stopped it, or None.
    """

    def __init__(
        self, subject: Subject, screen: Screen, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.subject = subject
        self.error: BaseException | None = None
        self.state = "paused"
        self.pace = Pace(clock)
        self.flow = Flow()
        self.message: Text | None = None
        self.job: Job | None = None
        self._screen, self._clock = screen, clock
        self._last: Keyframe | None = None
        self._replies: dict[str, int] = {}  # by view: the last command of its that was handled
        self._stale = False  # is there something that the views have not been sent?
        self._unsettled = False  # ... and that the lasting picture does not show?
        self._commands: queue.SimpleQueue[tuple[str, Mapping[str, Any]]] = queue.SimpleQueue()
        self._turn = threading.RLock()  # whoever trains or observes holds it
        self._gate = threading.Lock()  # guards the worker's coming and going
        self._worker: threading.Thread | None = None
        self._closed = False
        _LIVE.add(self)

    # What anyone may call, from any thread.

    @property
    def status(self) -> Status:
        """How the run stands."""
        return Status(
            self.state,
            self.subject.index,
            self.subject.end,
            self.pace.speed,
            self.message or self.subject.warning,
            dict(self._replies),
            self.subject.details(),
        )

    def post(self, command: str, **arguments: Any) -> None:
        """Ask the worker for something and return at once; `COMMANDS` lists what there is.

        ``view`` and ``number`` among the arguments say whose command it is, for the reply.
        """
        if command not in COMMANDS:
            raise unknown("There is no command called {name}.", command, COMMANDS)
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
            raise SynthlabError("steps must be 0 or more; it is {steps}.", steps=steps)
        if self._closed:
            raise SynthlabError("This widget is closed. Make a new one to train on.")
        if self._worker is None:
            return self._run_here(steps)
        job = Job(steps)
        self.post("run", job=job)
        return self._wait(job)

    def do(self, act: Callable[[], None]) -> None:
        """Let the worker do something to the subject between two steps, and wait for it."""
        if self._worker is None or threading.current_thread() is self._worker:
            with self._turn:
                act()
            self.touch()
            self._settle_here()
            return
        job = Job(0, act)
        self.post("do", job=job)
        self._wait(job)

    def keyframe(self, still: bool = True) -> Keyframe:
        """A complete picture of the run as it is now."""
        with self._turn:
            seen = self.subject.observe(still)
            self._last = Keyframe(
                index=self._last.index + 1 if self._last else 0,
                step=self.subject.index,
                values=seen.values,
                arrays=seen.arrays,
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

    # What commands use. From here on everything runs in the worker (or, headless, in the caller).

    def advance(self, parts: Collection[str] | None = None) -> None:
        """Make one step."""
        with self._turn:
            step = self.subject.advance(parts)
        if self.job is not None:
            self.job.steps -= 1
            self.job.last = step
        self.touch()

    def change(self, act: Callable[[], None]) -> None:
        """Do something to the subject; what it refuses is told, and nothing is lost."""
        self.message = None
        try:
            with self._turn:
                act()
        except SynthlabError as error:
            self.message = sentence(error, self.subject.index)
        self.touch()

    def touch(self) -> None:
        """There is something new to see."""
        self._stale = self._unsettled = True

    def stand(self, state: str) -> None:
        """Be paused or running, without a message."""
        self.state, self.message, self.error = state, None, None
        self.pace.start(self.subject.index)

    def finish_job(self, error: BaseException | None = None) -> None:
        """Whoever waits for steps waits no longer."""
        job, self.job = self.job, None
        if job is not None:
            job.finish(error)

    def show_again(self) -> None:
        """A view came into sight: it gets the newest picture."""
        if self.state != "failed":
            self._stale = True
        elif self._last is not None:
            self._send(self._last)

    # The worker.

    def _work(self) -> None:
        try:
            with responsive():
                while self._wanted():
                    try:
                        self._turn_once()
                    except (Exception, SystemExit) as error:  # whatever the learner's code raises
                        self._fail(error)
        finally:
            with self._gate:
                if self._worker is threading.current_thread():
                    self._worker = None
            self.finish_job()

    def _wanted(self) -> bool:
        """Whether the worker has anything to do; when not, it is gone in the same breath."""
        with self._gate:
            busy = self.state == "running" or self._unsettled or not self._commands.empty()
            wanted = not self._closed and (busy or self.flow.watched)
            if not wanted:
                self._worker = None
            return wanted

    def _turn_once(self) -> None:
        command = self._next_command()
        while command is not None:
            self._obey(*command)
            command = self._next_command(block=False)
        if self.flow.abandoned(self._clock()) and self.job is None:
            self.flow.forget()
            if self.state == "running":
                self.stand("paused")
                self.message = UNWATCHED
                self._tell()
        if self.state == "running":
            self._slice()
        if self._stale and self.flow.delay(self._clock()) == 0:
            start = self._clock()
            frame = self.keyframe(still=self.state != "running")
            self._send(frame, cost=self._clock() - start)

    def _obey(self, name: str, arguments: Mapping[str, Any]) -> None:
        given = dict(arguments)
        number = given.pop("number", None)
        view = str(given.get("view", ""))
        if name not in ("view", "ack"):
            given.pop("view", None)
        if number is not None:
            self._replies[view] = max(int(number), self._replies.get(view, 0))
        if COMMANDS[name](self, now=self._clock(), **given):
            self._tell()

    def _send(self, frame: Keyframe, cost: float = 0.0) -> None:
        self.flow.sent(frame.index, self._clock(), cost)
        self._screen.frame(frame)

    def _tell(self) -> None:
        self._screen.status(self.status)

    def _next_command(self, block: bool = True) -> tuple[str, Mapping[str, Any]] | None:
        """The next command, waiting for it no longer than there is nothing else to do."""
        wait: float | None = None
        if not block:
            wait = 0.0
        elif self.state == "running":
            wait = self._ahead()
        else:
            if self._stale:
                wait = self.flow.delay(self._clock())
            if self._unsettled:
                wait = QUIET if wait is None else min(wait, QUIET)
            if wait is None and self.flow.watched:
                wait = self.flow.patience(self._clock())
        try:
            return self._commands.get(block=wait != 0, timeout=wait or None)
        except queue.Empty:
            if block and self._unsettled and self.state != "running":
                self._settle()
            return None

    def _settle(self) -> None:
        """Make the picture that lasts, unless a newer frame is about to go out first."""
        if self._stale:
            if self.flow.delay(self._clock()) is not None:
                return
            self.keyframe()
            self._stale = True  # a view that comes back has not seen it
        self._unsettled = False
        if self._last is not None:
            self._screen.settled(self._last)

    def _ahead(self) -> float:
        free = self.job is not None or self.subject.goal is not None
        return 0.0 if free else self.pace.ahead(self.subject.index)

    def _slice(self) -> None:
        start = self._clock()
        due = self.flow.delay(start)  # the next frame does not wait for the end of a slice
        end = start + (SLICE if due is None else min(SLICE, due))
        loading = self.subject.goal is not None
        while self.state == "running" and self._ahead() == 0:
            self.advance()
            done = self.job is not None and self.job.steps == 0
            if done or (loading and self.subject.goal is None):
                self.finish_job()
                self.stand("paused")
                self._tell()
            if self._clock() >= end:
                break

    def _run_here(self, steps: int) -> Step | None:
        step = None
        with self._turn:
            for _ in range(steps):
                step = self.subject.advance()
        self.touch()
        self._settle_here()
        return step

    def _settle_here(self) -> None:
        if self._worker is None:
            self._settle()

    def _fail(self, error: BaseException) -> None:
        """Stop with a message. The last picture stays: to draw again might fail again."""
        self.state, self.error = "failed", error
        self.message = sentence(error, self.subject.index)
        self._stale = False
        self.finish_job(error)
        self._tell()

    def _wait(self, job: Job) -> Step | None:
        try:
            job.done.wait()
        except KeyboardInterrupt:
            self.post("pause")
            raise
        if job.error is not None:
            raise job.error
        return job.last


_LIVE: weakref.WeakSet[LiveRun] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    """Torch must not compute while the interpreter takes itself apart."""
    for live in list(_LIVE):
        live.close()
