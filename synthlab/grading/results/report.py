"""``report.html``: a class on one page that needs no other file, no script and no network.

Student ids and everything that a notebook printed are of unknown intent: the template
(``report.html.jinja``) escapes whatever is put into it, its filters make text harmless first, and
a content security policy forbids scripts, images and connections besides.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from importlib import resources
from statistics import fmean, median
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from synthlab.checks.registry import find
from synthlab.errors import SynthlabError
from synthlab.grading.gradebook.grades import number
from synthlab.grading.results.records import MARKS, STATUS, ClassResult, QuestionResult
from synthlab.grading.untrusted.text import one_line
from synthlab.grading.untrusted.verdicts import TRUST
from synthlab.sentence import LRI, PDI, html
from synthlab.words import N_, Text, direction, translate

_WORDS = {
    "skip": N_("Skip to the students"),
    "report": N_("Class report"),
    "handed_in": N_("Handed in"),
    "graded": N_("Graded"),
    "not_graded": N_("Not graded"),
    "not_graded_word": N_("not graded"),
    "wait": N_("Wait for a person"),
    "mean": N_("Mean points"),
    "median": N_("Median points"),
    "the_class": N_("The class"),
    "student": N_("Student"),
    "points": N_("Points"),
    "legend": N_("Legend"),
    "the_questions": N_("The questions"),
    "question": N_("Question"),
    "how_it_went": N_("How it went"),
    "failed_most": N_("What failed most"),
    "the_students": N_("The students"),
    "full": N_("Full points."),
    "gradebook": N_(
        "The points are those of nbgrader's gradebook; its formgrader can change them."
    ),
}


def report_html(result: ClassResult) -> str:
    """The whole page, in the class's language; the same results make the same bytes."""
    code = result.language
    style = _file("report.css")
    unit = translate("course", result.unit.title, code)
    pages = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    pages.filters |= {"text": _text, "attribute": _attribute, "number": number}
    return pages.from_string(_file("report.html.jinja")).render(
        result=result,
        unit=unit,
        title=Text(N_("Class report: {title}"), {"title": unit}, domain="cli").render(code),
        direction=direction(code),
        style=style,
        digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        say={name: _text(translate("cli", msgid, code)) for name, msgid in _WORDS.items()},
        statuses={name: _text(translate("cli", msgid, code)) for name, msgid in STATUS.items()},
        trust=_text(translate("cli", TRUST[result.sandboxed], code)),
        marks=MARKS,
        seen={q.status for s in result.graded for q in s.questions},
        points=[s.points for s in result.graded],
        rows=[_row(result, name) for name in result.questions],
        mean=fmean,
        median=median,
    )


def _file(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _text(text: str) -> Markup:
    return Markup(html(one_line(text)))  # noqa: S704 - `html` escapes it


def _attribute(text: str) -> str:
    return one_line(text).translate({ord(sign): None for sign in f"{LRI}{PDI}`"})


def _row(result: ClassResult, name: str) -> dict[str, Any]:
    """What the table of questions says of one."""
    answers = [q for s in result.graded for q in s.questions if q.question == name]
    failed = Counter(q.failed for q in answers if q.failed).most_common(1)
    return {
        "title": result.title(name),
        "points": [q.points for q in answers if q.points is not None],
        "maximum": max((q.maximum for q in answers), default=0.0),
        "failed": _goal(name, failed[0][0], result.language) if failed else "",
        "times": failed[0][1] if failed else 0,
        **_bar(answers, result.language),
    }


def _goal(question: str, failed: str, code: str) -> str:
    """What a property asks for, in words; its name where the course has no such check."""
    try:
        properties = find(question).properties
    except SynthlabError:
        return failed
    goals = (p.text("goal").render(code) for p in properties if p.name == failed)
    return next(goals, failed)


def _bar(answers: list[QuestionResult], code: str) -> dict[str, Any]:
    """A bar of the statuses' shares, in percent of its width, and its words."""
    counts = Counter(q.status for q in answers)
    parts, words, left = [], [], 0.0
    for status in STATUS:
        if counts[status]:
            width = 100 * counts[status] / counts.total()
            shown = f"{max(width - 0.6, 0.3):.2f}"
            parts.append({"status": status, "left": f"{left:.2f}", "width": shown})
            words.append(f"{translate('cli', STATUS[status], code)}: {counts[status]}")
            left += width
    return {"parts": parts, "label": ", ".join(words)}
