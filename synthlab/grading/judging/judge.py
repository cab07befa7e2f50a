"""The judge: runs the student's cells in a sandboxed kernel, and decides outside of it.

At a check cell it does not run the cell. It evaluates the check in its own process, over a proxy
that asks the kernel for plain values (`remote`), and writes the result into the cell in
nbgrader's own terms. So nothing in the kernel ever holds a verdict that could be forged, nor an
input before it is asked about it.

A kernel that dies, hangs or breaks a limit costs the cell that it was lost in. It is started
again, the earlier cells are run again, and the rest is graded.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError
from nbformat.notebooknode import NotebookNode

from synthlab import manifest
from synthlab.authoring.exercise import grade_id
from synthlab.checks import render
from synthlab.checks.registry import find
from synthlab.checks.run import run
from synthlab.checks.verdict import MIMETYPE, Verdict
from synthlab.grading.judging import losses
from synthlab.grading.judging.job import Job, Judged, fingerprint
from synthlab.grading.judging.redaction import redact
from synthlab.grading.judging.remote import KernelTransport
from synthlab.grading.sandbox.bubblewrap import require
from synthlab.grading.sandbox.limits import Limits, bounded
from synthlab.grading.sandbox.manager import OVERSIZED, SandboxManager
from synthlab.grading.untrusted.notebook import id_of, node
from synthlab.grading.untrusted.outputs import count, kept, rebuilt
from synthlab.grading.untrusted.verdicts import TRUST
from synthlab.manifest import Question
from synthlab.words import Text

#: How often a kernel is started again for one notebook; each loss costs a cell, so it suffices.
_RESTARTS = 20
#: Seconds that a kernel gets to notice an interrupt, before its sandbox ends it.
_GRACE = 10.0
#: What runs as a kernel without a sandbox.
_KERNEL = "synthlab.grading.sandbox.inside.kernel"
#: Seconds that a cell which has printed too much gets to end by itself.
_BREATH = 0.5


def judge(job: Job) -> Judged:
    """Judge one submission.

    Raises:
        SynthlabError: When no sandbox can be built here and the job asks for one.
    """
    started = time.perf_counter()
    of = fingerprint(job.notebook)
    worker = Judge(job)
    worker.run()
    cells = [
        {"index": i, "outputs": cell.outputs, "execution_count": cell.execution_count}
        for i, cell in enumerate(worker.nb.cells)
        if cell.cell_type == "code"
    ]
    return Judged(
        cells, of, job.sandboxed, time.perf_counter() - started, max(0, worker.starts - 1)
    )


class Judge(NotebookClient):
    """nbclient's client of a notebook, but for the kernel it uses and for the check cells.

    Args:
        job: What is judged, in a notebook of its own (`nb`).
    """

    km: Any

    def __init__(self, job: Job) -> None:
        super().__init__(
            node(job.notebook),
            allow_errors=True,
            interrupt_on_timeout=True,
            raise_on_iopub_timeout=True,
            shutdown_kernel="immediate",
            kernel_manager_class=AsyncKernelManager,
            on_cell_executed=self._replied,
            error_on_timeout={"ename": losses.TIMEOUT, "evalue": "", "traceback": []},
        )
        self._job = job
        self._limits = Limits(**job.limits)
        unit = manifest.load().unit(job.unit)
        self._questions = {grade_id("check", q.id): q for q in unit.questions if q.automatic}
        #: How many kernels were started.
        self.starts = 0
        self._ran: list[NotebookNode] = []
        self._lost: losses.Loss | None = None
        self.kc: Any = None

    def run(self) -> None:
        """Run and judge the notebook, cell by cell, in place."""
        if self._job.sandboxed:
            require()
        self._deadline = time.monotonic() + self._limits.total
        self._folder = Path(tempfile.mkdtemp(prefix="synthlab-judge-"))
        try:
            for index, cell in enumerate(self.nb.cells):
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
                    self.judge_cell(cell, index)
        finally:
            self._drop_kernel()
            shutil.rmtree(self._folder, ignore_errors=True)

    def judge_cell(self, cell: NotebookNode, index: int) -> None:
        """Run a cell of the student's, or decide what a check cell is worth."""
        question = self._questions.get(id_of(cell) or "")
        if question is not None and not self._job.in_kernel:
            self.decide(cell, question)
        elif cell.source.strip():
            self.run_cell(cell, index)

    # Cells of the student's.

    def run_cell(self, cell: NotebookNode, index: int) -> None:
        """Run a cell of the student's; a lost kernel costs it its outputs."""
        if not self._kernel_is_there():
            cell.outputs = [self._note(self._lost or losses.Loss("died"))]
            return
        self._execute(cell, index)
        if self._lost is None:
            self._ran.append(cell)

    def _execute(self, cell: NotebookNode, index: int) -> None:
        """Run a cell in the kernel; what happens to the kernel stands in its outputs."""
        self._lost = None
        self._budget, self._flooded, self._timed_out = self._limits.output, False, False
        self._display_id_map.clear()  # an earlier cell's output is not this cell's to change
        self.timeout = max(1, math.ceil(min(self._limits.cell, self._left())))
        self._allow(self.timeout)
        broken = False
        try:
            self.execute_cell(cell, index, store_history=True)
        except CellTimeoutError:  # it ignores interrupts
            broken = self._timed_out = True
        except Exception:  # the kernel's end, or whatever a hostile message provokes
            broken = True
        cell.execution_count = count(cell.execution_count)
        cell.outputs = rebuilt(cell.outputs, kept(self._limits.output), self._job.language)
        if self._flooded:
            self._interruption.cancel()
            self._lost = losses.Loss("output")
        elif self._timed_out:
            self._lost = losses.Loss("timeout", self.timeout)
        elif broken:
            self._lost = losses.Loss(self._cause(), self.timeout)
        if self._lost is not None:
            cell.outputs.append(self._note(self._lost))
        if broken:
            self._drop_kernel()

    def _replied(self, cell: NotebookNode, execute_reply: Any, **about: Any) -> None:
        """Take an error that stands in the reply to a cell alone."""
        reply = execute_reply["content"]
        if reply["status"] != "error":
            return
        if reply["ename"] == losses.TIMEOUT:
            self._timed_out = True
        elif not any(output.get("ename") == reply["ename"] for output in cell.outputs):
            cell.outputs.append(node({**reply, "output_type": "error"}))

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Take an output, until the cell has sent its share."""
        if msg["msg_type"].startswith("comm"):
            return None  # a widget of a graded notebook has nobody to show itself to
        if msg["msg_type"] in _SHOWN:
            self._budget -= len(str(msg["content"]))
        if msg["msg_type"] == OVERSIZED:
            self._budget = -1
        if msg["msg_type"] in (*_SHOWN, OVERSIZED) and self._budget < 0:
            if not self._flooded:
                self._flooded = True
                self._interruption = asyncio.ensure_future(self._stop_flood())
            return None
        node: NotebookNode | None = super().process_message(msg, cell, cell_index)
        return node

    async def _async_poll_kernel_alive(self) -> None:
        """What nbclient leaves running when a message could not be read."""
        with contextlib.suppress(AssertionError):  # its kernel was taken away meanwhile
            await super()._async_poll_kernel_alive()

    async def _stop_flood(self) -> None:
        """Interrupt a cell that goes on; one that is about to end would lose its reply by it."""
        self._allow(_BREATH)
        await asyncio.sleep(_BREATH)
        await self.km.interrupt_kernel()

    # Check cells.

    def decide(self, cell: NotebookNode, question: Question) -> None:
        """Put the verdict of a check into its cell."""
        check = find(question.id)
        if self._kernel_is_there():
            self._allow(check.seconds)
            transport = KernelTransport(self.kc, self.km, self._limits.calls)
            try:
                with bounded(2 * self._limits.grader):
                    verdict = run(check, transport, self._job.seed)
            except MemoryError:
                verdict = losses.unreachable(check, losses.Loss("memory"))
            if transport.broken:
                self._lost = losses.Loss(self._cause(), check.seconds)
                verdict = losses.explained(verdict, self._lost)
                self._drop_kernel()
        else:
            verdict = losses.unreachable(check, self._lost or losses.Loss("died"))
        note = None if self._job.sandboxed else Text(TRUST[False], domain="cli")
        shown = verdict if self._job.seed is None else redact(verdict)
        cell.outputs = [_result(shown, question, self._job.language, note)]

    # The kernel.

    def _left(self) -> float:
        return self._deadline - time.monotonic()

    def _kernel_is_there(self) -> bool:
        """Start a kernel where none runs, and run the earlier cells in it again."""
        if self._left() <= 0:
            self._lost = losses.Loss("total", self._limits.total)
            self._drop_kernel()
            return False
        if self.kc is not None and self.km is not None and run_sync(self.km.is_alive)():
            return True
        cause = self._cause() if self.km is not None else "died"
        self._drop_kernel()
        for _ in range(_RESTARTS):
            if self.starts > _RESTARTS:
                self._lost = losses.Loss(cause)
                return False
            self._start()
            if self._replay():
                return True
        return False

    def _replay(self) -> bool:
        """Run the earlier cells again; a cell that now ends the kernel is not run again."""
        for cell in list(self._ran):
            copy = node({"cell_type": "code", "source": cell.source, "metadata": {}})
            copy.outputs, copy.execution_count = [], None
            self.nb.cells.append(copy)
            try:
                self._execute(copy, len(self.nb.cells) - 1)
            finally:
                self.nb.cells.pop()
            if self._lost is not None:
                self._ran.remove(cell)
                cell.outputs.append(self._note(self._lost))
                if self.kc is None:
                    return False
        return True

    def _start(self) -> None:
        self.starts += 1
        self.km = self._sandboxed() if self._job.sandboxed else self._unsandboxed()
        self.start_new_kernel()
        self.start_new_kernel_client()

    def _sandboxed(self) -> Any:
        job = self._job
        settings: dict[str, Any] = {"unit": job.unit, "submission": job.submission}
        settings |= {"limits": job.limits, "walls": job.walls, "host": job.host}
        return SandboxManager(self._folder, settings)

    def _unsandboxed(self) -> Any:
        argv = [sys.executable, "-m", _KERNEL, "-f", "{connection_file}"]
        manager = AsyncKernelManager(
            transport="ipc", connection_file=str(self._folder / f"kernel-{self.starts}.json")
        )
        manager._kernel_spec = KernelSpec(argv=argv, display_name="synthlab", language="python")
        return manager

    def _allow(self, seconds: float) -> None:
        """Let the sandbox end the kernel where its messages keep us from looking at the clock."""
        allow = getattr(getattr(self.km, "provisioner", None), "allow", None)
        if allow is not None:
            allow(seconds + _GRACE)

    def _cause(self) -> losses.Cause:
        found = getattr(getattr(self.km, "provisioner", None), "cause", None)
        return found if found in losses.CAUSES else "died"

    def _drop_kernel(self) -> None:
        if self.km is None:
            return
        with contextlib.suppress(Exception):  # it is gone, or goes with its sandbox
            if self.kc is not None:
                self.kc.stop_channels()
        with contextlib.suppress(Exception):
            run_sync(self.km.shutdown_kernel)(now=True)
        with contextlib.suppress(Exception):
            run_sync(self.km.cleanup_resources)()
        if self.km.context is not None:
            self.km.context.destroy(linger=0)
        self.kc = self.km = None

    def _note(self, loss: losses.Loss) -> NotebookNode:
        return node(loss.output(self._job.language))


_SHOWN = ("stream", "display_data", "execute_result", "update_display_data", "error")


def _result(verdict: Verdict, question: Question, language: str, note: Text | None) -> NotebookNode:
    """A verdict as nbgrader reads it: the points as text, the reasons beside them."""
    data = {
        "text/plain": repr(float(verdict.points(question.counted))),
        "text/html": render.html(verdict, language, note),
        MIMETYPE: verdict.to_dict(),
    }
    output: dict[str, Any] = {"output_type": "execute_result", "execution_count": None}
    return node(output | {"data": data, "metadata": {}})
