"""nbgrader's own pages on a class that `synthlab grade` graded: they show it, and nothing acts.

One student, "hostile", hands in everything of ``active_content.toml``. "raw" shows the same
cells as nbgrader alone would store them: there each of them does what it is meant to do.
"""

from __future__ import annotations

import importlib.util
import json
import re
import stat
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from synthlab.grading.gradebook.classroom import make_classroom
from synthlab.grading.gradebook.course import Course

HERE = Path(__file__).parent
MEASURED = re.compile(r"Measured \S+, expected \S+ ")
EVIL = "https://evil.example/"
#: What nbgrader's own templates load, whatever stands in a notebook: the mathematics.
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/latest.js"


def _load(name: str) -> ModuleType:
    """The module that pytest knows under this name, or will: its checks are registered once."""
    if name not in sys.modules:
        path = HERE.parents[1].joinpath(*name.split(".")).with_suffix(".py")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


tiny = _load("tests.grading.conftest")
tiny_files = tiny.tiny_files


def _payloads() -> dict[str, dict[str, Any]]:
    text = (HERE / "active_content.toml").read_text(encoding="utf-8")
    found = {}
    for payload in tomllib.loads(text)["payload"]:
        name = payload["name"]
        found[name] = {
            key: value.replace("EVIL", EVIL + name).replace("NAME", name)
            if isinstance(value, str)
            else value
            for key, value in payload.items()
        }
    return found


PAYLOADS = _payloads()

# Sends outputs as any code in a kernel can: also those that no display function would make.
SEND = """
def send(outputs):
    kernel = get_ipython().kernel
    for output in outputs:
        content = dict(output)
        kind = content.pop("output_type")
        if kind in ("display_data", "execute_result"):
            content.setdefault("transient", {})
        kernel.session.send(kernel.iopub_socket, kind, content, parent=kernel.get_parent())
"""

TABLE = (
    '<style scoped>.dataframe th{color:red}</style><table border="1" class="dataframe">'
    '<thead><tr style="text-align: right;"><th>loss</th></tr></thead>'
    "<tbody><tr><td>0.693</td></tr></tbody></table>"
)
DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
    "WjR9awAAAABJRU5ErkJggg=="
)
PROSE = (
    "**Because** the loss $a<b$ falls, see [the paper](https://arxiv.org/abs/1406.2661):\n\n"
    "- one\n- two\n\n| n | D |\n|---|---|\n| 1 | 0.5 |\n\n```python\nx = 1 < 2\n```\n\n"
    f"![a dot](data:image/png;base64,{DOT})\n"
)
HARMLESS = [
    {"output_type": "display_data", "data": {"text/html": TABLE}, "metadata": {}},
    {
        "output_type": "display_data",
        "data": {"image/png": DOT, "text/plain": "<Figure>"},
        "metadata": {"image/png": {"alt": "one dot", "width": 40}},
    },
    {"output_type": "stream", "name": "stdout", "text": "step 1\n\x1b[31mred\x1b[0m <ok>\n"},
]


def _outputs(payload: dict[str, Any]) -> list[dict[str, Any]] | None:
    if "html" in payload:
        return [
            {"output_type": "display_data", "data": {"text/html": payload["html"]}, "metadata": {}}
        ]
    return json.loads(payload["outputs"]) if "outputs" in payload else None


def _cells(*, executed: bool) -> list[nbformat.NotebookNode]:
    """The payloads as cells: to hand in, or as they stand after they ran."""
    cells = []
    if not executed:
        cells.append(nbformat.v4.new_code_cell(SEND, id="send"))
    for name, payload in PAYLOADS.items():
        outputs = _outputs(payload)
        if outputs is None:
            cell = nbformat.v4.new_markdown_cell(payload["markdown"], id=name)
        else:
            cell = nbformat.v4.new_code_cell(f"send({outputs!r})", id=name)
            if executed:
                cell.outputs = [nbformat.from_dict(output) for output in outputs]
        cell.metadata.update(json.loads(payload.get("metadata", "{}")))
        cells.append(cell)
    return cells


@pytest.fixture(scope="module")
def room(tiny_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A graded class with feedback: "good", "wrong", "hostile", and "raw" as nbgrader has it."""
    with tiny.tiny_course(tiny_files):
        room = make_classroom(tmp_path_factory.mktemp("formgrader") / "class").root
        wrong = tiny.GOOD | {"tiny.half": "def half(x):\n    return x / 3"}
        hostile = tiny.tiny_notebook(answers=wrong | {"tiny.why": PROSE})
        hostile.cells += _cells(executed=False)
        hostile.cells.append(nbformat.v4.new_code_cell(f"send({HARMLESS!r})", id="harmless"))
        tiny.hand_in(room, "hostile", hostile)
        tiny.hand_in(room, "raw", hostile)
        tiny.hand_in(room, "good", tiny.tiny_notebook(answers=tiny.GOOD))
        course = Course.open(room)
        result = tiny.grade(room)
        assert all(s.graded for s in result.submissions), result.submissions
        _as_nbgrader_stores_it(course)
        _feedback(course, "hostile")
        stock = Course.open(room)
        del stock.config["GenerateFeedback"]
        _feedback(stock, "raw")
        yield room


def _as_nbgrader_stores_it(course: Course) -> None:
    path = course.folder("autograded", "raw", "tiny") / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [c for c in notebook.cells if "nbgrader" in c.metadata]
    notebook.cells += _cells(executed=True)
    path.chmod(path.stat().st_mode | stat.S_IWUSR)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _feedback(course: Course, student: str) -> None:
    from nbgrader.converters import GenerateFeedback

    course._convert(GenerateFeedback, "tiny", student, force=True)


@dataclass
class Seen:
    """What happened on a page that should not happen."""

    scripts: set[str] = field(default_factory=set)
    abroad: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    dialogs: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def nothing(self) -> bool:
        return not (self.scripts or self.abroad or self.others or self.dialogs or self.left)


class Watched:
    """A page under watch."""

    def __init__(self, chromium: Browser) -> None:
        self.seen = Seen()
        self.context = chromium.new_context(viewport={"width": 1280, "height": 1000})
        self.context.set_default_timeout(60_000)
        self.context.expose_binding("ran", lambda _, name: self.seen.scripts.add(name))
        self.context.route("**/*", self._route)
        self.context.on("request", self._request)
        self.page: Page = self.context.new_page()
        self.page.on("dialog", lambda dialog: self._dialog(dialog))

    def _dialog(self, dialog: Any) -> None:
        self.seen.dialogs.append(dialog.message)
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        url = request.url
        if url.startswith(EVIL):
            self.seen.abroad.add(url.removeprefix(EVIL).partition("?")[0])
        elif not url.startswith(("http://127.0.0.1", "data:", "file:", "blob:", MATHJAX)):
            self.seen.others.add(url)

    def _route(self, route: Route) -> None:
        """Nothing leaves this machine; a page of the other host has no content."""
        if route.request.url.startswith(("http://127.0.0.1", "file:", "data:", "blob:")):
            route.continue_()
        elif route.request.url.startswith(EVIL):
            route.fulfill(status=204)
        else:
            route.abort()

    def open(self, url: str) -> Page:
        self.page.goto(url)
        self.page.wait_for_load_state("load")
        self.page.on(
            "framenavigated",
            lambda frame: self.seen.left.append(frame.url) if frame.parent_frame is None else None,
        )
        return self.page

    def click_all(self) -> None:
        """Click on everything that wants to be clicked, each after the last one's effect."""
        for name, payload in PAYLOADS.items():
            if payload.get("click"):
                self.page.get_by_text(f"click-{name}", exact=False).last.dispatch_event("click")
                # What a click sends off is sent before a timer that starts behind it.
                self.page.evaluate("() => new Promise(done => setTimeout(done, 50))")

    def works(self, name: str) -> bool:
        """Whether a payload does what it is meant to do."""
        sign = PAYLOADS[name]["sign"]
        if sign == "script":
            return name in self.seen.scripts
        if sign == "request":
            return name in self.seen.abroad
        if sign == "look":
            return self.page.locator(".synthlab-verdict", has_text=f"look-{name}").count() > 0
        if sign == "id":
            taken = self.page.locator('[id="check-tiny-half"]:not(input)')
            return taken.count() > 0
        if sign == "base":
            return bool(self.page.evaluate("() => document.baseURI").startswith(EVIL))
        words = self.page.get_by_text(f"cover-{name}", exact=True).last
        return bool(words.evaluate(_OUTSIDE))


# Whether an element, or the cell that it stands in, is painted outside the notebook's flow.
_OUTSIDE = """element => {
  const cell = element.closest('.cell');
  if (getComputedStyle(cell).position === 'fixed') return true;
  const own = element.getBoundingClientRect(), around = cell.getBoundingClientRect();
  const outside = own.top < around.top - 1 || own.bottom > around.bottom + 1;
  for (let e = element.parentElement; e && e !== cell; e = e.parentElement)
    if (getComputedStyle(e).contain.includes('paint')) return false;
  return outside;
}"""


@dataclass
class Pages:
    """Where nbgrader shows the submissions."""

    formgrader: dict[str, str]
    feedback: dict[str, str]


@pytest.fixture(scope="module")
def pages(room: Path, serve: Any) -> Iterator[Pages]:
    course = Course.open(room)
    with course.gradebook() as gradebook:
        ids = {
            s.student.id: gradebook.find_submission_notebook("tiny", "tiny", s.student.id).id
            for s in gradebook.assignment_submissions("tiny")
        }
    with serve(room) as lab:
        yield Pages(
            {
                student: f"{lab.url}/login?next=/formgrader/submissions/{found}/&token={lab.token}"
                for student, found in ids.items()
            },
            {
                student: (room / "feedback" / student / "tiny" / "tiny.html").as_uri()
                for student in ("hostile", "raw")
            },
        )


@pytest.fixture(params=["formgrader", "feedback"])
def where(request: pytest.FixtureRequest, pages: Pages) -> tuple[str, dict[str, str]]:
    return request.param, getattr(pages, request.param)


def test_nothing_acts_and_everything_harmless_shows(where, chromium):
    kind, addresses = where
    watched = Watched(chromium)
    page = watched.open(addresses["hostile"])
    _shows_what_is_harmless(page)
    watched.click_all()
    page.wait_for_load_state("networkidle")
    assert watched.seen.nothing(), (kind, watched.seen)
    working = [name for name in PAYLOADS if watched.works(name)]
    assert working == [], kind
    watched.context.close()


def test_no_payload_is_a_dud(where, chromium):
    """Without our preprocessors each of them acts, on the pages that it is meant for."""
    kind, addresses = where
    watched = Watched(chromium)
    page = watched.open(addresses["raw"])
    watched.click_all()
    page.wait_for_load_state("networkidle")
    meant = [name for name, p in PAYLOADS.items() if p.get("only", kind) == kind]
    idle = [name for name in meant if not watched.works(name)]
    assert idle == [], (kind, idle)
    watched.context.close()


def _shows_what_is_harmless(page: Page) -> None:
    notebook = page.locator("#notebook")
    expect(notebook.locator("table.dataframe td")).to_have_text("0.693")
    expect(notebook.locator('img[alt="one dot"]')).to_have_attribute("width", "40")
    expect(notebook.locator('img[alt="a dot"]')).to_have_js_property("naturalWidth", 1)
    expect(notebook.locator(".ansi-red-fg")).to_have_text("red")
    expect(notebook.get_by_text("<ok>", exact=False).last).to_be_visible()
    answer = notebook.locator(".nbgrader_cell", has_text="the paper")
    expect(answer.locator("strong")).to_have_text("Because")
    expect(answer).to_contain_text("$a<b$")
    expect(answer.locator("li")).to_have_text(["one", "two"])
    expect(answer.locator(".highlight .o")).to_have_text(["=", "<"])
    link = answer.get_by_text("the paper")
    expect(link).to_have_attribute("href", "https://arxiv.org/abs/1406.2661")
    expect(link).to_have_attribute("target", "_blank")


def test_formgrader_shows_the_same_scores_and_the_verdicts(pages, room, chromium):
    watched = Watched(chromium)
    for student in ("hostile", "good"):
        page = watched.open(pages.formgrader[student])
        with Course.open(room).gradebook() as gradebook:
            found = gradebook.find_submission_notebook("tiny", "tiny", student)
            scores = {grade.name: float(grade.score) for grade in found.grades}
        assert scores["check-tiny-double"] == 2
        for name in ("check-tiny-double", "check-tiny-half"):
            # formgrader shows what was given automatically as the placeholder of the input.
            shown = page.locator(f"input#{name}")
            expect(shown).to_have_attribute("placeholder", f"{scores[name]:g}")
    page = watched.open(pages.formgrader["hostile"])
    verdicts = page.locator(".synthlab-verdict")
    expect(verdicts).to_have_count(2)
    expect(verdicts.nth(1)).to_contain_text(MEASURED)
    tone = verdicts.nth(1).evaluate("e => getComputedStyle(e).borderInlineStartColor")
    assert tone == "rgb(198, 40, 40)"  # our style sheet came along
    assert watched.seen.scripts == set()
    watched.context.close()


def test_feedback_shows_score_property_measured_and_expected(pages, chromium):
    watched = Watched(chromium)
    page = watched.open(pages.feedback["hostile"])
    expect(page.locator("h4").first).to_contain_text("Score: 2.0 / 9.0")
    failed = page.locator(".synthlab-verdict li.fails")
    expect(failed).to_contain_text("The value is right.")
    expect(failed).to_contain_text(MEASURED)
    watched.context.close()
