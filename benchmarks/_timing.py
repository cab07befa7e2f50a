"""Fair timing: interleaved, so that whatever slows the machine slows all the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping


def interleaved(
    functions: Mapping[str, Callable[[], object]],
    repeats: int = 30,
    warm_ups: int = 3,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, list[float]]:
    """Time the functions in turn, ``repeats`` times; seconds by name, in order of time.

    Args:
        functions: What to time, by name.
        repeats: Kept measurements of each.
        warm_ups: Rounds before that, which are thrown away.
        clock: What is read before and after; `time.thread_time` leaves out what others do.
    """
    seconds: dict[str, list[float]] = {name: [] for name in functions}
    for turn in range(-warm_ups, repeats):
        for name, function in functions.items():
            start = clock()
            function()
            if turn >= 0:
                seconds[name].append(clock() - start)
    return seconds
