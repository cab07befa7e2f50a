"""Limits of what a submission may use, and the walls around it."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from dataclasses import dataclass, field, fields

import psutil

_MB = 2**20


@dataclass(frozen=True)
class Limits:
    """What one submission may use; more costs it the question at hand.

    Attributes:
        memory: Bytes of memory of all its processes together, files in memory included.
        processes: Processes and threads at once.
        disk: Bytes of each of its private folders, which lie in memory.
        file: Bytes of one file.
        files: Open files of a process.
        cpu: Seconds of processor time of a process.
        output: Bytes of output that a cell may send.
        cell: Seconds that a cell may run. A check has a shorter limit of its own.
        total: Seconds that the whole notebook may run.
        calls: Calls that one check may make.
        message: Bytes of the largest part of a message that is read from the kernel.
        grader: Bytes by which the grader's own process may grow while it listens to the kernel.
    """

    memory: int = 3000 * _MB
    processes: int = 256
    disk: int = 256 * _MB
    file: int = 128 * _MB
    files: int = 512
    cpu: int = 600
    output: int = 5_000_000
    cell: float = 120.0
    total: float = 900.0
    calls: int = 10_000
    message: int = 160 * _MB
    grader: int = 1500 * _MB


@dataclass(frozen=True)
class Walls:
    """Which defences stand. All of them do; the attack corpus takes one away at a time.

    A corpus in which an attack fails proves nothing while nobody has seen it succeed. So every
    wall can be left out on purpose, one by one, by our own tests and by nothing else.

    Attributes:
        network: A network of its own, without any interface but an unconnected loopback.
        processes: Process ids of its own; the processes outside are not there.
        ipc: System V and POSIX message queues and shared memory of its own.
        files: Only the system's libraries, read-only, and its own folder are there.
        settings: The settings of the system's kernel, in /proc/sys, cannot be written.
        calls: Calls that no namespace keeps apart are refused; see `calls`.
        environment: Nothing of the grader's environment is there.
        privileges: No capability, and no way to get one.
        descriptors: No open file of the grader's is handed on.
        library: The library's own answer to the exercise cannot be imported.
    """

    network: bool = True
    processes: bool = True
    ipc: bool = True
    files: bool = True
    settings: bool = True
    calls: bool = True
    environment: bool = True
    privileges: bool = True
    descriptors: bool = True
    library: bool = True

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the walls that do not stand."""
        return tuple(f.name for f in fields(self) if not getattr(self, f.name))


@dataclass(frozen=True)
class Host:
    """What of this machine a sandbox without its ``files`` wall shows; for tests alone."""

    readable: tuple[str, ...] = field(default=())
    writable: tuple[str, ...] = field(default=())


@contextlib.contextmanager
def bounded(growth: int) -> Iterator[None]:
    """Let this process allocate ``growth`` bytes more; beyond that, MemoryError is raised.

    Two arrays of a megabyte that do not fit together can broadcast to one of a terabyte. Linux
    alone; elsewhere there is no sandbox either.
    """
    used = getattr(psutil.Process().memory_info(), "data", None)
    before, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if used is None or (hard != resource.RLIM_INFINITY and used + growth > hard):
        yield
        return
    resource.setrlimit(resource.RLIMIT_DATA, (used + growth, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, hard))
