"""Lessons run top to bottom in a fresh kernel, within their budget, without stderr."""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab.authoring.findings import Finding

#: Seconds of computing that a lesson may take, the kernel's start aside. What counts is the smaller
#: of the clock's and the processor's time: a busy machine does not make a lesson longer, and two
#: threads do not either.
BUDGET = 60.0
# A cell that hangs is stopped here, so that one lesson cannot hold up the others for long.
_CELL_LIMIT = 120


def rehearse(notebook: NotebookNode, where: str, budget: float = BUDGET) -> Iterator[Finding]:
    """Run a notebook as released and yield everything that is wrong with it.

    Args:
        notebook: Its cells get their outputs.
        where: What messages call it.
        budget: Seconds for all cells together.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    with tempfile.TemporaryDirectory() as folder:
        client: Any = NotebookClient(
            notebook,
            timeout=_CELL_LIMIT,
            kernel_name="python3",
            allow_errors=True,
            # what the kernel says of itself at its start is not the lesson's
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": folder}},
        )
        try:
            with client.setup_kernel():
                seconds = _run(client, notebook)
        except CellTimeoutError:
            yield Finding("lesson", where, f"a cell ran longer than {_CELL_LIMIT} s.")
            return
        except DeadKernelError:
            yield Finding("lesson", where, "the kernel died.")
            return
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            at = f"{where}, cell {cell.metadata.synthlab.key!r}"
            if output.output_type == "error":
                yield Finding("lesson", at, f"it raises {output.ename}: {output.evalue}.")
            elif output.output_type == "stream" and output.name == "stderr":
                line = output.text.strip().splitlines()[-1] if output.text.strip() else ""
                yield Finding("lesson", at, f"it writes to stderr: {line!r}.")
    if seconds > budget:
        yield Finding(
            "lesson", where, f"it computes for {seconds:.0f} s; {budget:.0f} s is the budget."
        )


def _run(client: Any, notebook: NotebookNode) -> float:
    """Execute every code cell in order; returns the seconds of computing it took."""
    psutil: Any = importlib.import_module("psutil")  # untyped; ipykernel brings it
    process = psutil.Process(client.km.provisioner.pid)
    before = process.cpu_times()
    start = time.perf_counter()
    for index, cell in enumerate(notebook.cells):
        client.execute_cell(cell, index)
    elapsed = time.perf_counter() - start
    after = process.cpu_times()
    computed = float(after.user + after.system - before.user - before.system)
    return min(elapsed, computed)
