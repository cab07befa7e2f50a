"""Lost kernels, explained to the student."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from synthlab.checks.core import Check
from synthlab.checks.verdict import PropertyVerdict, Status, Verdict
from synthlab.words import N_, Text

Cause = Literal["died", "memory", "processes", "cpu", "timeout", "output", "total"]
CAUSES: tuple[str, ...] = get_args(Cause)

#: What nbgrader calls the error of a cell that ran into its time limit.
TIMEOUT = "CellTimeoutError"
#: The name of an error output that the grader wrote, not the kernel.
NOTE = "GraderNote"

_WORDS = {
    "died": N_("The kernel ended while this ran: the code ended its own process or crashed it."),
    "memory": N_("This needed more memory than a submission may use, so the kernel was ended."),
    "processes": N_(
        "This started more processes or threads than a submission may have, "
        "so the kernel was ended."
    ),
    "cpu": N_("This used more processor time than a submission may use, so the kernel was ended."),
    "timeout": N_(
        "This did not finish within {n} second and was interrupted.",
        "This did not finish within {n} seconds and was interrupted.",
    ),
    "output": N_("This printed more than a cell may print. It was interrupted, and the rest cut."),
    "total": N_(
        "The notebook has used its only second, so this was not run any more.",
        "The notebook has used all of its {n} seconds, so this was not run any more.",
    ),
}


@dataclass(frozen=True)
class Loss:
    """Why a cell did not come to its end.

    Attributes:
        cause: In one word.
        seconds: The time limit that it ran into, if it did.
    """

    cause: Cause
    seconds: float = 0.0

    @property
    def text(self) -> Text:
        """What happened, in one sentence."""
        return Text(_WORDS[self.cause], {"n": f"{self.seconds:g}"}, domain="cli")

    def output(self, language: str) -> dict[str, Any]:
        """The sentence as an error output of the cell that it happened in."""
        words = self.text.render(language)
        return {"output_type": "error", "ename": NOTE, "evalue": words, "traceback": [words]}


def explained(verdict: Verdict, loss: Loss) -> Verdict:
    """A verdict of a check during which the kernel was lost, with the reason."""
    if verdict.status is Status.TIMEOUT and loss.cause == "died":
        return verdict  # its own sentence says more
    return replace(verdict, summary=loss.text)


def unreachable(check: Check, loss: Loss) -> Verdict:
    """The verdict of a check that could not look at anything."""
    properties = tuple(
        PropertyVerdict(
            p.name, None, p.weight, p.text("goal"), None, p.text("nudge"), p.text("method")
        )
        for p in check.properties
    )
    return Verdict(check.id, Status.ERROR, 0.0, properties, summary=loss.text)
