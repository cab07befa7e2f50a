"""Why a question lost its points, read from the outputs of its autograded check cell.

The outputs come from a process in which the student's code ran, so they are taken for what they
are: data of unknown intent. A verdict is read within limits of size and shape, its sentences
are formatted only where that cannot do harm, and nothing here raises for what is in them.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synthlab.checks.verdict import MIMETYPE, PropertyVerdict, Status, Verdict
from synthlab.errors import SynthlabError
from synthlab.grading.untrusted.text import one_line
from synthlab.grading.gradebook.grades import number
from synthlab.grading.judging.losses import NOTE, TIMEOUT
from synthlab.grading.untrusted.verdicts import read_verdict, sentence
from synthlab.sentence import Counted
from synthlab.words import N_, Text

@dataclass(frozen=True)
class Finding:
    """What a check cell says.

    Attributes:
        status: A verdict's status; ``"error"`` where there is no verdict.
        failed: The name of the first property that failed, or nothing.
        reason: One or two sentences in the asked language, or nothing when nothing is missing.
    """

    status: str
    failed: str = ""
    reason: str = ""


def explain(
    cell: Mapping[str, Any],
    answer: Mapping[str, Any] | None,
    points: float,
    maximum: float,
    language: str,
) -> Finding:
    """Read an executed check cell.

    Args:
        cell: The check cell of the autograded notebook.
        answer: The answer cell in front of it. Where it stopped with an exception, the check
            found no answer, and the exception is the reason.
        points: What nbgrader counted for the check.
        maximum: What it is worth.
        language: The language of the reason.
    """
    outputs = _outputs(cell)
    verdict = read_verdict(outputs)
    if verdict is None:
        return _without_verdict(outputs, points, language)
    failed = next((p for p in verdict.properties if p.passed is False), None)
    if abs(verdict.points(maximum) - points) > 0.01:
        reason = _disagreement(outputs, verdict.points(maximum), points, language)
    elif verdict.status is Status.CORRECT:
        reason = ""
    elif verdict.status is Status.NOT_ATTEMPTED:
        stopped = _stopped(
            _outputs(answer or {}), N_("The answer cell stopped with {type}: {message}")
        )
        reason = stopped.render(language) if stopped else ""
    else:
        reason = _reason(verdict, failed, language)
    return Finding(str(verdict.status), one_line(failed.name, 60) if failed else "", reason)


def _outputs(cell: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [output for output in cell.get("outputs", []) if isinstance(output, Mapping)]


def _reason(verdict: Verdict, failed: PropertyVerdict | None, language: str) -> str:
    if verdict.summary is not None:
        return sentence(verdict.summary, language)
    if failed is None:
        return ""
    parts = [failed.goal] if failed.detail is None else [failed.goal, failed.detail]
    return " ".join(sentence(part, language) for part in parts)


def _without_verdict(outputs: list[Mapping[str, Any]], points: float, language: str) -> Finding:
    stopped = _stopped(outputs, N_("The check cell stopped with {type}: {message}"))
    if stopped is None:
        stopped = _say(
            N_(
                "The check cell gave no verdict, and nbgrader counted {n} point for it. "
                "Look at the notebook: its code may have got in the way.",
                "The check cell gave no verdict, and nbgrader counted {n} points for it. "
                "Look at the notebook: its code may have got in the way.",
            ),
            n=number(points),
        )
    late = any(output.get("ename") == TIMEOUT for output in outputs)
    return Finding("timeout" if late else "error", reason=stopped.render(language))


def _stopped(outputs: list[Mapping[str, Any]], msgid: str) -> Text | None:
    """The exception that ended a cell, in the words of ``msgid``."""
    errors = [output for output in outputs if output.get("output_type") == "error"]
    if not errors:
        return None
    if any(error.get("ename") == TIMEOUT for error in errors):
        return _say(N_("A cell did not finish in time and was interrupted."))
    kind, message = str(errors[0].get("ename")), str(errors[0].get("evalue"))
    if note := next((e for e in errors if e.get("ename") == NOTE), None):
        return Text("{note}", {"note": one_line(str(note.get("evalue")), 300)})
    return _say(msgid, type=one_line(kind, 60), message=one_line(message, 300))


def _disagreement(
    outputs: list[Mapping[str, Any]], verdict: float, points: float, language: str
) -> str:
    if any(output.get("name") == "stderr" for output in outputs):
        msgid = N_(
            "Something wrote to stderr in the check cell, so nbgrader counted {n} point; "
            "the verdict says {verdict}.",
            "Something wrote to stderr in the check cell, so nbgrader counted {n} points; "
            "the verdict says {verdict}.",
        )
    else:
        msgid = N_(
            "nbgrader counted {n} point, but the verdict says {verdict}. "
            "Look at the notebook: its code may have got in the way.",
            "nbgrader counted {n} points, but the verdict says {verdict}. "
            "Look at the notebook: its code may have got in the way.",
        )
    return _say(msgid, n=number(points), verdict=number(verdict)).render(language)


def _say(msgid: str, **params: object) -> Text:
    return Text(msgid, params, domain="cli")
