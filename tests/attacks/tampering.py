"""Cells, metadata and messages that are not what the course released or a kernel sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from synthlab.checks.verdict import MIMETYPE

from .attack import HONEST, TARGET, Attack, Off, prize

REPAIR = "the repair: every released cell is there once, with its own type, text and metadata"
TIDY = "the outputs are rebuilt from the parts that are what they should be"
#: Defences of outputs, taken off.
_AS_SENT = Off(patches={"synthlab.grading.judging.judge.rebuilt": lambda outputs, *_: outputs})

Notebook = dict[str, Any]


def _cell(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            found: dict[str, Any] = cell
            return found
    raise LookupError(grade_id)


def _check(notebook: Notebook, question: str = TARGET) -> dict[str, Any]:
    return _cell(notebook, f"check-{question.replace('.', '-')}")


def _about(**changes: Any) -> Callable[[Notebook], None]:
    def edit(notebook: Notebook) -> None:
        _check(notebook)["metadata"]["nbgrader"].update(changes)

    return edit


def _edited(notebook: Notebook) -> None:
    _check(notebook)["source"] = "3.0"


def _borrowed(notebook: Notebook) -> None:
    _check(notebook)["metadata"]["nbgrader"]["grade_id"] = "check-gan-discriminator_loss"


def _retyped(notebook: Notebook) -> None:
    cell = _check(notebook)
    cell["cell_type"] = "markdown"
    del cell["outputs"], cell["execution_count"]


def _deleted(notebook: Notebook) -> None:
    kept = ("check-gan-discriminator_loss", "answer-gan-discriminator_loss")
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id", kept[0]) in kept
    ]


def _worth(points: int) -> Callable[[Notebook], None]:
    def edit(notebook: Notebook) -> None:
        cell = _check(notebook)
        cell["metadata"]["nbgrader"]["points"] = points
        cell["source"] = f"{points}.0"

    return edit


def tampering(name: str, mechanism: str, tries: str, **more: Any) -> Attack:
    more = {"defence": REPAIR, "off": Off(repaired=False), "succeeded": prize} | more
    return Attack(id=name, mechanism=mechanism, tries=tries, **more)


#: Sends a message as the kernel would, with whatever it likes in it.
_SEND = """
kernel = get_ipython().kernel
def send(kind, content):
    kernel.session.send(kernel.iopub_socket, kind, content, kernel.get_parent("shell"))
"""

TAMPERING = [
    tampering(
        "edited-check",
        "the check cell's text is a number",
        "three points for a line of its own",
        edit=_edited,
        defence="the judge, and before it the repair: the cell is not run, and has its own text",
        off=Off(repaired=False, in_kernel=True),
    ),
    tampering(
        "raised-points",
        "the check cell's metadata say that it is worth a hundred points, and its text agrees",
        "more points than there are",
        edit=_worth(100),
        defence="the judge, and before it the repair: the cell is not run, and is worth its own",
        off=Off(repaired=False, in_kernel=True),
        succeeded=lambda outcome, scene: outcome.points[TARGET] == 100.0,
    ),
    tampering(
        "borrowed-id",
        "the check cell of a wrong answer has the id of a right one's",
        "the points of one answer twice",
        edit=_borrowed,
        succeeded=lambda outcome, scene: outcome.graded[1] == 2 * sum(HONEST.values()),
    ),
    tampering(
        "retyped-check",
        "a check cell is Markdown, which nobody runs or judges",
        "a question that a person must grade",
        edit=_retyped,
        succeeded=lambda outcome, scene: outcome.points[TARGET] is None,
    ),
    tampering(
        "graded-by-hand",
        "the check cell's metadata say that it is an answer",
        "a question that a person must grade",
        edit=_about(solution=True),
        succeeded=lambda outcome, scene: outcome.points[TARGET] is None,
    ),
    tampering(
        "not-graded",
        "the check cell's metadata say that it is none",
        "a question that nobody counts",
        edit=_about(grade=False, locked=False),
        succeeded=lambda outcome, scene: TARGET not in outcome.points,
    ),
    tampering(
        "deleted-cells",
        "every question but the one that is right is deleted",
        "a notebook in which everything is right",
        edit=_deleted,
        succeeded=lambda outcome, scene: outcome.points == HONEST,
    ),
    tampering(
        "strange-number",
        "a message numbers the cell with an object",
        "a notebook that nbgrader cannot read, and a grader that gives up",
        cells=(_SEND + "send('execute_input', {'code': '', 'execution_count': {'a': 1}})",),
        defence="the number of a cell is a small whole number or none",
        off=Off(patches={"synthlab.grading.judging.judge.count": lambda count: count}),
        succeeded=lambda outcome, scene: bool(outcome.invalid),
    ),
    tampering(
        "half-a-character",
        "text in JSON that no encoding can write",
        "a notebook that cannot be saved",
        cells=(
            _SEND
            + """
send("display_data", b'{"data": {"application/json": {"x": "\\\\ud800"}}, "metadata": {}}')
""",
        ),
        defence=TIDY,
        off=_AS_SENT,
        succeeded=lambda outcome, scene: "Unicode" in outcome.invalid,
    ),
    tampering(
        "planted-verdict",
        "a cell of its own shows a verdict of synthlab's own type",
        "a reader who takes it for a grade",
        cells=(
            """
from IPython.display import display
display({"application/vnd.synthlab.verdict+json": {"score": 1.0}, "text/plain": "3"}, raw=True)
""",
        ),
        defence=TIDY,
        off=_AS_SENT,
        succeeded=lambda outcome, scene: outcome.shown.count(MIMETYPE) == 8,
    ),
]
