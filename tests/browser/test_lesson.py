"""The learner's journey through the GAN unit in a real JupyterLab, in English and in Arabic."""

from __future__ import annotations

import re

import nbformat
import pytest
from playwright.sync_api import expect

from synthlab import manifest, words
from synthlab.authoring.project import Project
from synthlab.authoring.source import read_source
from synthlab.authoring.workspace import lay_out

pytestmark = pytest.mark.browser

UNIT = manifest.load().unit("gan")
#: Milliseconds for all cells of the lesson: its budget is 60 s of computing, on a machine that
#: also runs the browser and the server.
LESSON = 300_000


@pytest.fixture(scope="module", params=["ar", pytest.param("en", marks=pytest.mark.full)])
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def workspace(lab, language):
    """What `synthlab lab DIR --language …` lays out, below the server's root."""
    folder = lab.root / f"course-{language}"
    lay_out(Project.here(), folder, language)
    return folder


@pytest.fixture(scope="module")
def lesson(open_notebook, workspace):
    return open_notebook(workspace / "lessons" / f"{UNIT.folder}.ipynb", reduced_motion="reduce")


def test_the_lesson_runs_top_to_bottom_with_the_widget_live(lesson, language, screenshot):
    page = lesson.page
    page.set_default_timeout(LESSON)
    lesson.run_all()
    saved = lesson.save()
    outputs = [output for cell in saved.cells for output in cell.get("outputs", [])]
    assert [(o.ename, o.evalue) for o in outputs if o.output_type == "error"] == []
    assert [o.text for o in outputs if o.get("name") == "stderr"] == []
    assert sum("image/png" in o.get("data", {}) for o in outputs) >= 8, "the lesson's figures"
    ran = [cell for cell in saved.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in ran)

    root = page.locator(".sl-live")
    root.scroll_into_view_if_needed()
    expect(root).to_have_attribute("data-sl-frame", re.compile(r"^[1-9]"))
    expect(root).to_have_attribute("dir", words.direction(language))
    root.locator('[data-sl-action="run"]').click()
    page.wait_for_function(
        "() => Number(document.querySelector('.sl-live').dataset.slStep) >= 20", timeout=LESSON
    )
    root.locator('[data-sl-action="pause"]').click()
    expect(root).to_have_attribute("data-sl-settled", "")
    screenshot(page.locator(".jp-NotebookPanel"), f"lesson-{language}")


def test_its_prose_is_in_its_language_and_its_code_is_the_same(lesson, workspace, language):
    title = words.translate("course", UNIT.title, language)
    heading = lesson.page.locator(".jp-MarkdownOutput h1").first
    heading.scroll_into_view_if_needed()
    expect(heading).to_contain_text(title)
    expect(heading).to_have_css("direction", words.direction(language))


def test_a_wrong_answer_then_a_right_one(open_notebook, workspace, language, screenshot):
    """The stub is not attempted; a known mistake is named; the answer is right."""
    name = "gan.generator_loss"
    question = read_source(UNIT).questions[name]
    mistake = next(m for m in question.mistakes if m.name == "log-of-sigmoid")
    path = workspace / "exercises" / "gan.ipynb"
    for code, status, word in (
        (question.stub, "not-attempted", "Not attempted yet"),
        (mistake.code, "partial", "Partly correct"),
        (question.answer, "correct", "Correct"),
    ):
        notebook = nbformat.read(path, as_version=4)
        keep = [c for c in notebook.cells if "from synthlab import" in c.source]
        answer, check = (
            next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == i)
            for i in ("answer-gan-generator_loss", "check-gan-generator_loss")
        )
        answer.source = code
        notebook.cells = [*keep, answer, check]
        copy = path.with_name(f"try-{status}.ipynb")
        nbformat.write(notebook, copy)
        opened = open_notebook(copy)
        opened.run_all()
        verdict = opened.page.locator(".synthlab-verdict")
        expect(verdict.locator("strong").first).to_have_text(
            words.translate("checks", word, language)
        )
        expect(verdict).to_have_attribute("dir", words.direction(language))
        expect(verdict.locator("p").first).to_have_css("text-align", "start")
        screenshot(verdict, f"verdict-{status}-{language}")
        opened.close()
