"""A bound on what the grader itself may allocate while it computes with what a kernel sent."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator

import psutil


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
