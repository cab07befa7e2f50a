"""axe-core finds nothing in what is ours: three themes, two languages, with and without motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
ITEMS = ("gan.modes", "gan.opinion", "gan.best", "gan.logits", "gan.step", "gan.ceiling")


@pytest.mark.full  # the journey in Arabic looks once
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing(journey, language, screenshot):
    start, learner = journey
    with start(language) as lab:
        me = learner(lab, language)
        me.check_of_exercise_is_kept()
        me.begin()
        me.kernel()
        expect(me.question("gan.ring").locator("ol li")).to_have_count(2)
        me.page.evaluate("() => window.jupyterapp.commands.execute('synthlab:stored')")
        expect(me.side.locator('[data-sl-part="stored"]')).to_be_visible()
        me.run("import matplotlib.pyplot as plt", inside=True)
        for name in ITEMS:
            me.run(f'"{name}"', inside=True)
        for theme in THEMES:
            me.theme(theme)
            for motion in ("reduce", "no-preference"):
                me.page.emulate_media(reduced_motion=motion)
                assert me.violations(".sl-course") == [], (theme, motion)
                for name in ITEMS:
                    me.item(name)
                    assert me.violations(f'[data-sl-item="{name}"]') == [], (theme, motion, name)
            screenshot(
                me.page.locator("#synthlab-course"),
                f"course-sidebar-{language}-{theme.split()[-1].lower()}",
            )
        me.theme(THEMES[0])
        me.page.evaluate("() => window.jupyterapp.commands.execute('synthlab:glossary')")
        expect(me.side.locator(".sl-terms tbody tr").first).to_be_visible()
        assert me.violations(".sl-course") == []
        for name in ITEMS[2:5]:
            screenshot(me.item(name), f"{name.replace('.', '-')}-{language}")


def test_zoom_loses_nothing(journey):
    """200 % of 1280 x 1000 is a page of 640 x 500: what is there can still be reached."""
    start, learner = journey
    with start("ar") as lab:
        me = learner(lab, "ar", viewport={"width": 640, "height": 500})
        me.begin()
        for action in ("language", "check", "next", "previous"):
            control = me.side.locator(f'[data-sl-action="{action}"]')
            control.scroll_into_view_if_needed()
            expect(control).to_be_in_viewport()
        wide = me.page.evaluate(
            "() => [...document.querySelectorAll('.sl-course, .sl-course *')]"
            ".filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX "
            "=== 'visible' && getComputedStyle(e).display !== 'inline'"
            " && !e.classList.contains('sl-unseen')).map(e => e.outerHTML.slice(0, 120))"
        )
        assert wide == []
