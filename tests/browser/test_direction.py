"""The labextension: an Arabic lesson reads from right to left, its code from left to right."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from synthlab.authoring.prose import directed

pytestmark = pytest.mark.browser

TEXT = "md:" + directed("# عنوان\n\nنص فيه `code` ومعادلة $x^2$.\n\n- بند\n", "ar")


@pytest.fixture(scope="module")
def notebook(open_notebook):
    return open_notebook([TEXT, "1 + 1"], language="ar")


def test_text_reads_from_right_to_left_and_code_does_not(notebook):
    text = notebook.page.locator(".jp-MarkdownCell .jp-MarkdownOutput")
    expect(text).to_have_attribute("dir", "rtl")
    expect(text).to_have_attribute("lang", "ar")
    expect(text.locator("h1")).to_have_css("direction", "rtl")
    expect(text.locator("p").first).to_have_css("direction", "rtl")
    expect(text.locator("p").first).to_have_css("text-align", "start")
    expect(text.locator("code")).to_have_css("direction", "ltr")
    expect(text.locator("mjx-container")).to_have_css("direction", "ltr")
    code = notebook.page.locator(".jp-CodeCell .jp-InputArea-editor")
    expect(code).to_have_css("direction", "ltr")
    # Nothing but the text turns round: the page itself stays.
    expect(notebook.page.locator("body")).to_have_css("direction", "ltr")


def test_the_editor_of_a_text_cell_turns_round_too(notebook):
    notebook.page.locator(".jp-MarkdownOutput").dblclick()
    expect(notebook.page.locator(".jp-MarkdownCell .cm-content")).to_have_css("direction", "rtl")
    notebook.run_all()  # renders the text again
    expect(notebook.page.locator(".jp-MarkdownOutput")).to_have_attribute("dir", "rtl")


def test_language_and_direction_can_change_while_the_notebook_is_open(notebook):
    change = """more => window.jupyterapp.shell.currentWidget.content.model
        .setMetadata("synthlab", { unit: "gan", ...more })"""
    text = notebook.page.locator(".jp-MarkdownCell .jp-MarkdownOutput")
    notebook.page.evaluate(change, {"language": "en"})
    expect(text).not_to_have_attribute("dir", "rtl")
    # The reader's own direction goes before the one that the cell brings.
    notebook.page.evaluate(change, {"language": "ar", "direction": "ltr"})
    expect(text.locator("p").first).to_have_css("direction", "ltr")
    notebook.page.evaluate(change, {"language": "ar"})
    expect(text.locator("p").first).to_have_css("direction", "rtl")
