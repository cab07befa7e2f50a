"""Running a learner's notebook in the sandbox: the server's side of `synthlab.server.judging`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab import manifest
from synthlab.errors import SynthlabError
from synthlab.server.kernel import CELL_LIMIT, Report

#: Bytes of one answer: the outputs of a cell are at most 5 MB, and JSON may double them.
_LINE = 1 << 25
#: Seconds that a judge without work stays ready for the next check.
_IDLE = 600.0


class Judging:
    """One process that judges, for one unit.

    What it writes for itself lies in a folder that goes when it ends, however it ends.
    """

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self._folder = tempfile.TemporaryDirectory(
            prefix="synthlab-check-", ignore_cleanup_errors=True
        )
        Path(self._folder.name).chmod(0o755)  # read by whom a sandbox runs as
        self._process: asyncio.subprocess.Process | None = None

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it; it reads its first request when it has imported everything."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "synthlab.server.judging", self.unit,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "TMPDIR": self._folder.name, "OMP_NUM_THREADS": "1"},
            limit=_LINE,
        )  # fmt: skip

    async def judge(self, request: Mapping[str, Any], report: Report) -> None:
        """Send a request and report what comes of it, to its end.

        Raises:
            SynthlabError: When the judge failed or ended; the sentence says why.
        """
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(ConnectionError):
            process.stdin.write(json.dumps(request).encode() + b"\n")
            await process.stdin.drain()
        async for line in process.stdout:
            said = json.loads(line)
            if "end" not in said:
                await report(said["cell"], said.get("outputs"))
            elif said["end"] is None:
                return
            else:
                raise SynthlabError("{sentence}", sentence=said["end"])
        raise SynthlabError("The process that judges your work ended.")

    async def end(self) -> None:
        """End it at once, with the kernel and everything that it has started."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        await asyncio.to_thread(self._folder.cleanup)


class Sandbox:
    """Runs notebooks in sandboxes, and keeps one judge ready for the next check."""

    def __init__(self) -> None:
        self._ready: Judging | None = None
        self._running = 0
        self._idle: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    async def run(
        self,
        notebook: NotebookNode,
        folder: Path,
        language: str,
        checks: Mapping[int, str],
        report: Report,
    ) -> None:
        """As `synthlab.server.kernel.run_cells`, but a check cell is decided outside of the kernel.

        Raises:
            SynthlabError: When the judge failed or ended.
        """
        judging = await self._take(_unit(checks))
        self._running += 1
        request = {
            "notebook": notebook,
            "folder": str(folder),
            "language": language,
            "checks": checks,
            "limit": CELL_LIMIT,
        }
        try:
            await judging.judge(request, report)
        except BaseException:
            await asyncio.shield(judging.end())
            raise
        finally:
            self._running -= 1
        await self._keep(judging)

    async def prepare(self, checks: Mapping[int, str]) -> None:
        """Let a judge import what it needs before it is asked; one that is there will do."""
        unit = _unit(checks)
        if self._running or (self._ready is not None and self._ready.unit == unit):
            return
        judging = Judging(unit)
        await judging.start()
        await self._keep(judging)

    async def close(self) -> None:
        """End the judge that is kept."""
        kept, self._ready = self._ready, None
        if self._idle is not None:
            self._idle.cancel()
        if kept is not None:
            await kept.end()

    async def _take(self, unit: str) -> Judging:
        kept = self._ready
        if kept is not None and kept.unit == unit and kept.alive:
            self._ready = None
            if self._idle is not None:
                self._idle.cancel()
            return kept
        judging = Judging(unit)
        await judging.start()
        return judging

    async def _keep(self, judging: Judging) -> None:
        await self.close()
        self._ready = judging
        self._idle = asyncio.get_running_loop().call_later(_IDLE, self._give_up)

    def _give_up(self) -> None:
        task = asyncio.get_running_loop().create_task(self.close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def _unit(checks: Mapping[int, str]) -> str:
    """The unit whose questions a notebook answers."""
    course = manifest.load()
    first = course.question(checks[min(checks)])
    return next(unit.id for unit in course.units if first in unit.questions)
