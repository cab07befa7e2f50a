"""Verdict of a check: a frozen, JSON-serialisable value whose sentences have translations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from synthlab import manifest
from synthlab.checks.describe import number
from synthlab.checks.faults import ErrorReport
from synthlab.errors import SynthlabError
from synthlab.sentence import LRI, PDI
from synthlab.words import N_, Text, direction, translate
from synthlab.words import language as readers_language

#: The mime type under which a saved notebook keeps a verdict as data.
MIMETYPE = "application/vnd.synthlab.verdict+json"


class Status(StrEnum):
    """The outcome of a check, in one word."""

    CORRECT = "correct"
    PARTIAL = "partial"
    INCORRECT = "incorrect"
    NOT_ATTEMPTED = "not-attempted"
    ERROR = "error"
    TIMEOUT = "timeout"


#: Status -> symbol, word.
STATUS = {
    Status.CORRECT: ("✓", N_("Correct")),
    Status.PARTIAL: ("◐", N_("Partly correct")),
    Status.INCORRECT: ("✗", N_("Not correct yet")),
    Status.NOT_ATTEMPTED: ("○", N_("Not attempted yet")),
    Status.ERROR: ("!", N_("Error in your code")),
    Status.TIMEOUT: ("◔", N_("Out of time")),
}

#: Passed -> symbol, word, class.
PASSED = {
    True: ("✓", N_("Holds"), "holds"),
    False: ("✗", N_("Does not hold"), "fails"),
    None: ("○", N_("Not reached"), "open"),
}


@dataclass(frozen=True)
class PropertyVerdict:
    """What was found of one property.

    Args:
        name: The property's name within its check.
        passed: True, False, or None when the check did not reach it.
        weight: Its share of the score.
        goal: One sentence that says what holds of a right answer.
        detail: The measured and the expected value in words; None when not reached.
        nudge: The first hint.
        method: The second hint.
    """

    name: str
    passed: bool | None
    weight: float
    goal: Text
    detail: Text | None
    nudge: Text
    method: Text

    @property
    def hints(self) -> tuple[Text, Text]:
        """The two hints, in the order in which a learner may ask for them."""
        return self.nudge, self.method


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check.

    Args:
        check: The check's id.
        status: The outcome in one word.
        score: Passed weight / total weight, in [0, 1].
        properties: What was found of each declared property, in order.
        summary: One sentence on the whole, e.g. why it was not attempted; None when the
            properties say all.
        error: The exception that the learner's code raised, if one did.
        printed: What the learner's code printed, shortened.
        seed: The seed of the run; the same seed gives the same verdict.
    """

    check: str
    status: Status
    score: float
    properties: tuple[PropertyVerdict, ...]
    summary: Text | None = None
    error: ErrorReport | None = None
    printed: str = ""
    seed: int = 0

    def points(self, maximum: float) -> float:
        """The points for this verdict, to two decimals: all of them only when correct.

        Rounded down, so that a score below 1 never shows as full marks.
        """
        if self.status is Status.CORRECT:
            return float(maximum)
        return math.floor(self.score * maximum * 100 + 1e-9) / 100

    @property
    def first_open(self) -> PropertyVerdict | None:
        """The first property that does not hold or was not reached: what a hint is about."""
        return next((p for p in self.properties if not p.passed), None)

    def title(self, code: str) -> str:
        """The question's title in a language; the check's id where there is no question."""
        question = _question(self.check)
        return self.check if question is None else translate("course", question.title, code)

    def share(self, code: str) -> str:
        """What of the question's points was earned, in words."""
        question = _question(self.check)
        if question is None:
            return Text(N_("{percent} %"), {"percent": number(100 * self.points(1))}).render(code)
        text = (
            N_("{points} of {maximum} extra points")
            if question.extra
            else N_("{points} of {maximum} points")
        )
        points = {"points": number(self.points(question.points)), "maximum": str(question.points)}
        return Text(text, points).render(code)

    def text(self, language: str | None = None) -> str:
        """The verdict as plain text: a headline, then two lines a property.

        Args:
            language: The language of the words; the reader's by default.
        """
        code = language or readers_language()
        symbol, word = STATUS[self.status]
        lines = [f"{symbol} {say(word, code)} · {self.title(code)} · {self.share(code)}"]
        if self.summary:
            lines.append(f"  {self.summary.render(code)}")
        if self.error and self.error.source:
            source = self.error.source
            lines.append(f"    {LRI}{source}{PDI}" if direction(code) == "rtl" else f"    {source}")
        for found in self.properties:
            symbol, word, _ = PASSED[found.passed]
            lines.append(f"  {symbol} {say(word, code)}: {found.goal.render(code)}")
            if found.detail:
                lines.append(f"      {found.detail.render(code)}")
        return "\n".join(lines)

    def kept(self) -> dict[str, Any]:
        """What a record of progress keeps of it: the arguments of `Progress.checked`."""
        found = self.first_open
        hints = ("goal", "nudge", "method")
        return {
            "question": self.check,
            "status": str(self.status),
            "score": self.score,
            "open_": found
            and {"name": found.name, **{key: _text(getattr(found, key)) for key in hints}},
        }

    def to_dict(self) -> dict[str, Any]:
        """The verdict as JSON-ready data; sentences keep their msgid and parameters."""
        return {
            "check": self.check,
            "status": str(self.status),
            "score": self.score,
            "properties": [
                {
                    "name": p.name,
                    "passed": p.passed,
                    "weight": p.weight,
                    **{key: _text(getattr(p, key)) for key in _TEXTS},
                }
                for p in self.properties
            ],
            "summary": _text(self.summary),
            "error": asdict(self.error) if self.error else None,
            "printed": self.printed,
            "seed": self.seed,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Verdict:
        """The verdict that `to_dict` wrote; raises SynthlabError when it is none."""
        try:
            return cls(
                check=data["check"],
                status=Status(data["status"]),
                score=float(data["score"]),
                properties=tuple(
                    PropertyVerdict(
                        name=p["name"],
                        passed=p["passed"],
                        weight=p["weight"],
                        goal=Text.from_dict(p["goal"]),
                        detail=Text.from_dict(p["detail"]) if p["detail"] else None,
                        nudge=Text.from_dict(p["nudge"]),
                        method=Text.from_dict(p["method"]),
                    )
                    for p in data["properties"]
                ),
                summary=Text.from_dict(data["summary"]) if data["summary"] else None,
                error=ErrorReport(**data["error"]) if data["error"] else None,
                printed=data["printed"],
                seed=data["seed"],
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SynthlabError(
                "This is not a verdict of synthlab: {reason!r}.", reason=error
            ) from None


def say(msgid: str, code: str) -> str:
    """A word of checks in a language."""
    return translate("checks", msgid, code)


def _question(check: str) -> manifest.Question | None:
    questions = (q for unit in manifest.load().units for q in unit.questions)
    return next((q for q in questions if q.id == check), None)


_TEXTS = ("goal", "detail", "nudge", "method")


def _text(value: Text | None) -> dict[str, Any] | None:
    return None if value is None else value.to_dict()
