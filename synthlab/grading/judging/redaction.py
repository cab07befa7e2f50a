"""Redaction of graded verdicts: a student reads everything but the inputs they were drawn on.

A verdict names a property, what was measured and what was expected. What the student's own code
printed or raised may hold the numbers that it was given, so those numbers are left out of it.
Code that sets out to pass them on can: as words, or from a later cell. It gains nothing by that
beyond what the inputs of one notebook are worth.
"""

from __future__ import annotations

import re
from dataclasses import replace

from synthlab.checks.verdict import Verdict
from synthlab.words import Text

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)
#: Significant digits from which on a number tells an input from others like it.
_TELLING = 4


def redact(verdict: Verdict) -> Verdict:
    """The verdict without its seed, and without telling numbers of the student's own words."""
    error, summary = verdict.error, verdict.summary
    if error is not None and summary is not None:
        summary = _without_message(summary, error.message)
    if error is not None:
        error = replace(error, message=_numberless(error.message))
    return replace(
        verdict, seed=0, printed=_numberless(verdict.printed), error=error, summary=summary
    )


def _without_message(summary: Text, message: str) -> Text:
    params = {
        key: _numberless(message) if value == message else value
        for key, value in summary.params.items()
    }
    return replace(summary, params=params)


def _numberless(text: str) -> str:
    """Text in which an ellipsis stands for every number of four and more digits.

    >>> _numberless("loss 0.69314 after 20 steps of 0.1, shape (64, 2)")
    'loss … after 20 steps of 0.1, shape (64, 2)'
    """
    return _NUMBER.sub(lambda found: "…" if digits(found[0]) >= _TELLING else found[0], text)


def digits(number: str) -> int:
    """The significant digits of a number as it is written.

    >>> [digits(n) for n in ("0.0012", "-12.50", "1e-07", "2048")]
    [2, 4, 1, 4]
    """
    mantissa = re.split("e", number.lower().lstrip("+-"))[0]
    return len(mantissa.replace(".", "").lstrip("0"))
