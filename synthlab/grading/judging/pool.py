"""A pool of judges: jobs in, what came of them out, in whatever order.

A worker is a process of its own with a warm parent of its own. When one ends (it ran out of memory,
somebody killed it), the others' work is kept and what was under way is judged again, once; a
submission under way at two such ends is given up and said so.
"""

from __future__ import annotations

import concurrent.futures as futures
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from typing import Any

from synthlab.errors import SynthlabError
from synthlab.grading.judging.job import Job, Judged

#: How many ends of a worker a job may be under way at.
_PATIENCE = 2

#: Makes a job, late: a class has more notebooks than memory needs to hold.
Make = Callable[[], Job]


def run_job(job: dict[str, Any]) -> dict[str, Any]:
    """Judge one submission: a plain function of plain data, for a pool or a cluster."""
    from synthlab.grading.judging.judge import judge

    return asdict(judge(Job(**job)))


def _begin(unit: str, sandboxed: bool) -> None:
    """Make a worker ready before the first job: import, and start the warm parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that leads
    from synthlab.checks.registry import load_unit
    from synthlab.grading.judging import judge  # noqa: F401 - imported for later
    from synthlab.grading.sandbox import warm
    from synthlab.grading.sandbox.limits import Walls

    load_unit(unit)
    if sandboxed:
        warm.parent(unit, Walls())


def here(unit: str, sandboxed: bool, jobs: int) -> futures.Executor:
    """Judges in this process, one after another; for tests and for a debugger."""
    return _Here()


def processes(unit: str, sandboxed: bool, jobs: int) -> futures.Executor:
    """Judges in ``jobs`` processes."""
    return futures.ProcessPoolExecutor(
        jobs,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(unit, sandboxed),
    )


class _Here(futures.Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> futures.Future[Any]:
        done: futures.Future[Any] = futures.Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


def judge_all(
    todo: Sequence[tuple[str, Make]],
    unit: str,
    *,
    jobs: int | None = None,
    sandboxed: bool = True,
    executor: Callable[[str, bool, int], futures.Executor] = processes,
) -> Iterator[tuple[str, Judged | Exception]]:
    """Judge submissions, several at once.

    Args:
        todo: Names, each with a function that makes its job.
        unit: The unit that all of them belong to.
        jobs: How many at once; as many as there are processors by default.
        sandboxed: Whether they are judged in a sandbox.
        executor: Makes the pool.

    Yields:
        Each name with what came of it, as soon as it is there. An exception stands for a job
        that could not be made or was given up.
    """
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(todo)))
    waiting, ends = deque(todo), dict.fromkeys((name for name, _ in todo), 0)
    while waiting:
        pool = executor(unit, sandboxed, jobs)
        running: dict[futures.Future[Any], tuple[str, Make]] = {}
        try:
            while waiting or running:
                while waiting and len(running) <= jobs:  # one more, so that nobody waits for us
                    name, make = waiting.popleft()
                    try:
                        running[pool.submit(run_job, asdict(make()))] = (name, make)
                    except BrokenProcessPool:
                        waiting.appendleft((name, make))
                        raise
                    except (OSError, ValueError, SynthlabError) as error:
                        yield name, error
                done, _ = futures.wait(running, return_when=futures.FIRST_COMPLETED)
                for future in done:
                    end = future.exception()
                    if isinstance(end, BrokenProcessPool):
                        raise end
                    name, _ = running.pop(future)
                    yield name, _outcome(future)
        except BrokenProcessPool:
            for name, make in running.values():
                ends[name] += 1
                if ends[name] < _PATIENCE:
                    waiting.append((name, make))
                else:
                    yield name, SynthlabError("its judge ended twice while it was judged")
        finally:
            _stop(pool)


def _outcome(future: futures.Future[Any]) -> Judged | Exception:
    error = future.exception()
    if error is None:
        return Judged(**future.result())
    if isinstance(error, Exception):
        return error
    raise error


def _stop(pool: futures.Executor) -> None:
    """End a pool at once, with whatever is under way."""
    workers = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()
