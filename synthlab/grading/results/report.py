"""``report.html``: a class on one page that needs no other file, no script and no network.

Student ids and everything that a notebook printed are of unknown intent: all text goes through
`_text`, and a content security policy forbids scripts, images and connections besides.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable
from html import escape
from importlib import resources
from statistics import fmean, median

from synthlab.checks.registry import find
from synthlab.errors import SynthlabError
from synthlab.grading.untrusted.text import one_line
from synthlab.grading.gradebook.grades import number
from synthlab.grading.results.records import MARKS
from synthlab.grading.results.records import STATUS, ClassResult, QuestionResult, SubmissionResult
from synthlab.grading.untrusted.verdicts import TRUST
from synthlab.sentence import LRI, PDI, html
from synthlab.words import N_, Text, direction, translate

#: The order of the parts of a bar.
_ORDER = tuple(STATUS)


def report_html(result: ClassResult) -> str:
    """The whole page, in the class's language; the same results make the same bytes."""
    return _Page(result).html()


def _text(text: str) -> str:
    return html(one_line(text))


def _attribute(text: str) -> str:
    return escape(one_line(text).translate({ord(sign): None for sign in f"{LRI}{PDI}`"}))


class _Page:
    """One report: its words, then its parts from top to bottom."""

    def __init__(self, result: ClassResult) -> None:
        self.result = result
        self.code = result.language
        self.style = (resources.files(__package__) / "report.css").read_text(encoding="utf-8")

    def say(self, msgid: str, **params: object) -> str:
        """A sentence of the command line's catalogue, escaped."""
        return _text(Text(msgid, params, domain="cli").render(self.code))

    def html(self) -> str:
        digest = base64.b64encode(hashlib.sha256(self.style.encode()).digest()).decode()
        policy = (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )
        unit = translate("course", self.result.unit.title, self.code)
        title = Text(N_("Class report: {title}"), {"title": unit}, domain="cli").render(self.code)
        return "\n".join(
            [
                "<!doctype html>",
                f'<html lang="{self.code}" dir="{direction(self.code)}">',
                "<head>",
                '<meta charset="utf-8">',
                f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
                '<meta name="viewport" content="width=device-width, initial-scale=1">',
                f"<title>{_attribute(title)}</title>",
                f"<style>{self.style}</style>",
                "</head>",
                "<body>",
                f'<a class="skip" href="#students">{self.say(N_("Skip to the students"))}</a>',
                self.header(),
                "<main>",
                self.class_table(),
                self.question_table(),
                self.students(),
                "</main>",
                self.footer(),
                "</body>",
                "</html>",
                "",
            ]
        )

    def header(self) -> str:
        result = self.result
        points = [s.points for s in result.graded]
        facts = [
            (self.say(N_("Handed in")), str(len(result.submissions))),
            (self.say(N_("Graded")), str(len(points))),
            (self.say(N_("Not graded")), str(len(result.submissions) - len(points))),
            (self.say(N_("Wait for a person")), str(sum(s.needs_person for s in result.graded))),
        ]
        if points:
            facts += [
                (self.say(N_("Mean points")), _of(fmean(points), result.maximum)),
                (self.say(N_("Median points")), _of(median(points), result.maximum)),
            ]
        listed = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
        title = _text(translate("course", result.unit.title, self.code))
        return (
            f'<header><p class="eyebrow">{self.say(N_("Class report"))}</p>'
            f'<h1>{title}</h1><dl class="facts">{listed}</dl></header>'
        )

    def class_table(self) -> str:
        columns = "".join(
            f'<th scope="col">{_text(self.result.title(q))}</th>' for q in self.result.questions
        )
        rows = "\n".join(
            self.class_row(index, submission)
            for index, submission in enumerate(self.result.submissions)
        )
        return (
            f'<section><h2 id="class">{self.say(N_("The class"))}</h2>'
            f'<div class="scroll" role="region" aria-labelledby="class" tabindex="0">'
            f'<table class="class"><thead><tr><th scope="col">{self.say(N_("Student"))}</th>'
            f'{columns}<th scope="col" class="number">{self.say(N_("Points"))}</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></div>{self.legend()}</section>"
        )

    def class_row(self, index: int, submission: SubmissionResult) -> str:
        head = (
            f'<th scope="row"><a href="#s{index}"><bdi>{_text(submission.student)}</bdi></a></th>'
        )
        if not submission.graded:
            span = len(self.result.questions)
            word = self.say(N_("not graded"))
            return (
                f'<tr>{head}<td class="refused" colspan="{span}">{_text(submission.problem)}</td>'
                f'<td class="number"><span aria-hidden="true">–</span>'
                f'<span class="unseen">{word}</span></td></tr>'
            )
        found = {question.question: question for question in submission.questions}
        cells = "".join(
            f"<td>{self.cell(found[q])}</td>" if q in found else "<td></td>"
            for q in self.result.questions
        )
        return f'<tr>{head}{cells}<td class="number">{number(submission.points)}</td></tr>'

    def cell(self, question: QuestionResult) -> str:
        points = "" if question.points is None else number(question.points)
        return (
            f"{_mark(question.status)} {points}"
            f'<span class="unseen"> {self.status(question.status)}</span>'
        )

    def status(self, status: str) -> str:
        return self.say(STATUS[status])

    def legend(self) -> str:
        seen = {q.status for s in self.result.graded for q in s.questions}
        marks = "".join(
            f"<li>{_mark(status)} {self.status(status)}</li>" for status in _ORDER if status in seen
        )
        return f'<ul class="legend" aria-label="{self.say(N_("Legend"))}">{marks}</ul>'

    def question_table(self) -> str:
        rows = "\n".join(self.question_row(name) for name in self.result.questions)
        heads = "".join(
            f'<th scope="col"{kind}>{self.say(msgid)}</th>'
            for msgid, kind in (
                (N_("Question"), ""),
                (N_("Mean points"), ' class="number"'),
                (N_("How it went"), ""),
                (N_("What failed most"), ""),
            )
        )
        return (
            f'<section><h2 id="questions">{self.say(N_("The questions"))}</h2>'
            '<div class="scroll" role="region" aria-labelledby="questions" tabindex="0">'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
        )

    def question_row(self, name: str) -> str:
        answers = [q for s in self.result.graded for q in s.questions if q.question == name]
        points = [q.points for q in answers if q.points is not None]
        maximum = max((q.maximum for q in answers), default=0.0)
        mean = _of(fmean(points), maximum) if points else "–"
        failed = Counter(q.failed for q in answers if q.failed).most_common(1)
        worst = f"{_text(self.goal(name, failed[0][0]))} × {failed[0][1]}" if failed else ""
        return (
            f'<tr><th scope="row">{_text(self.result.title(name))}</th>'
            f'<td class="number">{mean}</td><td>{self.bar(q.status for q in answers)}</td>'
            f'<td class="quiet">{worst}</td></tr>'
        )

    def goal(self, question: str, failed: str) -> str:
        """What a property asks for, in words; its name where the course has no such check."""
        try:
            properties = find(question).properties
        except SynthlabError:
            return failed
        goals = (p.text("goal").render(self.code) for p in properties if p.name == failed)
        return next(goals, failed)

    def bar(self, statuses: Iterable[str]) -> str:
        """A bar of the statuses' shares, which also says them in words."""
        counts = Counter(statuses)
        total = counts.total()
        if not total:
            return ""
        words, parts, left = [], [], 0.0
        for status in _ORDER:
            if counts[status]:
                width = 100 * counts[status] / total
                parts.append(
                    f'<rect class="{status}" x="{left:.2f}" y="0" '
                    f'width="{max(width - 0.6, 0.3):.2f}" height="8"/>'
                )
                words.append(f"{translate('cli', STATUS[status], self.code)}: {counts[status]}")
                left += width
        label = _attribute(", ".join(words))
        return (
            f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" '
            f'aria-label="{label}"><title>{label}</title>{"".join(parts)}</svg>'
        )

    def students(self) -> str:
        parts = "\n".join(
            self.student(index, submission)
            for index, submission in enumerate(self.result.submissions)
        )
        return f'<section><h2 id="students">{self.say(N_("The students"))}</h2>{parts}</section>'

    def student(self, index: int, submission: SubmissionResult) -> str:
        notes = "".join(f'<p class="note">{_text(note)}</p>' for note in submission.notes)
        if not submission.graded:
            total = self.say(N_("not graded"))
            body = f'<p class="refused">{_text(submission.problem)}</p>'
        else:
            total = _of(submission.points, self.result.maximum)
            items = [self.lost(q) for q in submission.lost]
            items += [self.quiet(status, found) for status, found in submission.quiet.items()]
            full = f"<p>{self.say(N_('Full points.'))}</p>"
            body = notes + (f"<ul>{''.join(items)}</ul>" if items else full)
            if submission.late:
                body += f"<p>{_text(submission.late)}</p>"
        return (
            f'<article class="student" id="s{index}" aria-labelledby="n{index}">'
            f'<div><h3 id="n{index}"><bdi>{_text(submission.student)}</bdi></h3>'
            f'<p class="total">{total}</p></div><div>{body}</div></article>'
        )

    def lost(self, question: QuestionResult) -> str:
        points = _of(question.points or 0.0, question.maximum)
        reason = f"<p>{_text(question.reason)}</p>" if question.reason else ""
        return (
            f"<li>{_mark(question.status)} {_text(self.result.title(question.question))}"
            f' <span class="quiet">· {points} · {self.status(question.status)}</span>{reason}</li>'
        )

    def quiet(self, status: str, questions: list[QuestionResult]) -> str:
        titles = ", ".join(_text(self.result.title(q.question)) for q in questions)
        return (
            f'<li>{_mark(status)} {titles} <span class="quiet">· {self.status(status)}</span></li>'
        )

    def footer(self) -> str:
        trust = self.say(TRUST[self.result.sandboxed])
        book = self.say(
            N_("The points are those of nbgrader's gradebook; its formgrader can change them.")
        )
        return f"<footer><p>{trust}</p><p>{book}</p></footer>"


def _mark(status: str) -> str:
    return f'<span class="mark {status}" aria-hidden="true">{MARKS[status]}</span>'


def _of(points: float, maximum: float) -> str:
    """A fraction that keeps its order in a page that runs from right to left."""
    return f'<bdi dir="ltr">{number(points)} / {number(maximum)}</bdi>'
