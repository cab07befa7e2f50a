"""How fast a live run goes: so many steps a second, or as many as there can be."""

from __future__ import annotations

from collections.abc import Callable

#: Seconds of training between two looks at the queue: Pause acts within this time.
SLICE = 0.01


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
