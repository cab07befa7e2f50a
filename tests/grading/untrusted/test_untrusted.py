"""Outputs of a submission, made harmless: without a browser (that is tests/browser's part)."""

from __future__ import annotations

import time
from pathlib import Path

import nbformat
import nbgrader.server_extensions.formgrader as formgrader
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.exporters import HTMLExporter
from nbgrader.utils import determine_grade
from traitlets.config import Config

from synthlab.checks import render
from synthlab.checks.notebook import UNTRUSTED
from synthlab.checks.verdict import MIMETYPE, PropertyVerdict, Status, Verdict
from synthlab.grading.gradebook.steps import NeutralFeedback, NeutralNotebook
from synthlab.grading.untrusted.cells import MAX_SOURCE, harmless_cells, harmless_metadata
from synthlab.grading.untrusted.markup import MAX_TAGS, harmless_html
from synthlab.grading.untrusted.outputs import SHOWN, kept, rebuilt
from synthlab.grading.untrusted.prose import MAX_MARKDOWN, harmless_markdown
from synthlab.grading.untrusted.text import terminal_text
from synthlab.grading.untrusted.verdicts import TRUST, mark_judged
from synthlab.words import Text

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)


def _shown(notebook: nbformat.NotebookNode) -> str:
    """The page that formgrader makes of a notebook."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    folder = Path(formgrader.__file__).parent / "templates"
    config.HTMLExporter.extra_template_basedirs = [str(folder)]
    resources = {"base_url": "", "index": 0, "total": 1}
    html, _ = HTMLExporter(config=config).from_notebook_node(notebook, resources)
    return str(html)


def _notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(cells=list(cells))


def _neutral(notebook, resources=None, step=NeutralNotebook):
    notebook, _ = step().preprocess(notebook, {} if resources is None else resources)
    return notebook


# -- HTML and Markdown


@pytest.mark.parametrize(
    "html",
    [
        "<p>one <b>two</b> <i>three</i></p>",
        "<ul><li>a</li></ul>",
        '<table class="dataframe"><tbody><tr><th>x</th><td colspan="2">1</td></tr></tbody></table>',
        '<span style="font-weight:bold;text-align:right">x</span>',
        "<pre>a\nb</pre>",
        f'<img src="data:image/png;base64,{PNG}" alt="a figure" width="40">',
        '<p dir="rtl" lang="ar">نصّ</p>',
        "<details><summary>s</summary>d</details>",
    ],
)
def test_harmless_html_stays(html):
    assert html.replace("\n", "&#10;") in harmless_html(html)


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**bold** `a<b`", '<strong>bold</strong> <code dir="ltr">a&lt;b</code>'),
        ("$a<b$ and $$x_1*y_1$$", "$a&lt;b$ and $$x_1*y_1$$"),
        ("\\begin{align}a&<b\\\\c\\end{align}", "\\begin{align}a&amp;&lt;b\\\\c\\end{align}"),
        ("# Title", "<h1>Title</h1>"),
        ("جواب\n\n```python\nx = 1\n```", '<div dir="ltr"><div class="highlight">'),
        ("[paper](https://arxiv.org/a)", 'href="https://arxiv.org/a"'),
        ("- a\n- b", "<li>a</li>"),
        ("```python\nx = 1\n```", '<span class="n">x</span>'),
        ("| a |\n|---|\n| 1 |", "<td>1</td>"),
        ("| a |\n|---|\n| 1 |", '<th style="text-align:start">a</th>'),
    ],
)
def test_harmless_markdown_shows_what_it_says(markdown, html):
    assert html in harmless_markdown(markdown)


def test_markdown_becomes_one_block_that_no_parser_reads_otherwise():
    source = harmless_markdown("a\n\n[x](javascript:1)\n\n&#13;&#13;[y](https://e.org)\n")
    assert len(source.splitlines()) == 1
    assert "javascript" not in source


@given(st.text(alphabet="<>/ab =\"'&#;!-[]()`*$\\\n\r\t\u2028\x85x:1", max_size=80))
def test_applying_it_again_changes_nothing(text):
    once = harmless_markdown(text)
    twice = harmless_markdown(once)
    assert harmless_markdown(twice) == twice
    assert len(twice.splitlines()) == 1
    html = harmless_html(text)
    again = harmless_html(html)
    assert harmless_html(again) == again


@pytest.mark.parametrize("command", ["href", "class", "cssId", "style", "unicode", "require"])
def test_mathematics_makes_no_html(command):
    for text in (f"$\\{command}{{javascript:1}}{{x}}$", f"<p>$\\{command}{{a}}{{b}}$</p>"):
        assert f"\\{command}" not in harmless_markdown(text)
        assert f"\\{command}" not in harmless_html(text)
        assert f"\\\u2060{command}" in harmless_html(text)  # it still reads the same
    data = {"text/latex": f"$\\{command}$"}
    latex = {"output_type": "display_data", "metadata": {}, "data": data}
    (output,) = rebuilt([latex], SHOWN, "en")
    assert f"\\{command}" not in output.data["text/html"]
    kept = harmless_html(r"$\classical \stylee \alpha \frac12$")
    assert r"\classical \stylee \alpha \frac12" in kept


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.png",
        "//evil.example/a.png",
        "a.png",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:text/html;base64,PHA+",
        "data:image/png;base64,PHA+",
        "attachment:missing",
    ],
)
def test_only_pictures_that_are_data_are_shown(address):
    for source in (f"![alt]({address})", f'<img src="{address}" alt="alt">'):
        assert "src=" not in harmless_markdown(source)


def test_an_attached_picture_is_shown():
    source = harmless_markdown("![a](attachment:f.png)", {"f.png": {"image/png": PNG}})
    assert f'src="data:image/png;base64,{PNG}"' in source


HOSTILE = {
    "long": "x" * 5_000_000,
    "brackets": "[" * MAX_MARKDOWN,
    "links": "[a](" * (MAX_MARKDOWN // 4),
    "emphasis": "*a _b " * (MAX_MARKDOWN // 6),
    "mathematics": "\\begin{a}" * (MAX_MARKDOWN // 9),
    "quotes": ">" * MAX_MARKDOWN,
    "open tags": "<div>" * (MAX_MARKDOWN // 5),
    "formatting": "<b><p>" * (MAX_TAGS // 2),
    "table": "|" * 20_000 + "\n" + "|-" * 20_000 + "\n" + "|" * 20_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_bounded_in_time_and_size(name):
    started = time.perf_counter()
    source = harmless_markdown(HOSTILE[name])
    html = harmless_html(HOSTILE[name])
    assert max(len(source), len(html)) < 2_000_000
    cell = nbformat.v4.new_code_cell("1", id="b")
    cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]
    _shown(_notebook(nbformat.v4.new_markdown_cell(source, id="a"), cell))
    # Two seconds on an idle machine; unbounded, several of these take minutes.
    assert time.perf_counter() - started < 20


# -- terminal text


def test_colours_stay_and_everything_else_of_a_terminal_goes():
    text = (
        "\x1b[1;31mred\x1b[0m \x1b[38;5;28mgreen\x1b[0m\x1b[2J\x1b]8;;https://e.org\x07link\x07\x08"
    )
    assert terminal_text(text) == "\x1b[1;31mred\x1b[0m \x1b[38;5;28mgreen\x1b[0mlink  "


@pytest.mark.parametrize("cut", ["\x1b[38m", "\x1b[48;5m", "\x1b[38;5;999m", "\x1b[38;2;1m"])
def test_a_colour_that_is_cut_short_stops_no_page(cut):
    cell = nbformat.v4.new_code_cell("1", id="a")
    cell.outputs = [nbformat.v4.new_output("stream", text=f"{cut}hello")]
    if cut == "\x1b[38m":  # as it stands, nbconvert raises and formgrader answers "500"
        with pytest.raises(IndexError):
            _shown(_notebook(cell))
    assert ">hello<" in _shown(_neutral(_notebook(cell)))


def test_what_was_written_over_is_gone():
    assert terminal_text("10 %\r50 %\r100 %\ndone\r\n") == "100 %\ndone\n"


# -- outputs

STRANGE = [
    None,
    7,
    "text",
    {},
    {"output_type": "stream"},
    {"output_type": "stream", "name": "stdin", "text": "x"},
    {"output_type": "stream", "name": "stdout", "text": {"a": 1}},
    {"output_type": "error"},
    {"output_type": "error", "ename": 1, "evalue": [2], "traceback": "not a list"},
    {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["x"] * 100_000},
    {"output_type": "display_data", "data": "x"},
    {"output_type": "display_data", "data": {"text/html": {"a": "b"}, "image/png": 3}},
    {"output_type": "display_data", "data": {"text/plain": "\ud800"}, "metadata": 5},
    {"output_type": "execute_result", "data": {}, "execution_count": "<img>"},
    {"output_type": "display_data", "data": {"application/x": float("nan")}},
    {"output_type": "display_data", "data": {"image/png": PNG}, "svg_filename": "https://e.org"},
]


@pytest.mark.parametrize("output", STRANGE, ids=range(len(STRANGE)))
def test_strange_outputs_become_valid_ones_that_every_exporter_takes(output):
    for policy in (kept(1_000_000), SHOWN):
        cell = nbformat.v4.new_code_cell("1", id="a")
        cell.outputs = rebuilt([output], policy, "en")
        assert len(cell.outputs) == 1
        notebook = _notebook(cell)
        nbformat.validate(notebook)
        nbformat.writes(notebook).encode("utf-8")
    assert "e.org" not in _shown(notebook)


@pytest.mark.parametrize("outputs", [None, 3, "x", {"a": 1}, [], ()])
def test_outputs_that_are_no_list(outputs):
    assert len(rebuilt(outputs, SHOWN, "en")) == (1 if outputs else 0)


def test_a_flood_is_cut_and_says_so():
    many = [{"output_type": "stream", "name": "stdout", "text": "x"}] * 5_000
    for policy in (kept(1_000_000), SHOWN):
        found = rebuilt(many, policy, "en")
        assert len(found) == policy.most + 1
        assert found[-1].ename == "OutputLimit"
    long = [{"output_type": "stream", "name": "stdout", "text": "x" * 50_000_000}]
    assert len(rebuilt(long, SHOWN, "en")[0].text) < 200_000
    assert [o.ename for o in rebuilt(long, kept(1_000_000), "en")] == ["OutputLimit"]


def test_the_judge_keeps_every_valid_type_but_a_verdict_of_the_kernels():
    data = {"application/json": {"a": [1, "\ud800"]}, "image/svg+xml": ["<svg>", "</svg>"]}
    odd = {"application/x+json": float("nan"), MIMETYPE: {"score": 1.0}, "text": "x", "text/x": 3}
    output = {"output_type": "display_data", "data": data | odd, "metadata": {}}
    (found,) = rebuilt([output], kept(1_000_000), "en")
    assert found.data == {"application/json": {"a": [1, "?"]}, "image/svg+xml": "<svg></svg>"}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_cannot_be_shown_is_named(language):
    widget = {"application/vnd.vega.v5+json": {"data": {"url": "https://e.org"}}}
    output = {"output_type": "display_data", "data": widget, "metadata": {}}
    (found,) = rebuilt([output], SHOWN, language)
    assert "application/vnd.vega.v5+json" in found.data["text/plain"]
    assert ("not shown" in found.data["text/plain"]) == (language == "en")
    assert set(found.data) == {"text/plain"}


def _graded(*outputs, answer=False):
    cell = nbformat.v4.new_code_cell("check()", id="c")
    cell.outputs = [nbformat.from_dict(output) for output in outputs]
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": "check-gan-ring",
        "grade": not answer,
        "solution": answer,
        "locked": not answer,
        "task": False,
        "points": 3,
    }
    return cell


def _result(text):
    return {
        "output_type": "execute_result",
        "execution_count": 1,
        "metadata": {},
        "data": {"text/plain": text},
    }


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        [_result("1.5")],
        [_result("0.0"), _result("3.0")],
        [_result("'a repr'")],
        [{"output_type": "stream", "name": "stdout", "text": "x"}, _result("2.0")],
        [{"output_type": "stream", "name": "stderr", "text": "x"}, _result("2.0")],
        [{"output_type": "error", "ename": "E", "evalue": "", "traceback": []}],
        [{"output_type": "stream", "name": "stdout", "text": "x"}] * 50 + [_result("1.0")],
    ],
)
def test_no_score_changes(outputs):
    before = determine_grade(_graded(*outputs))
    cell = _neutral(_notebook(_graded(*outputs))).cells[0]
    assert determine_grade(cell) == before


def test_a_flood_before_the_points_earns_nothing():
    noise = [{"output_type": "stream", "name": "stdout", "text": "x"}] * (SHOWN.most + 1)
    cell = _neutral(_notebook(_graded(*noise))).cells[0]
    assert determine_grade(cell) == (0, 3)


# -- cells and notebooks


def test_what_templates_would_use_is_dropped():
    cell = nbformat.v4.new_code_cell("1", id="a")
    cell.metadata.update(
        {"tags": ["x navbar-fixed-top"], "transient": {"remove_source": True}, "alt": "x"}
    )
    cell.metadata["synthlab"] = {"key": "gan/intro", "other": 1}
    cell.metadata["magics_language"] = "html"
    (found,) = harmless_cells([cell], "en")
    assert found.metadata == {"synthlab": {"key": "gan/intro"}}


def test_a_raw_cell_shows_its_text():
    cell = nbformat.v4.new_raw_cell("<script>1</script>", id="r")
    cell.metadata["raw_mimetype"] = "text/html"
    (found,) = harmless_cells([cell], "en")
    assert found.cell_type == "markdown"
    assert "<pre>&lt;script&gt;1&lt;/script&gt;</pre>" in found.source


@pytest.mark.parametrize("identity", [None, "", "a b", 'x"onload=', 3, "y" * 70])
def test_odd_ids_are_replaced_and_no_two_are_the_same(identity):
    cells = [nbformat.from_dict({"cell_type": "markdown", "source": "x", "metadata": {}})] * 3
    for cell in cells:
        cell["id"] = identity
    notebook = _neutral(nbformat.from_dict({**_notebook(), "cells": cells}))
    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == 3


def test_long_code_is_cut_and_half_a_character_is_written():
    cell = nbformat.v4.new_code_cell("# \ud83d\n" + "x" * 2 * MAX_SOURCE, id="a")
    (found,) = harmless_cells([cell], "en")
    assert len(found.source) < MAX_SOURCE + 200
    found.source.encode("utf-8")


def test_metadata_that_would_stop_an_exporter_are_dropped():
    given_ = {
        "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "x": {}},
        "language_info": {"name": 5, "pygments_lexer": "x navbar-fixed-top"},
        "widgets": {"application/vnd.jupyter.widget-state+json": 3},
        "title": "<script>",
        "synthlab": {"unit": "gan", "language": "ar", "answers": "x"},
    }
    kept = harmless_metadata(given_)
    assert kept.kernelspec == {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    assert kept.synthlab == {"unit": "gan", "language": "ar"}
    assert kept.language_info.name == "python"
    assert set(kept) == {"kernelspec", "synthlab", "language_info"}


# -- verdicts


def _verdict(status=Status.PARTIAL, **params):
    goal = Text("It is {what}.", {"what": "even", **params})
    detail = Text("Measured {a}, expected {b}.", {"a": "3", "b": "2"})
    found = [
        PropertyVerdict(name, name == "a", 1, goal, detail, Text("Look."), Text("Do."))
        for name in "ab"
    ]
    return Verdict("gan.ring", status, 0.5, tuple(found))


def _claim(data, html="<b>believe me</b>", text="1.5"):
    output = _result(text)
    output["data"] |= {"text/html": html, MIMETYPE: data}
    return output


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("note", [None, Text(TRUST[False], domain="cli")])
def test_the_judges_verdict_is_shown_exactly_as_it_renders(language, note, monkeypatch):
    monkeypatch.setenv("SYNTHLAB_LANGUAGE", language)
    verdict = _verdict()
    resources: dict = {}
    html = render.html(verdict, language, note)
    notebook = _notebook(_graded(_claim(verdict.to_dict(), html)))
    mark_judged(notebook, resources)
    output = _neutral(notebook, resources).cells[0].outputs[0]
    assert output.data["text/html"] == html
    assert output.data["text/plain"] == "1.5"
    assert Verdict.from_dict(output.data[MIMETYPE]) == verdict
    # The feedback is made in another process, from the file.
    again = _neutral(notebook, {}, NeutralFeedback).cells[0].outputs[0]
    assert again == output


def test_a_claim_of_the_kernel_says_that_it_is_one():
    verdict = _verdict()
    forged = render.html(verdict, "en")
    notebook = _neutral(_notebook(_graded(_claim(verdict.to_dict(), forged))))
    shown = notebook.cells[0].outputs[0].data["text/html"]
    assert shown == render.html(verdict, "en", Text(UNTRUSTED))
    # It cannot put the judge's mark there itself.
    output = _claim(verdict.to_dict(), forged)
    output["metadata"] = {MIMETYPE: {"judged": True}}
    again = _neutral(_notebook(_graded(output)))
    again = _neutral(again, {}, NeutralFeedback)
    assert again.cells[0].outputs[0].data["text/html"] == shown


def test_an_answer_never_looks_like_a_verdict():
    verdict = _verdict(Status.CORRECT)
    cell = _graded(_claim(verdict.to_dict(), render.html(verdict, "en")), answer=True)
    output = _neutral(_notebook(cell)).cells[0].outputs[0]
    assert MIMETYPE not in output.data
    html = output.data["text/html"]
    assert "synthlab-verdict" not in html
    assert "<style" not in html
    assert "border" not in html


@pytest.mark.parametrize(
    "change",
    [
        {"status": "splendid"},
        {"score": 7},
        {"properties": [{"name": "x"}]},
        {"printed": "x" * 1_000_000},
        {"check": "<script>alert(1)</script>"},
        {"error": {"type": {}, "message": []}},
    ],
)
def test_what_is_no_verdict_is_shown_as_any_output(change):
    data = {**_verdict().to_dict(), **change}
    notebook = _neutral(_notebook(_graded(_claim(data, "<script>1</script><b>believe me</b>"))))
    html = notebook.cells[0].outputs[0].data["text/html"]
    assert "<script" not in html
    assert "script" not in html.replace("&lt;script&gt;", "").replace("&lt;/script&gt;", "")
    nbformat.validate(notebook)


@pytest.mark.parametrize("goal", ["{a:>9999999999}", "{a.__class__.__mro__}", "{", "{missing}"])
def test_sentences_of_a_claim_are_not_formatted_where_that_does_harm(goal):
    data = _verdict().to_dict()
    for found in data["properties"]:
        found["goal"] = {"msgid": goal, "params": {"a": "x"}, "domain": "checks"}
    started = time.perf_counter()
    notebook = _neutral(_notebook(_graded(_claim(data))))
    html = notebook.cells[0].outputs[0].data["text/html"]
    assert time.perf_counter() - started < 1
    assert len(html) < 20_000
    assert "Measured 3, expected 2." in html
