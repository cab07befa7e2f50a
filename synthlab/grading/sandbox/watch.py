"""A watch over a submission's limits from outside, which says which one it broke.

A control group (`cgroup`) keeps memory and processes exactly where one can be made. This watch
reads the same figures ten times a second everywhere, ends the box when one is too large, and
remembers why the kernel ended. It also looks at the clock and at the grader itself: a kernel that
sends messages faster than they are read keeps the thread that reads them from looking up.
"""

from __future__ import annotations

import contextlib
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from synthlab.grading.sandbox.limits import Limits

Cause = Literal["memory", "processes", "cpu", "output", "timeout"]

#: Seconds between two looks.
_EVERY = 0.1
#: The share of the machine's memory that is never given away.
_SPARE = 0.04
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Use:
    """What the processes of a submission use.

    Attributes:
        memory: Bytes that they hold in memory, those they share counted once for each, and
            files in memory that they hold open (memfd), which need not be mapped by anybody.
        processes: Processes and threads.
        cpu: Seconds of processor time of the living.
    """

    memory: int
    processes: int
    cpu: float


class Watch(threading.Thread):
    """Watches the processes below some roots until `stop`, or until a limit is broken.

    Args:
        roots: Process ids; what they have started, and what those have started, counts.
        limits: What they may use.
        end: Called once, from this thread, when they use more.
    """

    def __init__(self, roots: tuple[int, ...], limits: Limits, end: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._roots, self._limits, self._end = roots, limits, end
        self._over = threading.Event()
        self._own = _own_memory()
        #: The limit that was broken, if one was.
        self.cause: Cause | None = None
        #: When the box is ended, whatever it is doing: on the clock of `time.monotonic`.
        self.deadline = math.inf

    def run(self) -> None:
        """Look, compare, wait; see `threading.Thread.run`."""
        while not self._over.wait(_EVERY):
            self.cause = self._broken(used(self._roots))
            if self.cause is not None:
                self._end()
                return

    def stop(self) -> None:
        """End the watch, and wait until it has ended."""
        self._over.set()
        if threading.current_thread() is not self:
            self.join()

    def _broken(self, use: Use) -> Cause | None:
        if time.monotonic() > self.deadline:
            return "timeout"
        if _own_memory() - self._own > self._limits.grader:
            return "output"
        if use.processes > self._limits.processes:
            return "processes"
        if use.memory > self._limits.memory or _spare() < _SPARE:
            return "memory"
        return "cpu" if use.cpu > self._limits.cpu else None


def used(roots: tuple[int, ...]) -> Use:
    """What the processes below these roots use now."""
    memory = processes = 0
    cpu = 0.0
    files: dict[int, int] = {}
    for pid in _tree(roots):
        with contextlib.suppress(OSError, ValueError, LookupError):
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
            rows = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
            processes += int(rows["Threads"])
            for kind in ("RssAnon", "RssShmem"):
                memory += int(rows.get(kind, "0 kB").split()[0]) * 1024
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
            fields = stat.rpartition(")")[2].split()
            cpu += (int(fields[11]) + int(fields[12])) / _TICKS
            files |= _files_in_memory(pid)
    memory += sum(files.values())
    return Use(memory, processes, cpu)


def _files_in_memory(pid: int) -> dict[int, int]:
    """The size of every memfd that a process holds open, by its inode."""
    found = {}
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                if os.readlink(link).startswith("/memfd:"):  # noqa: PTH115 - need not exist
                    about = link.stat()
                    found[about.st_ino] = about.st_blocks * 512
    return found


def _tree(roots: tuple[int, ...]) -> Iterator[int]:
    waiting, seen = list(roots), set(roots)
    while waiting:
        pid = waiting.pop()
        yield pid
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                # A process that ends while we read has no file any more.
                with contextlib.suppress(OSError):
                    text = (task / "children").read_text(encoding="ascii")
                    children = {int(child) for child in text.split()} - seen
                    seen |= children
                    waiting += children


def _own_memory() -> int:
    """Bytes of memory that this process holds: what is sent to it and not yet read counts."""
    return int(psutil.Process().memory_info().rss)


def _spare() -> float:
    """The share of the machine's memory that is available."""
    memory = psutil.virtual_memory()
    return float(memory.available / memory.total)
