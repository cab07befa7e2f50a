"""The report: complete, escaped, accessible, self-contained, in both languages."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from axe_playwright_python.sync_playwright import Axe
from rich.console import Console

from synthlab import manifest
from synthlab.grading.results.records import ClassResult, QuestionResult, SubmissionResult
from synthlab.grading.results.report import report_html
from synthlab.grading.results.table import score_table
from synthlab.words import translate

EVIL = "<script>document.title='owned'</script><img src=x onerror=alert(1)>&\"'"


class _Elements(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def questions():
    unit = manifest.load().unit("gan")
    statuses = ["correct", "partial", "incorrect", "not-attempted", "error", "timeout", "graded"]
    found = [
        QuestionResult(q.id, q.points, q.points / 2, status, "value", f"{EVIL} {q.id}")
        for q, status in zip(unit.questions, statuses, strict=False)
    ]
    last = unit.questions[-1]
    return (*found, QuestionResult(last.id, last.points, None, "needs-person"))


@pytest.fixture(params=["en", "ar"])
def result(request, questions):
    unit = manifest.load().unit("gan")
    return ClassResult(
        unit,
        request.param,
        (
            SubmissionResult(EVIL[:60], questions=questions, notes=(EVIL,), penalty=0.5),
            SubmissionResult("amal", questions=questions),
            SubmissionResult("damaged\x1b[31m", problem=EVIL),
        ),
    )


def test_every_student_and_reason_is_on_the_page(result):
    page = _Elements(report_html(result))
    for text in (EVIL, EVIL[:60], "amal", "damaged [31m", "gan.ring"):
        assert text in page.text
    for question in result.unit.questions:
        assert translate("course", question.title, result.language) in page.text


def test_nothing_of_a_student_becomes_markup(result):
    page = _Elements(report_html(result))
    assert not page.all("script")
    assert not page.all("img")
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_the_page_needs_nothing_else_and_forbids_the_rest(result):
    html = report_html(result)
    page = _Elements(html)
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not page.all("link")
    assert not re.search(r"https?://|url\(|@import", html)
    assert not any("style" in attributes for _, attributes in page.tags)  # the policy forbids them


def test_language_direction_and_table_headers(result):
    page = _Elements(report_html(result))
    direction = {"en": "ltr", "ar": "rtl"}[result.language]
    assert page.all("html") == [{"lang": result.language, "dir": direction}]
    scopes = [head.get("scope") for head in page.all("th")]
    # Two tables: 8 questions + student + points, and four columns; then a row head a student
    # and a question.
    assert scopes.count("col") == 10 + 4
    assert scopes.count("row") == 3 + 8
    assert None not in scopes


def test_same_results_same_bytes(result):
    assert report_html(result) == report_html(result)


def test_a_class_without_any_result_has_a_report(questions):
    unit = manifest.load().unit("gan")
    page = _Elements(report_html(ClassResult(unit, "en", (SubmissionResult("a", problem="No."),))))
    assert "No." in page.text


@pytest.mark.browser
def test_in_a_browser_it_runs_nothing_and_is_accessible(result, chromium, tmp_path):
    (tmp_path / "report.html").write_text(report_html(result), encoding="utf-8")
    page = chromium.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((tmp_path / "report.html").as_uri())
    assert "owned" not in page.title()
    assert complaints == []  # the policy lets the style sheet through
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(253, 253, 252)"
    assert Axe().run(page).violations_count == 0
    page.close()


def test_the_terminal_table_obeys_no_student(result):
    console = Console(width=120, force_terminal=True, record=True)
    with console.capture() as shown:
        console.print(score_table(result))
    text = shown.get()
    assert "damaged [31m" in text  # the escape itself is gone, its letters stay
    assert "amal" in text
