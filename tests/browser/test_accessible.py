"""Widgets for everyone: three themes, two languages, with motion and without."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from synthlab.words import translate

pytestmark = pytest.mark.browser

ARENA = 'from synthlab_widgets import GanArena\narena = GanArena(guide="gan")\narena'
COLLAPSE = """\
from synthlab_widgets import CollapseLab

lab = CollapseLab(noise=16, cures=["pacgan", "wgan_gp"], clock="time", guide="mode-collapse")
lab._comparison.lanes[1].experiment.model.generator_loss = lambda x: x.mean() * float("nan")
lab"""
THEMES = {
    "light": "JupyterLab Light",
    "dark": "JupyterLab Dark",
    "contrast": "JupyterLab Dark High Contrast",
}
#: Theme and motion: one look always, the others among what repeats.
LOOKS = [
    pytest.param(
        theme, motion, marks=() if (theme, motion) == ("light", "reduce") else pytest.mark.full
    )
    for theme in THEMES
    for motion in ("no-preference", "reduce")
]


@pytest.fixture(scope="module", params=["ar", pytest.param("en", marks=pytest.mark.full)])
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def notebook(open_notebook, language):
    title = {"en": "md:# Two networks, one game", "ar": "md:# شبكتان، لعبة واحدة"}[language]
    return open_notebook(
        [title, ARENA], language=language, viewport={"width": 1280, "height": 2600}
    )


@pytest.fixture(scope="module")
def view(notebook, first_view):
    return first_view(notebook)


@pytest.mark.parametrize(("theme", "motion"), LOOKS)
def test_axe_finds_nothing(notebook, view, theme, motion):
    """With everything open and everything shown: twins, all layers, settings, drawing, guide."""
    notebook.theme(THEMES[theme])
    view.page.emulate_media(reduced_motion=motion)
    view.load("gan/1 | 20 || gan/1 | 20")
    view.at(20)
    for layer in ("manifold", "pull", "ideal"):
        view.control(f"layer-{layer}").check()
    for part in ("settings", "draw", "share", "keys"):
        view.open(part)
    view.settled()
    assert view.violations() == []


@pytest.fixture(scope="module")
def collapse(open_notebook, first_view, language):
    """The notebook and the view of a collapse lab in which a run breaks down."""
    title = {"en": "md:# The generator that learned one trick", "ar": "md:# مولِّد تعلّم حيلة واحدة"}
    notebook = open_notebook(
        [title[language], COLLAPSE], language=language, viewport={"width": 1280, "height": 2600}
    )
    return notebook, first_view(notebook)


@pytest.mark.parametrize(("theme", "motion"), LOOKS)
def test_axe_finds_nothing_in_the_collapse_lab(collapse, theme, motion):
    """With every table and the keys open, room for a cure, and a run that broke down."""
    notebook, view = collapse
    notebook.theme(THEMES[theme])
    view.page.emulate_media(reduced_motion=motion)
    if view.step < 3:
        for step in range(1, 4):
            view.click("step")
            view.at(step)
    expect(view.root.locator(".sl-broke").nth(1)).not_to_be_empty()
    for table in ("modes", "quality", "kl"):
        if not view.root.locator(f'details:has([data-sl-action="table-{table}"])[open]').count():
            view.click(f"table-{table}")
    view.open("keys")
    assert view.violations() == []


def test_everything_reads_in_the_direction_of_the_language(view, language):
    direction = {"en": "ltr", "ar": "rtl"}[language]
    assert view.root.get_attribute("dir") == direction
    expect(view.control("reset")).to_have_text(translate("widgets", "Reset", language))
    run, step = (view.control(name).bounding_box() for name in ("run", "step"))
    assert (run["x"] < step["x"]) == (direction == "ltr")
    # Axes, the way of the data, the time and the numbers stay from left to right.
    assert (
        view.root.locator(".sl-plane").first.evaluate("c => c.getContext('2d').direction") == "ltr"
    )
    assert view.root.locator(".sl-path").get_attribute("dir") == "ltr"
    for number in view.root.locator("bdi").all():
        assert number.get_attribute("dir") == "ltr"


@pytest.mark.full
def test_its_pictures_for_the_documentation(notebook, view, language, screenshot):
    """The main states in both languages and all themes, when ``--screenshots`` asks for them."""
    view.page.emulate_media(reduced_motion="no-preference")
    for part in ("settings", "draw", "share", "keys"):
        if view.root.locator(f'details:has([data-sl-action="fold-{part}"])[open]').count():
            view.click(f"fold-{part}")
    for layer in ("manifold", "pull", "ideal"):
        view.control(f"layer-{layer}").uncheck()
    steps = 1200 if screenshot.wanted else 40
    for theme, name in THEMES.items():
        notebook.theme(name)
        view.load(f"gan/1 | {steps}")
        view.at(steps)
        screenshot(view.root, f"gan-arena-{language}-{theme}")
        view.load(f"gan/1 | {steps} || gan/1 | {steps // 2} beta1=0.9 {steps // 2}")
        view.at(steps)
        for layer in ("manifold", "pull", "ideal"):
            view.control(f"layer-{layer}").check()
        view.settled()
        screenshot(view.root, f"gan-arena-twins-{language}-{theme}")
        for layer in ("manifold", "pull", "ideal"):
            view.control(f"layer-{layer}").uncheck()
    notebook.theme(THEMES["light"])
    view.load("gan/1 | 40")
    view.at(40)
    view.page.emulate_media(reduced_motion="reduce")
    view.control("speed").select_option("slow")
    for _ in range(4):
        view.click("step")
    expect(view.root).to_have_attribute("data-sl-phase", "d4")
    screenshot(view.root, f"gan-arena-slow-{language}")
    view.control("speed").select_option("0")
    view.open("settings")
    screenshot(view.root, f"gan-arena-settings-{language}")
    view.page.emulate_media(reduced_motion="no-preference")
