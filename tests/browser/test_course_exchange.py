"""A student in a class: fetch, answer, hand in, keep the receipt, read the feedback."""

from __future__ import annotations

import hashlib

import pytest
from nbgrader.utils import notebook_hash
from playwright.sync_api import expect

from synthlab import manifest
from tests.teacher import enrol, release

pytestmark = pytest.mark.browser

ASSIGNMENT = "gan/gan.ipynb"
#: What a page of feedback says, once a teacher has given it back.
PAGE = "<!doctype html><title>gan</title><p>Well thought.</p>"


def opened(me, path):
    me.page.wait_for_function(
        "path => window.jupyterapp?.shell.currentWidget?.context?.path === path", arg=path
    )


@pytest.mark.parametrize("language", ["en", pytest.param("ar", marks=pytest.mark.full)])
def test_fetch_hand_in_and_feedback_by_keys(journey, tmp_path, language, screenshot):
    classroom = release(tmp_path / "class")
    exchange = classroom.parent / "exchange" / "my-class"
    enrol(tmp_path / "home" / "config", classroom)
    start, learner = journey
    with start(language) as lab:
        me = learner(lab, language)
        words = me.words
        me.arrive()
        me.at(manifest.load().units[0].lesson_file)
        row = me.side.locator('[data-sl-assignment="gan"]')
        expect(row.locator('[data-sl-action="fetch"]')).to_have_text(words["fetch"])
        expect(row.locator('[data-sl-action="submit"]')).to_have_count(0)

        me.press("f")
        opened(me, ASSIGNMENT)
        me.kernel()
        me.write("gan.prediction", "predicted_modes = 5")

        me.press("u")
        receipt = row.locator("[data-sl-receipt]")
        expect(receipt).to_have_count(1)
        [handed_in] = (exchange / "inbound").glob("*/gan.ipynb")
        assert "predicted_modes = 5" in handed_in.read_text()
        digits = hashlib.sha256(handed_in.read_bytes()).hexdigest()[:12]
        expect(receipt).to_have_attribute("data-sl-receipt", digits)
        expect(me.page.locator("#synthlab-said")).to_contain_text(digits)
        screenshot(me.page.locator("#synthlab-course"), f"course-receipt-{language}")
        assert me.violations('[data-sl-part="assignments"]') == []

        # Nothing yet; then the teacher gives it back.
        title = row.locator("strong").inner_text()
        me.press("b")
        feedback = exchange / "feedback"
        expect(me.page.locator("#synthlab-said")).not_to_contain_text(digits)
        secret = (handed_in.parent / "submission_secret.txt").read_text()
        feedback.mkdir(exist_ok=True)
        (feedback / f"{notebook_hash(secret=secret, notebook_id='gan')}.html").write_text(PAGE)
        me.press("b")
        me.said(words["feedback_fetched"].format(title=title))
        page = me.page.frame_locator(".jp-HTMLViewer iframe")
        expect(page.locator("p")).to_have_text("Well thought.")
        expect(row.locator('[data-sl-action="feedback-page"]')).to_have_text(words["open_feedback"])


def test_every_command_is_in_the_palette_and_has_keys(journey, tmp_path):
    """With a class's exchange, so that there is none that hides."""
    enrol(tmp_path / "home" / "config", release(tmp_path / "class"))
    start, learner = journey
    with start("en") as lab:
        me = learner(lab, "en")
        me.begin()
        me.kernel()  # until then the notebook takes the focus, and the palette closes without it
        expect(me.side.locator('[data-sl-assignment="gan"]')).to_be_visible()
        found = me.page.evaluate(
            """() => {
                const { commands } = window.jupyterapp;
                const ours = commands.listCommands().filter(id => id.startsWith("synthlab:"));
                return ours.map(id => [
                    id, commands.keyBindings.filter(({ command }) => command === id).length]);
            }"""
        )
        assert len(found) >= 14
        assert [name for name, keys in found if keys != 1] == []
        me.page.evaluate("window.jupyterapp.commands.execute('apputils:activate-command-palette')")
        palette = me.page.locator(".jp-ModalCommandPalette, .lm-CommandPalette")
        palette.locator("input").first.fill(me.words["course"])
        for name, _ in found:
            expect(palette.locator(f'[data-command="{name}"]').first).to_be_attached()
