"""Pace of a live run: so many steps a second, or as many as there can be."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: Seconds of training between two looks at the queue: Pause acts within this time.
SLICE = 0.01
#: Seconds after which Python lets another thread in while a worker trains: at its usual 5 ms
#: every hop of a frame or a command through the kernel's own threads waits that long.
SWITCH = 0.0005

_gate = threading.Lock()
_workers = 0
_usual = sys.getswitchinterval()


@contextmanager
def responsive() -> Iterator[None]:
    """Let other threads in quickly while any worker trains; afterwards as before."""
    global _workers, _usual
    with _gate:
        if _workers == 0:
            _usual = sys.getswitchinterval()
            sys.setswitchinterval(min(SWITCH, _usual))
        _workers += 1
    try:
        yield
    finally:
        with _gate:
            _workers -= 1
            if _workers == 0:
                sys.setswitchinterval(_usual)


class Pace:
    """Says when the next step is due.

    Args:
        clock: Seconds that only go forward.

    Attributes:
        speed: Steps in a second at most; 0 for as many as there can be.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.speed = 0.0
        self._clock = clock
        self._since, self._step = 0.0, 0

    def start(self, step: int) -> None:
        """Count from this step, from now on."""
        self._since, self._step = self._clock(), step

    def ahead(self, step: int) -> float:
        """Seconds by which a run at this step is ahead of its speed; at most one slice."""
        if self.speed == 0:
            return 0.0
        due = self._since + (step - self._step) / self.speed
        return min(max(0.0, due - self._clock()), SLICE)
