"""The course in Notebook 7, whose shell has one notebook a page and closed side areas."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.learner import EXERCISE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["en", pytest.param("ar", marks=pytest.mark.full)])
def test_sidebar_check_and_hint_in_notebook_7(journey, language, screenshot):
    start, learner = journey
    with start(language) as lab:
        me = learner(lab, language)
        me.page.goto(lab.address(EXERCISE, "notebooks"))
        me.kernel()
        expect(me.tool("synthlab-check")).to_be_visible()
        expect(me.side).to_be_hidden()

        # The keys open the sidebar, with the focus on its title.
        me.page.locator(".jp-Notebook").focus()
        me.press("s")
        expect(me.side.locator("h2")).to_be_focused()
        expect(me.side).to_have_attribute("lang", language)

        me.write("gan.prediction", "predicted_modes = 99")
        me.tool("synthlab-check").click()
        question = me.question("gan.prediction")
        expect(question).to_have_attribute("data-sl-status", "incorrect")
        me.checked()
        expect(me.result("gan.prediction")).to_be_focused()
        me.press("h")
        expect(question.locator("ol li")).to_have_count(2)
        screenshot(me.shown, f"course-notebook7-{language}")

        # The other notebook of the unit is another page.
        with me.page.context.expect_page() as opened:
            me.side.locator('[data-sl-unit="gan"] [data-sl-action="lesson"]').click()
        opened.value.wait_for_url("**/notebooks/lessons/02-gan.ipynb**")
