"""The self-paced journey in a real JupyterLab, in both languages, and by keyboard alone.

First start with ``synthlab lab``, lesson, a wrong answer with its hints, the right answer, next,
a restart of the server, and on from where the learner stopped.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from synthlab.progress import Progress
from synthlab.server.labels import labels

pytestmark = pytest.mark.browser

PATIENCE = 30_000
LESSON, EXERCISE = "lessons/02-gan.ipynb", "exercises/gan.ipynb"
WRONG = "def discriminator_loss(real_logits, fake_logits):\n    return real_logits.mean() * 0"
RIGHT = (
    "def discriminator_loss(real_logits, fake_logits):\n"
    "    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()"
)


class Learner:
    """A learner at a page of the course."""

    def __init__(self, context, lab, workspace: Path, language: str) -> None:
        self.page = context.new_page()
        self.lab, self.workspace, self.language = lab, workspace, language
        self.words = labels(language)

    @property
    def side(self):
        return self.page.locator(".sl-course")

    def arrive(self) -> None:
        """Open the server's own first page, as a browser that Jupyter opens does."""
        self.page.goto(f"{self.lab.url}/?token={self.lab.token}")
        self.ready()

    def ready(self) -> None:
        expect(self.page.locator(".sl-course[data-sl-ready]")).to_be_visible()

    def kernel(self) -> None:
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
            "?.status === 'idle'"
        )

    def at(self, path: str) -> None:
        """Wait until a notebook of the course is in view."""
        self.page.wait_for_function(
            "path => window.jupyterapp?.shell.currentWidget?.context?.path === path", arg=path
        )
        part = "lesson" if path == LESSON else "exercise"
        expect(self.side.locator(f'[data-sl-action="{part}"]')).to_have_attribute(
            "aria-current", "true"
        )

    def click(self, action: str) -> None:
        self.side.locator(f'[data-sl-action="{action}"]').click()

    def question(self, name: str):
        return self.side.locator(f'[data-sl-question="{name}"]')

    def cell(self, role: str, question: str):
        """A cell of the exercise, scrolled into view."""
        index = self.page.evaluate(
            """([role, question]) => {
                const { content } = window.jupyterapp.shell.currentWidget;
                const cells = [...content.model.cells];
                const index = cells.findIndex(cell => {
                    const ours = cell.getMetadata("synthlab") ?? {};
                    return ours.role === role && ours.question === question;
                });
                return content.scrollToItem(index).then(() => index);
            }""",
            [role, question],
        )
        shown = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        return shown.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')

    def write(self, question: str, text: str) -> None:
        """Click into an answer and type another in its place."""
        cell = self.cell("answer", question)
        cell.locator(".cm-content").click()
        expect(cell.locator(".cm-content")).to_be_focused()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Escape")

    def result(self, question: str):
        return self.cell("check", question).locator(".synthlab-verdict")

    def checked(self) -> None:
        """Wait until a check that was asked for is over."""
        expect(self.side.locator("[data-sl-check]")).to_have_attribute("data-sl-check", "idle")

    def check(self) -> None:
        self.click("check")
        expect(self.side.locator('[data-sl-action="stop"]')).to_be_visible()
        self.checked()

    def said(self, text: str) -> None:
        expect(self.page.locator("#synthlab-said")).to_have_text(text)

    def violations(self) -> list[tuple[str, str]]:
        found = Axe().run(self.page, context=".sl-course").response["violations"]
        return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]


@pytest.fixture(scope="module", autouse=True)
def patient():
    expect.set_options(timeout=PATIENCE)


@pytest.fixture
def journey(tmp_path, start_lab, chromium):
    """``with`` each call a server is started by ``synthlab lab`` on the same workspace."""
    abroad: list[str] = []
    contexts = []

    def start(language: str):
        workspace = tmp_path / "my-course"
        command = [
            sys.executable, "-m", "synthlab.cli", "lab", str(workspace), "--no-browser",
            "--port", "{port}", "--language", language,
        ]  # fmt: skip
        return start_lab(tmp_path / "home", workspace, command)

    def learner(lab, language: str) -> Learner:
        context = chromium.new_context(viewport={"width": 1280, "height": 1000})
        context.set_default_timeout(PATIENCE)
        context.on("request", lambda request: abroad.append(request.url))
        contexts.append(context)
        return Learner(context, lab, lab.root, language)

    yield start, learner
    for context in contexts:
        context.close()
    others = [u for u in abroad if not re.match(r"(data|blob):|http://127\.0\.0\.1:", u)]
    assert others == [], "a page asked other hosts"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_whole_journey(journey, language, screenshot):
    start, learner = journey
    with start(language) as lab:
        me = learner(lab, language)
        words = me.words
        # First start: JupyterLab opens on the lesson, the course beside it.
        me.arrive()
        me.at(LESSON)
        me.kernel()
        direction = "rtl" if language == "ar" else "ltr"
        expect(me.side).to_have_attribute("dir", direction)
        expect(me.side).to_have_attribute("lang", language)
        expect(me.page.locator("body")).to_have_css("direction", "ltr")
        unit = me.side.locator('[data-sl-unit="gan"]')
        expect(unit).to_have_attribute("data-sl-standing", "begun")
        expect(unit).to_contain_text(words["begun"])
        screenshot(me.page.locator("#main"), f"course-1-lesson-{language}")

        # On to the exercise; a wrong answer, and what it says beside its cell.
        me.click("next")
        me.at(EXERCISE)
        me.kernel()
        me.write("gan.prediction", "predicted_modes = 5")
        me.write("gan.discriminator_loss", WRONG)
        me.check()
        expect(me.question("gan.prediction")).to_have_attribute("data-sl-status", "correct")
        expect(me.question("gan.discriminator_loss")).to_have_attribute("data-sl-status", "partial")
        first = me.result("gan.discriminator_loss")
        expect(first).to_be_focused()
        expect(first).to_have_attribute("dir", direction)
        right = words["some_right"].format(
            right=1, all=7, title=me.question("gan.discriminator_loss").locator("button").first
            .inner_text(),
        )  # fmt: skip
        me.said(right)
        screenshot(me.page.locator("#main"), f"course-2-wrong-{language}")

        # Two hints, counted.
        hints = me.question("gan.discriminator_loss")
        hints.locator('[data-sl-action="hint"]').click()
        expect(hints.locator("ol li")).to_have_count(2)
        hints.locator('[data-sl-action="hint"]').click()
        expect(hints.locator("ol li")).to_have_count(3)
        expect(hints.locator('[data-sl-action="hint"]')).to_have_count(0)
        expect(hints).to_contain_text(words["hints_seen"].format(count=2))
        screenshot(me.side, f"course-3-hints-{language}")

        # The right answer.
        me.write("gan.discriminator_loss", RIGHT)
        me.check()
        expect(me.question("gan.discriminator_loss")).to_have_attribute("data-sl-status", "correct")
        expect(me.result("gan.discriminator_loss")).to_contain_text(words["correct"])
        screenshot(me.page.locator("#main"), f"course-4-right-{language}")
        tried = Progress(me.workspace).read().tried("gan.discriminator_loss")
        assert (tried.solved, tried.checks, tried.hints) == (True, 2, 2)

        # What is stored is shown as it is.
        me.side.locator('[data-sl-fold="stored"] summary').click()
        shown = me.side.locator('[data-sl-part="stored"]')
        expect(shown).to_contain_text('"gan.discriminator_loss"')
        assert json.loads(shown.inner_text())["version"] == 1
        me.page.evaluate(
            "() => window.jupyterapp.commands.execute('docmanager:save').then(() => null)"
        )

    # The server is started again: the learner is where they stopped.
    with start(language) as lab:
        me = learner(lab, language)
        me.arrive()
        me.at(EXERCISE)
        expect(me.question("gan.discriminator_loss")).to_have_attribute("data-sl-status", "correct")
        up_next = me.side.locator('[data-sl-part="up-next"]')
        expect(up_next).to_contain_text(
            me.question("gan.generator_loss").locator("button").first.inner_text()
        )
        screenshot(me.page.locator("#main"), f"course-5-resumed-{language}")
    saved = nbformat.read(me.workspace / EXERCISE, as_version=4)
    assert RIGHT in [cell.source for cell in saved.cells]
