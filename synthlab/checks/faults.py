"""Faults between a check and the learner's code.

Each of these ends a check (or one `part` of it) and becomes a verdict. None of them is ever
shown as a traceback.
"""

from __future__ import annotations

from dataclasses import dataclass

from synthlab.words import Text


@dataclass(frozen=True)
class ErrorReport:
    """An exception that the learner's code raised, as plain words and numbers.

    Args:
        type: The exception's class name.
        message: Its message, shortened.
        function: The learner's function that was running, or "".
        line: The line in the learner's own cell or file, or None when no frame is theirs.
        source: That line's text, or "".
    """

    type: str
    message: str
    function: str = ""
    line: int | None = None
    source: str = ""


class Fault(Exception):  # noqa: N818 - a fault of the observed code, not an error of ours
    """The learner's code could not be observed any further."""


class LearnerError(Fault):
    """The learner's code raised an exception."""

    def __init__(self, report: ErrorReport) -> None:
        super().__init__(f"{report.type}: {report.message}")
        self.report = report


class NotWritten(Fault):
    """A target is missing, is None, or still raises NotImplementedError."""

    def __init__(self, name: str, text: Text) -> None:
        super().__init__(name)
        self.name = name
        self.text = text


class Unusable(Fault):
    """The learner's code returned something that a property cannot be computed from."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.msgid)
        self.text = text


class Crashed(Fault):
    """The process that runs the learner's code ended, or no longer speaks the protocol."""


class TimedOut(BaseException):
    """The check's time is over.

    Not an Exception, so that ``except Exception`` in the learner's code does not swallow it.
    """
