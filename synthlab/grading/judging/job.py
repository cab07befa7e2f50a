"""Job and result of judging one submission, as plain data.

Both are made of plain data alone (`dataclasses.asdict`), for a file or another machine.
`judge.judge` is a function from the one to the other, and needs no gradebook.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from synthlab.grading.sandbox.limits import Limits
from synthlab.grading.untrusted.notebook import id_of


@dataclass(frozen=True)
class Job:
    """One submission to be judged.

    Attributes:
        notebook: The submitted notebook, put right: nbformat 4 as plain data.
        unit: The unit's id, whose questions the notebook answers.
        language: The language of verdicts and notes.
        seed: Draws the hidden inputs; made of the course's secret and the student's id. None
            stands for the inputs of the learner's own check, which hide nothing.
        submission: A folder with the files that came with the notebook, or None.
        limits: `Limits` as plain data.
        sandboxed: Whether the kernel runs in a sandbox. Without one, student code runs as you.
        walls: Walls of the sandbox that are left out, as ``{"network": False}``; for tests.
        host: What a sandbox without its ``files`` wall shows; for tests.
        in_kernel: Run the check cells in the kernel, as nbgrader does; for tests.
    """

    notebook: dict[str, Any]
    unit: str
    language: str = "en"
    seed: int | None = 0
    submission: str | None = None
    limits: dict[str, Any] = field(default_factory=lambda: asdict(Limits()))
    sandboxed: bool = True
    walls: dict[str, bool] = field(default_factory=dict)
    host: dict[str, Any] = field(default_factory=dict)
    in_kernel: bool = False


@dataclass(frozen=True)
class Judged:
    """What came of a job.

    Attributes:
        cells: For each code cell, its index in the notebook, its outputs and its number.
        fingerprint: Of the notebook that was judged; see `fingerprint`.
        sandboxed: Whether a sandbox stood around the kernel.
        seconds: How long it took.
        restarts: How often the kernel had to be started again.
    """

    cells: list[dict[str, Any]]
    fingerprint: str
    sandboxed: bool
    seconds: float = 0.0
    restarts: int = 0


def fingerprint(notebook: Any) -> str:
    """Of a notebook's code: two with the same one are judged alike."""
    code = [[id_of(c), c["source"]] for c in notebook["cells"] if c["cell_type"] == "code"]
    return hashlib.sha256(json.dumps(code).encode()).hexdigest()
