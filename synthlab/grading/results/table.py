"""The table of scores that the command line prints."""

from __future__ import annotations

from functools import partial

from rich.table import Table
from rich.text import Text as Line

from synthlab.grading.gradebook.grades import number
from synthlab.grading.results.records import MARKS, STATUS, ClassResult, SubmissionResult
from synthlab.grading.untrusted.text import one_line
from synthlab.words import N_, translate

_STYLES = {
    "correct": "green",
    "graded": "green",
    "partial": "yellow",
    "incorrect": "red",
    "error": "red",
    "timeout": "red",
    "needs-person": "magenta",
}


def score_table(result: ClassResult) -> Table:
    """A row a student: the points, and for every question that lost some, the reason."""
    say = partial(translate, "cli", code=result.language)
    table = Table(show_lines=True, expand=False)
    table.add_column(say(N_("Student")), no_wrap=True)
    table.add_column(say(N_("Points")), justify="right", no_wrap=True)
    table.add_column(say(N_("Why points are missing")), overflow="fold")
    for submission in result.submissions:
        points = (
            f"{number(submission.points)} / {number(result.maximum)}" if submission.graded else "–"
        )
        table.add_row(Line(one_line(submission.student, 40)), points, _reasons(result, submission))
    return table


def _reasons(result: ClassResult, submission: SubmissionResult) -> Line:
    say = partial(translate, "cli", code=result.language)
    lines: list[Line] = []
    if submission.problem:
        lines.append(Line(one_line(submission.problem), style="red"))
    lines += [Line(one_line(note), style="yellow") for note in submission.notes]
    for question in submission.lost:
        line = _mark(question.status)
        of = f"{number(question.points or 0.0)}/{number(question.maximum)}"
        line.append(f" {one_line(result.title(question.question), 80)} {of}: ", style="bold")
        line.append(one_line(question.reason) or say(STATUS[question.status]))
        lines.append(line)
    for status, questions in submission.quiet.items():
        line = _mark(status)
        line.append(f" {say(STATUS[status])}: ", style="bold")
        line.append(", ".join(one_line(result.title(q.question), 80) for q in questions))
        lines.append(line)
    return Line("\n").join(lines)


def _mark(status: str) -> Line:
    return Line(MARKS[status], style=_STYLES.get(status, ""))
