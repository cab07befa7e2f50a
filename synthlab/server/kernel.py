"""Running a learner's notebook in a fresh kernel, cell by cell, beside the server's other work.

The kernel is an ordinary one, with the learner's own rights: what is done where no sandbox can be
built. `synthlab.server.sandboxed` is the other way.
"""

from __future__ import annotations

import asyncio
import importlib
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab.progress import QUIET

#: Seconds that one cell may take: more than any check allows itself.
CELL_LIMIT = 60

#: Told of every cell: its index, and its outputs; None instead of them when it begins.
Report = Callable[[int, "list[dict[str, Any]] | None"], Awaitable[None]]


async def run_cells(
    notebook: NotebookNode,
    folder: Path,
    language: str,
    checks: Mapping[int, str],
    report: Report,
) -> None:
    """Run the code cells up to the last check, in order, in a kernel of their own.

    An error in a cell, or a cell that takes longer than `CELL_LIMIT`, stops that cell alone.
    When this is cancelled, the kernel ends at once.

    Args:
        notebook: Its code cells get new outputs.
        folder: The kernel's working folder.
        language: The language of the verdicts.
        checks: The check cells, by their index, with the question that they check.
        report: Told when a cell begins and when it is done.

    Raises:
        Exception: What the kernel machinery raises when the kernel cannot start or dies.
    """
    # The first import takes most of a second; other requests go on meanwhile.
    nbclient: Any = await asyncio.to_thread(importlib.import_module, "nbclient")
    jupyter: Any = await asyncio.to_thread(importlib.import_module, "jupyter_client.manager")
    manager = jupyter.AsyncKernelManager(kernel_name="python3")
    environment = {**os.environ, QUIET: "1", "SYNTHLAB_LANGUAGE": language}
    environment.pop("JPY_SESSION_NAME", None)
    # nbclient's own way to set a kernel up takes the signals of the process for itself, and the
    # process is the learner's server. So the kernel is started and ended here.
    channels: Any = None
    try:
        await manager.start_kernel(cwd=str(folder), env=environment)
        channels = manager.client()
        channels.start_channels()
        await channels.wait_for_ready(timeout=CELL_LIMIT)
        channels.allow_stdin = False
        client = nbclient.NotebookClient(
            notebook,
            km=manager,
            timeout=CELL_LIMIT,
            interrupt_on_timeout=True,
            allow_errors=True,
        )
        client.kc = channels
        client.reset_execution_trackers()
        for index, cell in enumerate(notebook.cells[: max(checks) + 1]):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            await report(index, None)
            await client.async_execute_cell(cell, index)
            await report(index, [dict(output) for output in cell.outputs])
    finally:
        await asyncio.shield(_end(manager, channels))


async def _end(manager: Any, channels: Any) -> None:
    """End a kernel at once, whatever it does, and leave nothing of it behind."""
    if channels is not None:
        channels.stop_channels()
    if manager.has_kernel:
        await manager.shutdown_kernel(now=True)
    await manager.cleanup_resources()
