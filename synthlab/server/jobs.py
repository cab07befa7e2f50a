"""Checks of whole notebooks: each is a job that goes on whether or not anybody is looking.

A job is kept per person and notebook, so a page that was reloaded finds its results again.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from synthlab import manifest
from synthlab.authoring.released import load_notebook
from synthlab.checks.verdict import MIMETYPE, Verdict
from synthlab.errors import SynthlabError
from synthlab.grading.sandbox.bubblewrap import refusal
from synthlab.progress import Progress
from synthlab.server.kernel import Report, run_cells
from synthlab.server.sandboxed import Sandbox

#: Jobs that are remembered after they ended.
KEPT = 20
#: Seconds that a request waits for news at most.
PATIENCE = 20.0

_numbers = itertools.count(1)

#: How cells are run: the notebook, its folder, the language, the check cells, whom to tell.
Runner = Callable[[NotebookNode, Path, str, Mapping[int, str], Report], Awaitable[None]]


@dataclass
class Job:
    """One check of one notebook.

    Attributes:
        state: ``running``, then ``done``, ``cancelled`` or ``failed``.
        events: What happened, in order: a question's ``result``, a cell's ``error``.
        running: The question whose cells run now.
        message: Why it failed.
        sandboxed: Whether the cells run in a sandbox; None until that is known.
    """

    path: str
    language: str
    questions: list[str]
    state: str = "running"
    events: list[dict[str, Any]] = field(default_factory=list)
    running: str | None = None
    message: str | None = None
    sandboxed: bool | None = None
    number: int = field(default_factory=lambda: next(_numbers))
    version: int = 0
    task: asyncio.Task[None] | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        """Wake everybody who waits for news."""
        self.version += 1
        self._news.set()
        self._news = asyncio.Event()

    async def news(self, after: int) -> None:
        """Wait until something happened after a version, or a while has passed."""
        if self.version <= after and self.state == "running":
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), PATIENCE)

    def add(self, kind: str, **what: Any) -> None:
        """Add an event and tell it."""
        self.events.append({"kind": kind, "version": self.version + 1, **what})
        self.tell()

    def end(self, state: str, message: str | None = None) -> None:
        """End it, once."""
        if self.state == "running":
            self.state, self.message, self.running = state, message, None
            self.tell()

    def to_dict(self, after: int = -1) -> dict[str, Any]:
        """The job as JSON, with the events after a version."""
        return {
            "job": self.number,
            "path": self.path,
            "state": self.state,
            "version": self.version,
            "questions": self.questions,
            "running": self.running,
            "message": self.message,
            "sandboxed": self.sandboxed,
            "events": [event for event in self.events if event["version"] > after],
        }


class Jobs:
    """All jobs of a server.

    The cells of a notebook run in a sandbox where one can be built, else in an ordinary kernel.

    Args:
        log: Told once why there is no sandbox.
    """

    def __init__(self, log: Callable[[str], None] = lambda _: None) -> None:
        self._log = log
        self._sandbox: Sandbox | None = None
        self._chosen: Runner | None = None
        self._jobs: dict[tuple[str, str], Job] = {}

    def get(self, person: str, path: str) -> Job | None:
        """The newest job of a notebook."""
        return self._jobs.get((person, path))

    def start(
        self, person: str, path: str, file: Path, kept: Progress | None, language: str
    ) -> Job:
        """Start checking a notebook; one that is being checked goes on.

        Raises:
            SynthlabError: When the file is damaged or has nothing to check.
        """
        present = self.get(person, path)
        if present is not None and present.state == "running":
            return present
        notebook = _read(file)
        checks = _checks(notebook)
        if not checks:
            raise SynthlabError("{file} has no exercise that could be checked.", file=path)
        job = Job(path, _language(notebook) or language, list(checks.values()))
        self._jobs.pop((person, path), None)
        self._jobs[person, path] = job
        job.task = asyncio.create_task(self._run(job, notebook, checks, file.parent, kept))
        self._forget()
        return job

    async def prepare(self, file: Path) -> None:
        """Get ready for the check of a notebook that came into view, where that takes a while."""
        with contextlib.suppress(SynthlabError):  # a check says what is wrong with it
            checks = _checks(await asyncio.to_thread(_read, file))
            if checks:
                await self._runner()
            if checks and self._sandbox is not None:
                await self._sandbox.prepare(checks)

    async def cancel(self, person: str, path: str) -> Job | None:
        """Stop a check and its kernel."""
        job = self.get(person, path)
        if job is not None:
            await _stop(job)
        return job

    async def close(self) -> None:
        """Stop everything."""
        await asyncio.gather(*(_stop(job) for job in self._jobs.values()))
        if self._sandbox is not None:
            await self._sandbox.close()

    async def _runner(self) -> Runner:
        """How cells are run on this machine; found out at the first check."""
        if self._chosen is None:
            refused = await asyncio.to_thread(refusal)
            if refused:
                self._log(f"{refused}; so checks run in an ordinary kernel.")
                self._chosen = run_cells
            else:
                self._sandbox = self._sandbox or Sandbox()
                self._chosen = self._sandbox.run
        return self._chosen

    def _forget(self) -> None:
        ended = [key for key, job in self._jobs.items() if job.state != "running"]
        for key in ended[: max(0, len(ended) - KEPT)]:
            del self._jobs[key]

    async def _run(
        self,
        job: Job,
        notebook: NotebookNode,
        checks: dict[int, str],
        folder: Path,
        kept: Progress | None,
    ) -> None:
        async def report(index: int, outputs: list[dict[str, Any]] | None) -> None:
            cell = notebook.cells[index]
            if outputs is None:
                running = next((q for i, q in checks.items() if i >= index), None)
                if running != job.running:
                    job.running = running
                    job.tell()
            elif index in checks:
                result = _result(checks[index], outputs)
                verdict = result.pop("verdict")
                if kept is not None and verdict is not None:
                    with contextlib.suppress(SynthlabError):  # a check is worth it without
                        await asyncio.to_thread(kept.checked, **verdict.kept())
                job.add("result", cell=cell.get("id"), outputs=outputs, **result)
            else:
                errors = [output for output in outputs if output["output_type"] == "error"]
                if errors:
                    question = cell.metadata.get("synthlab", {}).get("question")
                    job.add("error", cell=cell.get("id"), question=question, outputs=errors)

        try:
            runner = await self._runner()
            job.sandboxed = self._sandbox is not None
            job.tell()
            await runner(notebook, folder, job.language, checks, report)
        except asyncio.CancelledError:
            job.end("cancelled")
        except Exception as error:
            job.end("failed", str(error) or type(error).__name__)
        else:
            job.end("done")


async def _stop(job: Job) -> None:
    job.end("cancelled")
    if job.task is not None and not job.task.done():
        job.task.cancel()
        await asyncio.gather(job.task, return_exceptions=True)


def _read(file: Path) -> NotebookNode:
    load_notebook(file)  # says in one sentence what is wrong with it
    notebook: NotebookNode = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def _checks(notebook: NotebookNode) -> dict[int, str]:
    """The check cells, by their index, with the question that they check."""
    known = {q.id for unit in manifest.load().units for q in unit.questions if q.automatic}
    found = {}
    for index, cell in enumerate(notebook.cells):
        ours = cell.get("metadata", {}).get("synthlab")
        if cell.cell_type == "code" and isinstance(ours, dict) and ours.get("role") == "check":
            question = ours.get("question")
            if question in known:
                found[index] = str(question)
    return found


def _language(notebook: NotebookNode) -> str | None:
    ours = notebook.metadata.get("synthlab")
    code = ours.get("language") if isinstance(ours, dict) else None
    return code if code in manifest.load().languages else None


def _result(question: str, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    """What a check cell came to; a cell without a verdict of its question is an error."""
    maximum = manifest.load().question(question).points
    verdict = _verdict(question, outputs)
    if verdict is None:
        return {"question": question, "status": "error", "points": 0.0, "maximum": maximum,
                "verdict": None}  # fmt: skip
    return {
        "question": question,
        "status": str(verdict.status),
        "points": verdict.points(maximum),
        "maximum": maximum,
        "verdict": verdict,
    }


def _verdict(question: str, outputs: list[dict[str, Any]]) -> Verdict | None:
    for output in outputs:
        data = output.get("data", {}).get(MIMETYPE)
        if data is None:
            continue
        with contextlib.suppress(SynthlabError):
            verdict = Verdict.from_dict(json.loads(data) if isinstance(data, str) else data)
            if verdict.check == question and 0 <= verdict.score <= 1:
                return verdict
    return None
