"""Judges a learner's own notebooks in the sandbox: a process of its own beside the server.

``python -m synthlab.server.judging UNIT`` reads one request a line and answers with one line a
cell. The cells run in a sandboxed kernel and the checks are decided here, by the judge that grades
a class, on the inputs of the learner's own ``check(…)``. It stays between two checks, because
importing torch takes seconds and a fork of a process that has done so takes none.

| line | what |
|---|---|
| ``{"notebook", "folder", "language", "checks", "limit"}`` | a request |
| ``{"cell": 3}`` | a cell begins |
| ``{"cell": 3, "outputs": […]}`` | it is done |
| ``{"end": null}`` | all are done; text instead of null says why not |
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TextIO

from synthlab.grading.sandbox import warm
from synthlab.grading.sandbox.limits import Walls

if TYPE_CHECKING:
    from collections.abc import Callable


def main(unit: str) -> None:
    """Answer requests until the server ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # whatever else prints does not answer
    # The warm parent ends with the thread that started it, so this one does; what the judge
    # needs is imported meanwhile.
    importing = threading.Thread(target=_prepare, args=(unit,))
    importing.start()
    warm.parent(unit, Walls())
    importing.join()
    for line in sys.stdin:
        _answer(unit, json.loads(line), answers)


def _prepare(unit: str) -> None:
    from synthlab.checks.registry import load_unit
    from synthlab.grading.judging import judge  # noqa: F401 - imported for later

    load_unit(unit)


def _answer(unit: str, request: dict[str, Any], answers: TextIO) -> None:
    def tell(**what: Any) -> None:
        answers.write(json.dumps(what) + "\n")

    try:
        _judge(unit, request, tell)
    except Exception as error:  # told in the sidebar; the next request is another matter
        tell(end=str(error) or type(error).__name__)
    else:
        tell(end=None)


def _judge(unit: str, request: dict[str, Any], tell: Callable[..., None]) -> None:
    from nbformat.notebooknode import NotebookNode

    from synthlab import manifest
    from synthlab.grading.judging.job import Job
    from synthlab.grading.judging.judge import Judge
    from synthlab.grading.sandbox.limits import Limits

    course = manifest.load()
    checks = {int(index): course.question(name) for index, name in request["checks"].items()}
    last = max(checks)

    class OwnWork(Judge):
        """The judge, told which cells are checks, and telling of every cell."""

        def judge_cell(self, cell: NotebookNode, index: int) -> None:
            if not cell.source.strip() or index > last:
                return
            tell(cell=index)
            if index in checks:
                self.decide(cell, checks[index])
            else:
                self.run_cell(cell, index)
            tell(cell=index, outputs=cell.outputs)

    job = Job(
        notebook=request["notebook"],
        unit=unit,
        language=request["language"],
        seed=None,
        submission=request["folder"],
        limits=asdict(Limits(cell=request["limit"])),
    )
    OwnWork(job).run()


if __name__ == "__main__":
    main(sys.argv[1])
