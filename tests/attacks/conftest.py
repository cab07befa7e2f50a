"""The corpus, judged by two processes at once."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

import pytest

from .runner import ROOT, Outcome, attempt

#: What a test asks for: an attack's id, and whether its defence stands.
Ask = Callable[[str, bool], Outcome]


@pytest.fixture(scope="session")
def judged(request: pytest.FixtureRequest) -> Iterator[Ask]:
    """What came of an attack; all that were selected are judged meanwhile."""
    asked = [
        (item.callspec.params["name"], item.callspec.params["defended"])
        for item in request.session.items
        if "judged" in getattr(item, "fixturenames", ()) and hasattr(item, "callspec")
    ]
    sys.path[:] = [str(ROOT), *(p for p in sys.path if p != str(ROOT))]  # for the workers
    workers = min(2, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        # Those that share a warm parent come together.
        asked.sort(key=lambda a: not a[1])
        running: dict[tuple[str, bool], Future[dict[str, Any]]] = {
            key: pool.submit(attempt, *key) for key in asked
        }
        yield lambda name, defended: Outcome(**running[name, defended].result())
        for future in running.values():
            future.cancel()
