"""Transport of frames between the judge and the learner's side.

A transport carries one frame there and one frame back. `LocalTransport` calls an `Executor` in
this process, with every value still encoded and decoded on the way, so that a check cannot tell
it from a transport that ends in a sandboxed kernel.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from synthlab.checks.executor import Executor
from synthlab.checks.faults import TimedOut

#: The alarm repeats, in seconds, so that code which swallows it once meets it again.
_REPEAT = 0.5


class Transport(Protocol):
    """Carries frames to an `Executor`, wherever it runs."""

    def request(self, frame: bytes, seconds: float) -> bytes:
        """Send a frame and wait for the reply.

        Args:
            frame: What `wire.encode` made.
            seconds: How long to wait at most.

        Raises:
            TimedOut: When no reply came in time. A transport that cannot be spoken to after
                that ends its process, and raises `Crashed` from then on.
            Crashed: When the other side has ended.
        """
        ...


class LocalTransport:
    """Runs the learner's code in this process.

    In the main thread a time limit interrupts running Python code by SIGALRM. A single long
    call into C is interrupted when it returns. In other threads, and where SIGALRM does not
    exist, the limit is noticed between two calls.

    Args:
        namespace: Where the learner's names are looked up.
    """

    def __init__(self, namespace: Mapping[str, object]) -> None:
        self._executor = Executor(namespace)

    def request(self, frame: bytes, seconds: float) -> bytes:
        """Answer a frame in this process; see `Transport.request`."""
        with _time_limit(seconds):
            return self._executor.handle(frame)


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    main = threading.current_thread() is threading.main_thread()
    if not main or not hasattr(signal, "SIGALRM"):
        yield
        return

    def strike(number: int, frame: Any) -> None:
        raise TimedOut

    before = signal.signal(signal.SIGALRM, strike)
    left, interval = signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3), _REPEAT)
    try:
        yield
    finally:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
        finally:  # an alarm may strike one last time while it is switched off
            signal.signal(signal.SIGALRM, before)
        if left:  # somebody else's alarm: it goes on, late by the time that passed here
            signal.setitimer(signal.ITIMER_REAL, left, interval)
