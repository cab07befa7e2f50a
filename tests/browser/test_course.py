"""The self-paced journey in a real JupyterLab, in both languages, and by keyboard alone.

First start with ``synthlab lab``, lesson, prediction, widget, a wrong answer with its hints, the
right answer, next, a restart of the server, and on from where the learner stopped.
"""

from __future__ import annotations

import json

import nbformat
import pytest
from playwright.sync_api import expect

from synthlab import manifest
from synthlab.progress import Progress, next_step
from synthlab.words import translate
from tests.browser.learner import EXERCISE, LESSON

pytestmark = pytest.mark.browser

NAME = "gan.discriminator_loss"
WRONG = (  # sums for means
    "def discriminator_loss(real_logits, fake_logits):\n"
    "    return F.softplus(-real_logits).sum() + F.softplus(fake_logits).sum()"
)
RIGHT = (
    "def discriminator_loss(real_logits, fake_logits):\n"
    "    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()"
)


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.full), "ar"])
def test_the_whole_journey(journey, language, screenshot):
    start, learner = journey
    direction = "rtl" if language == "ar" else "ltr"
    with start(language) as lab:
        me = learner(lab, language)
        words = me.words

        # First start: JupyterLab opens on the lesson, the course beside it.
        me.begin()
        me.kernel()
        expect(me.side).to_have_attribute("dir", direction)
        expect(me.side).to_have_attribute("lang", language)
        expect(me.page.locator("body")).to_have_css("direction", "ltr")
        unit = me.side.locator('[data-sl-unit="gan"]')
        expect(unit).to_have_attribute("data-sl-standing", "begun")
        expect(unit).to_contain_text(words["begun"])
        screenshot(me.shown, f"course-1-lesson-{language}")

        # A prediction is made before anything is run.
        me.run('Predict("gan.modes")')
        predict = me.item("gan.modes")
        predict.locator('[data-sl-action="number"]').fill("5")
        predict.locator('[data-sl-action="commit"]').click()
        expect(predict).to_have_attribute("data-sl-made", "true")
        expect(predict).to_have_attribute("data-sl-shown", "false")
        assert Progress(me.workspace).read().answers["gan.modes"].value == 5
        screenshot(predict, f"predict-{language}")

        # The widget trains beside the course.
        me.run("GanArena(GAN(", above=True)
        arena = me.page.locator(".sl-gan-arena")
        expect(arena).to_have_attribute("dir", direction)
        arena.locator('[data-sl-action="step"]').click()
        expect(arena).to_have_attribute("data-sl-step", "1")

        # On to the exercise; a wrong answer, and what it says beside its cell.
        me.click("next")
        me.at(EXERCISE)
        me.kernel()
        # The prediction of the lesson is there already: nobody answers twice.
        me.has("gan.prediction", "predicted_modes = 5")
        me.write(NAME, WRONG)
        me.check()
        expect(me.question("gan.prediction")).to_have_attribute("data-sl-status", "correct")
        expect(me.question(NAME)).to_have_attribute("data-sl-status", "partial")
        first = me.result(NAME)
        expect(first).to_be_focused()
        expect(first).to_have_attribute("dir", direction)
        me.said(words["some_right"].format(right=1, all=7, title=me.title(NAME)))
        screenshot(me.shown, f"course-2-wrong-{language}")

        # Two hints, counted.
        hints = me.question(NAME)
        hints.locator('[data-sl-action="hint"]').click()
        expect(hints.locator("ol li")).to_have_count(2)
        hints.locator('[data-sl-action="hint"]').click()
        expect(hints.locator("ol li")).to_have_count(3)
        expect(hints.locator('[data-sl-action="hint"]')).to_have_count(0)
        expect(hints).to_contain_text(words["hints_seen"].format(count=2))
        screenshot(me.shown, f"course-3-hints-{language}")

        # The right answer.
        me.write(NAME, RIGHT)
        me.check()
        expect(me.question(NAME)).to_have_attribute("data-sl-status", "correct")
        expect(me.result(NAME)).to_contain_text(words["correct"])
        screenshot(me.shown, f"course-4-right-{language}")
        tried = Progress(me.workspace).read().tried(NAME)
        assert (tried.solved, tried.checks, tried.hints) == (True, 2, 2)

        # What is stored is shown as it is.
        me.side.locator('[data-sl-fold="stored"] summary').click()
        stored = me.side.locator('[data-sl-part="stored"]')
        expect(stored).to_contain_text(f'"{NAME}"')
        assert json.loads(stored.inner_text())["version"] == 1
        assert me.violations(".sl-course") == []
        # Nothing speaks of a class where there is none.
        expect(me.side.locator('[data-sl-part="assignments"]')).to_have_count(0)
        me.save()

    # The server is started again: the learner is where they stopped.
    with start(language) as lab:
        me = learner(lab, language)
        me.arrive()
        me.at(EXERCISE)
        expect(me.question(NAME)).to_have_attribute("data-sl-status", "correct")
        up_next = me.side.locator('[data-sl-part="up-next"]')
        step = next_step(manifest.load(), Progress(me.workspace).read())
        # A lesson that one only passed through has begun when that took a while.
        title = (step.question or step.unit).title
        expect(up_next).to_contain_text(translate("course", title, language))
        screenshot(me.shown, f"course-5-resumed-{language}")
    saved = nbformat.read(me.workspace / EXERCISE, as_version=4)
    assert RIGHT in [cell.source for cell in saved.cells]


@pytest.mark.full  # the same journey, once more by keyboard
def test_the_journey_by_keyboard_alone(journey):
    start, learner = journey
    with start("en") as lab:
        me = learner(lab, "en")
        keys = me.page.keyboard
        me.begin()
        me.kernel()

        # To the sidebar and, by Tab alone, to its next button.
        me.press("s")
        expect(me.side.locator("h2")).to_be_focused()
        me.tab_to('[data-sl-action="next"]')
        keys.press("Enter")
        me.at(EXERCISE)
        me.kernel()

        # Check; the focus is on the first result, its answer is one cell above.
        me.press("c")
        expect(me.result("gan.prediction")).to_be_focused()
        keys.press("ArrowUp")
        keys.press("Enter")
        answer = me.cell("answer", "gan.prediction")
        expect(answer.locator(".cm-content")).to_be_focused()
        keys.press("Control+A")
        keys.insert_text("predicted_modes = 99")
        keys.press("Escape")
        me.press("c")
        expect(me.question("gan.prediction")).to_have_attribute("data-sl-status", "incorrect")
        expect(me.result("gan.prediction")).to_be_focused()

        # Both hints are spoken.
        me.press("h")
        expect(me.page.locator("#synthlab-said")).to_contain_text("There is no wrong prediction")
        me.press("h")
        expect(me.page.locator("#synthlab-said")).to_contain_text("a whole number from 0 to 8")

        me.cell("answer", "gan.prediction")
        keys.press("ArrowUp")
        keys.press("Enter")
        expect(answer.locator(".cm-content")).to_be_focused()
        keys.press("Control+A")
        keys.insert_text("predicted_modes = 5")
        keys.press("Escape")
        me.press("c")
        expect(me.question("gan.prediction")).to_have_attribute("data-sl-status", "correct")
        expect(me.result(NAME)).to_be_focused()

        # The glossary, and back to the lesson.
        me.press("g")
        expect(me.side.locator('[data-sl-action="find-term"]')).to_be_focused()
        keys.insert_text("نمط")
        expect(me.side.locator(".sl-terms tbody tr")).to_have_count(1)
        me.press("p")
        me.at(LESSON)
        me.save()


@pytest.mark.full  # its other half
def test_prediction_widget_and_restart_by_keyboard_alone(journey):
    start, learner = journey
    with start("en") as lab:
        me = learner(lab, "en")
        keys = me.page.keyboard
        me.arrive()
        me.at(manifest.load().units[0].lesson_file)
        me.press("s")
        expect(me.side.locator("h2")).to_be_focused()
        me.tab_to('[data-sl-unit="gan"] [data-sl-action="lesson"]')
        keys.press("Enter")
        me.at(LESSON)
        me.kernel()

        me.run_down_to('Predict("gan.modes")')
        predict = me.item("gan.modes")
        me.tab_to('[data-sl-item="gan.modes"] [data-sl-action="number"]', me.notebook)
        keys.type("5")
        me.tab_to('[data-sl-item="gan.modes"] [data-sl-action="commit"]', me.notebook)
        keys.press("Enter")
        expect(predict).to_have_attribute("data-sl-made", "true")
        # The button is gone; the focus is not: it is on what the answer came to.
        expect(predict.locator(".sl-told")).to_be_focused()
        me.back_to_the_cell()

        me.run_down_to("GanArena(GAN(")
        arena = me.notebook.locator(".sl-gan-arena")
        expect(arena).to_have_attribute("data-sl-settled", "")
        me.tab_to('.sl-gan-arena [data-sl-action="step"]', me.notebook)
        keys.press("Enter")
        expect(arena).to_have_attribute("data-sl-step", "1")

        # A widget keeps its keys to itself: first back to its cell.
        me.back_to_the_cell()
        me.press("n")
        me.at(EXERCISE)
        me.has("gan.prediction", "predicted_modes = 5")
        me.kept_place(EXERCISE)
        keys.press("Control+s")
        me.saved()
    with start("en") as lab:
        me = learner(lab, "en")
        me.arrive()
        me.at(EXERCISE)
        me.press("s")
        expect(me.side.locator("h2")).to_be_focused()
        me.has("gan.prediction", "predicted_modes = 5")


def test_who_leaves_at_once_is_there_again(journey):
    """The place is kept a while after it was reached; whoever leaves sooner loses nothing."""
    start, learner = journey
    with start("en") as lab:
        me = learner(lab, "en")
        me.begin()
        me.kernel()
        me.click("next")
        me.at(EXERCISE)
        me.page.goto(f"{lab.url}/static/favicons/favicon.ico")
        me.kept_place(EXERCISE)


def test_languages_directions_and_starting_anew(journey):
    start, learner = journey
    with start("en") as lab:
        me = learner(lab, "en")
        me.begin()
        me.click("next")
        me.at(EXERCISE)
        me.kernel()
        me.write("gan.prediction", "predicted_modes = 5")

        # The toolbar changes this notebook alone, and keeps the answer.
        text = me.notebook.locator(".jp-MarkdownOutput").first
        me.tool("synthlab-language").click()
        expect(text).to_have_attribute("lang", "ar")
        expect(text).to_have_attribute("dir", "rtl")
        expect(me.side).to_have_attribute("lang", "en")
        assert me.source("answer", "gan.prediction") == "predicted_modes = 5"

        # Its text can read the other way; that is the notebook's own choice.
        me.tool("synthlab-direction").click()
        expect(text).to_have_attribute("dir", "ltr")
        me.tool("synthlab-direction").click()
        expect(text).to_have_attribute("dir", "rtl")

        # The sidebar changes the whole course.
        me.side.locator('[data-sl-action="language"]').select_option("ar")
        expect(me.side).to_have_attribute("dir", "rtl")
        expect(me.side.locator('[data-sl-action="check"]')).to_have_text("تحقَّق من عملي")
        me.side.locator('[data-sl-action="language"]').select_option("en")
        expect(me.side).to_have_attribute("dir", "ltr")
        expect(text).not_to_have_attribute("dir", "rtl")
        assert me.source("answer", "gan.prediction") == "predicted_modes = 5"

        # A fresh start keeps the old work, dated.
        me.side.locator('[data-sl-fold="reset"] summary').click()
        me.click("reset")
        me.page.wait_for_function(
            "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].some("
            "cell => cell.sharedModel.getSource() === 'predicted_modes = None')"
        )
        (copy,) = (me.workspace / "exercises" / "kept").glob("gan *.ipynb")
        assert "predicted_modes = 5" in copy.read_text()


def test_a_check_survives_a_reload_and_is_stopped(journey):
    start, learner = journey
    with start("en") as lab:
        me = learner(lab, "en")
        me.begin()
        me.click("next")
        me.at(EXERCISE)
        me.kernel()
        me.write("gan.prediction", "predicted_modes = 5")
        me.write("gan.generator_loss", "while True:\n    pass")
        me.click("check")
        done = me.question(NAME)
        expect(done).to_have_attribute("data-sl-status", "not-attempted")
        me.page.reload()
        me.ready()
        me.at(EXERCISE)
        stop = me.side.locator('[data-sl-action="stop"]')
        expect(stop).to_be_visible()
        expect(me.result("gan.prediction")).to_contain_text("Correct")
        stop.click()
        me.checked()
        me.said("You stopped the check.")
