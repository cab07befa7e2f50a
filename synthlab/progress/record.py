"""Record of a learner's progress: plain JSON with a version, as values that do not change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from synthlab.errors import SynthlabError

#: The version of the format; a file of a later one is read by nobody here.
VERSION = 1


@dataclass(frozen=True)
class Tried:
    """What happened at one question.

    Args:
        status: The latest verdict, as `synthlab.checks.verdict.Status` names it; empty before
            the first check.
        score: The latest score, in [0, 1].
        best: The best score so far, in [0, 1].
        checks: How often it was checked.
        hints: How many hints were asked for. They are counted and never cost anything.
        open: The first property that did not hold at the latest check: its ``name`` and the
            sentences ``goal``, ``nudge`` and ``method``, each as ``{msgid, params, domain}``.
        hinted: How many hints of that property were shown.
        at: When it was last checked, in ISO 8601 and UTC.
    """

    status: str = ""
    score: float = 0.0
    best: float = 0.0
    checks: int = 0
    hints: int = 0
    open: Mapping[str, Any] | None = None
    hinted: int = 0
    at: str = ""

    @property
    def solved(self) -> bool:
        """Whether it was right at least once."""
        return self.best >= 1.0


@dataclass(frozen=True)
class Answer:
    """An answer to a prediction or a quiz question in a lesson.

    Args:
        value: What was answered, as plain JSON.
        right: Whether it was; None where no answer is wrong.
        tries: How often it was answered.
        at: When, in ISO 8601 and UTC.
    """

    value: Any
    right: bool | None = None
    tries: int = 1
    at: str = ""


@dataclass(frozen=True)
class Place:
    """Where the learner was.

    Args:
        notebook: Relative to the workspace, with ``/``.
        cell: The id of the cell, where one was known.
        at: When, in ISO 8601 and UTC.
    """

    notebook: str
    cell: str | None = None
    at: str = ""


@dataclass(frozen=True)
class Record:
    """Everything that is kept.

    Args:
        questions: By the question's id.
        answers: By the id of the prediction or quiz question.
        opened: Notebooks that were opened, relative to the workspace, with the first time.
        place: Where the learner was last.
    """

    questions: Mapping[str, Tried] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    opened: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None

    def tried(self, question: str) -> Tried:
        """What happened at a question; an empty record where nothing did."""
        return self.questions.get(question, Tried())

    def with_question(self, question: str, **changes: Any) -> Record:
        """The record with one question's entry changed."""
        changed = replace(self.tried(question), **changes)
        return replace(self, questions={**self.questions, question: changed})

    def to_dict(self) -> dict[str, Any]:
        """The record as JSON-ready data."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_dict(cls, data: Any) -> Record:
        """The record that `to_dict` wrote.

        Raises:
            SynthlabError: When the data is of a later version.
            ValueError: When it is no record.
        """
        if not isinstance(data, dict) or type(data.get("version")) is not int:
            raise ValueError("no record of progress")
        if data["version"] > VERSION:
            raise SynthlabError(
                "Your progress was written by a newer synthlab, so it is neither read nor "
                "changed; install that version again."
            )
        try:
            place = data.get("place")
            return cls(
                {str(k): Tried(**v) for k, v in data.get("questions", {}).items()},
                {str(k): Answer(**v) for k, v in data.get("answers", {}).items()},
                {str(k): str(v) for k, v in data.get("opened", {}).items()},
                None if place is None else Place(**place),
            )
        except (TypeError, AttributeError) as error:
            raise ValueError("no record of progress") from error
