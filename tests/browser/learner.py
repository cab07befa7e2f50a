"""A learner at a page of the course: what tests of the sidebar and the toolbar do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, expect

from synthlab import manifest
from synthlab.progress import Progress
from synthlab.server.labels import labels

#: Milliseconds that anything on the page may take on a busy machine with two cores: a first check
#: imports torch in two processes, which took 33 s beside ten others that computed.
PATIENCE = 90_000
LESSON, EXERCISE = "lessons/02-gan.ipynb", "exercises/gan.ipynb"


class Learner:
    """A learner at a page of the course."""

    def __init__(self, context: BrowserContext, lab: Any, workspace: Path, language: str) -> None:
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

    def begin(self) -> None:
        """Arrive at the course's first lesson, and go to that of the GAN."""
        self.arrive()
        self.at(manifest.load().units[0].lesson_file)
        self.side.locator('[data-sl-unit="gan"] [data-sl-action="lesson"]').click()
        self.at(LESSON)

    def kernel(self) -> None:
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
            "?.status === 'idle'"
        )

    def at(self, path: str) -> None:
        """Wait until a notebook of the course is in view, and the sidebar has followed."""
        self.page.wait_for_function(
            "path => window.jupyterapp?.shell.currentWidget?.context?.path === path", arg=path
        )
        # Lessons of two units look alike but for their unit.
        unit = next(
            unit.id
            for unit in manifest.load().units
            if path in (unit.lesson_file, unit.exercise_file)
        )
        current = self.side.locator(f'[data-sl-unit="{unit}"] [aria-current="true"]')
        expect(current).to_have_attribute("data-sl-action", path.split("/")[0].removesuffix("s"))

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
        return self.notebook.locator(f'.jp-Cell[data-windowed-list-index="{index}"]')

    def write(self, question: str, text: str) -> None:
        """Click into an answer and type another in its place."""
        cell = self.cell("answer", question)
        cell.locator(".cm-content").click()
        expect(cell.locator(".cm-content")).to_be_focused()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Escape")

    def has(self, question: str, text: str) -> None:
        """Wait until an answer holds a text."""
        self.page.wait_for_function(
            """([question, text]) => [...window.jupyterapp.shell.currentWidget.content.model.cells]
                .some(cell => {
                    const ours = cell.getMetadata("synthlab") ?? {};
                    return ours.role === "answer" && ours.question === question
                        && cell.sharedModel.getSource() === text;
                })""",
            arg=[question, text],
        )

    def run_down_to(self, text: str) -> None:
        """Press Shift and Enter until the cell that holds a text was run; that one is active."""
        keys = self.page.keyboard
        state = """() => {
            const { content } = window.jupyterapp.shell.currentWidget;
            return [content.activeCellIndex, content.activeCell.model.sharedModel.getSource()];
        }"""
        for _ in range(200):
            index, source = self.page.evaluate(state)
            keys.press("Shift+Enter")
            self.page.wait_for_function(
                "index => window.jupyterapp.shell.currentWidget.content.activeCellIndex > index",
                arg=index,
            )
            if text in source:
                keys.press("ArrowUp")
                return
        raise AssertionError(f"No cell holds {text}")

    def kept_place(self, path: str) -> None:
        """Wait until the server has kept a notebook as the learner's place."""
        # `wait_for_function` takes a promise for an answer, whatever it comes to.
        kept = self.page.evaluate(
            """async ([path, patience]) => {
                const end = performance.now() + patience;
                while (performance.now() < end) {
                    const answer = await fetch("/synthlab/progress");
                    const { stored } = await answer.json();
                    if (stored?.place?.notebook === path) return path;
                    await new Promise(resolve => setTimeout(resolve, 100));
                }
                return null;
            }""",
            [path, PATIENCE],
        )
        assert kept == path

    def saved(self) -> None:
        """Wait until the notebook in view has nothing that is not saved."""
        self.page.wait_for_function(
            "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
        )

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

    def violations(self, root: str) -> list[tuple[str, str]]:
        """What axe-core finds inside an element, by rule and element."""
        found = Axe().run(self.page, context=root).response["violations"]
        return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]

    @property
    def notebook(self) -> Locator:
        """The notebook in view."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")

    @property
    def shown(self) -> Locator:
        """The whole page."""
        return self.page.locator("#main")

    def title(self, question: str) -> str:
        return self.question(question).locator('[data-sl-action="question"]').inner_text()

    def item(self, name: str) -> Locator:
        """The first prediction or quiz question of this name, in view."""
        found = self.notebook.locator(f'[data-sl-item="{name}"]').first
        found.scroll_into_view_if_needed()
        return found

    def run(self, text: str, *, above: bool = False, inside: bool = False) -> None:
        """Run the first cell whose code ends with (or holds) a text, and perhaps all above."""
        self.page.evaluate(
            """async ([text, above, inside]) => {
                const { content } = window.jupyterapp.shell.currentWidget;
                const sources = [...content.model.cells].map(c => c.sharedModel.getSource());
                content.activeCellIndex = sources.findIndex(
                    source => inside || above ? source.includes(text) : source.endsWith(text));
                content.deselectAll();
                await content.scrollToItem(content.activeCellIndex);
                const { commands } = window.jupyterapp;
                if (above) await commands.execute("notebook:run-all-above");
                await commands.execute("notebook:run-cell");
            }""",
            [text, above, inside],
        )

    def source(self, role: str, question: str) -> str:
        """A cell's text as it is now."""
        found = self.page.evaluate(
            """([role, question]) => [...window.jupyterapp.shell.currentWidget.content.model.cells]
                .find(cell => {
                    const ours = cell.getMetadata("synthlab") ?? {};
                    return ours.role === role && ours.question === question;
                }).sharedModel.getSource()""",
            [role, question],
        )
        return str(found)

    def save(self) -> None:
        self.page.evaluate(
            "() => window.jupyterapp.commands.execute('docmanager:save').then(() => null)"
        )

    def press(self, key: str) -> None:
        """One of the course's own keys: Control and semicolon, then a letter."""
        self.page.keyboard.press("Control+;")
        self.page.keyboard.press(key)

    def tab_to(self, selector: str, inside: Locator | None = None) -> None:
        """Press Tab until an element of the sidebar, or of ``inside``, has the focus."""
        wanted = (inside or self.side).locator(selector)
        for _ in range(60):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {selector}")

    def back_to_the_cell(self) -> None:
        """From something in a cell's output: Shift and Tab until the cell has the focus."""
        for _ in range(60):
            if self.page.evaluate("() => document.activeElement.matches('.jp-Cell')"):
                return
            self.page.keyboard.press("Shift+Tab")
        raise AssertionError("Shift and Tab do not reach the cell")

    def tool(self, name: str) -> Locator:
        """A button of the notebook's toolbar."""
        return self.notebook.locator(f'.jp-Toolbar-item[data-jp-item-name="{name}"] jp-button')

    def theme(self, name: str) -> None:
        self.page.evaluate(
            "name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name })"
            ".then(() => null)",
            name,
        )
        expect(self.page.locator(f'body[data-jp-theme-name="{name}"]')).to_be_attached()

    def check_of_exercise_is_kept(self) -> None:
        """A result and a hint in the record, as a check leaves them."""
        kept = Progress(self.workspace)
        texts = {
            key: {"msgid": f"A {key} with `code`.", "params": {}, "domain": "checks"}
            for key in ("goal", "nudge", "method")
        }
        kept.checked("gan.ring", "partial", 0.5, {"name": "p", **texts})
        kept.hinted("gan.ring", 1)
        kept.checked("gan.diagnosis", "correct", 1.0)
        kept.checked("gan.training_step", "error", 0.0)
