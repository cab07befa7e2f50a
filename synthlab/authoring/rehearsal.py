"""Lessons run top to bottom in a fresh kernel, within their budget, without stderr, as they say."""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from synthlab.authoring import claims
from synthlab.authoring.findings import Finding
from synthlab.authoring.lesson import lesson_notebook, read_lesson
from synthlab.authoring.notebooks import new_cell
from synthlab.authoring.project import Project
from synthlab.errors import SynthlabError
from synthlab.manifest import Unit

#: Seconds of computing that a lesson may take, the kernel's start aside. What counts is the smaller
#: of the clock's and the processor's time: a busy machine does not make a lesson longer, and two
#: threads do not either.
BUDGET = 60.0
# A cell that hangs is stopped here, so that one lesson cannot hold up the others for long.
_CELL_LIMIT = 120

#: Claims under the key of the code cell after which they hold.
Claims = Mapping[str, Sequence[str]]


@dataclass
class Performance:
    """What running a notebook showed.

    Attributes:
        seconds: Of computing.
        troubles: A cell's key, and what is wrong with its output.
        outcomes: A cell's key, and the outcome of one claim.
    """

    seconds: float = 0.0
    troubles: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[tuple[str, claims.Outcome]] = field(default_factory=list)


def lesson_run(unit: Unit, project: Project, seed: int = 0) -> tuple[NotebookNode, Claims]:
    """A unit's lesson as it runs on a seed, and its claims."""
    notebook = lesson_notebook(unit.id, "en", project)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = claims.reseed(cell.source, seed)
    return notebook, claims.by_cell(read_lesson(unit, project))


def rehearse(
    notebook: NotebookNode, where: str, claimed: Claims | None = None, budget: float = BUDGET
) -> Iterator[Finding]:
    """Run a notebook as released and yield everything that is wrong with it.

    Args:
        notebook: What to run.
        where: What messages call it.
        claimed: What must hold after its cells.
        budget: Seconds for all cells together.
    """
    try:
        seen = perform(notebook, claimed or {})
    except SynthlabError as error:
        yield Finding("lesson", where, str(error))
        return
    for key, message in seen.troubles:
        yield Finding("lesson", f"{where}, cell {key!r}", message)
    for key, outcome in seen.outcomes:
        if not outcome.holds:
            yield Finding(
                "claims",
                f"{where}, cell {key!r}",
                f"the claim {outcome.claim!r} {outcome.complaint}",
            )
    if seen.seconds > budget:
        yield Finding(
            "lesson", where, f"it computes for {seen.seconds:.0f} s; {budget:.0f} s is the budget."
        )


def perform(notebook: NotebookNode, claimed: Claims) -> Performance:
    """Run a notebook, and evaluate its claims where they stand.

    Raises:
        SynthlabError: When the kernel dies or a cell does not end.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    v4: Any = nbformat.v4  # untyped
    cells = list(_with_probes(notebook, claimed))
    notebook = v4.new_notebook(cells=cells, metadata=notebook.metadata)
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
                seen = Performance(_run(client, notebook))
        except CellTimeoutError:
            raise SynthlabError("a cell ran longer than {limit} s.", limit=_CELL_LIMIT) from None
        except DeadKernelError:
            raise SynthlabError("the kernel died.") from None
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            _read(output, cell.metadata.synthlab.key, seen)
    return seen


def _with_probes(notebook: NotebookNode, claimed: Claims) -> Iterator[NotebookNode]:
    """The cells, each followed by one that evaluates what is claimed of it."""
    for cell in notebook.cells:
        yield cell
        key = cell.metadata.synthlab.key
        if key in claimed:
            code = claims.probe(claimed[key])
            more = {"synthlab": {"key": key}}
            yield new_cell("claims", key, code, markdown=False, metadata=more)


def _read(output: NotebookNode, key: str, seen: Performance) -> None:
    if output.output_type == "error":
        seen.troubles.append((key, f"it raises {output.ename}: {output.evalue}."))
    elif output.output_type == "stream" and output.name == "stderr":
        line = output.text.strip().splitlines()[-1] if output.text.strip() else ""
        seen.troubles.append((key, f"it writes to stderr: {line!r}."))
    for outcome in output.get("data", {}).get(claims.MIMETYPE, ()):
        seen.outcomes.append((key, claims.Outcome(**outcome)))


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
