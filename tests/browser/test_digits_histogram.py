"""DigitsHistogram in a real JupyterLab: images by pointer and keyboard, in every theme."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

DIGITS = "from synthlab_widgets import DigitsHistogram\nDigitsHistogram()"
THEMES = {
    "light": "JupyterLab Light",
    "dark": "JupyterLab Dark",
    "contrast": "JupyterLab Dark High Contrast",
}


@pytest.fixture(scope="module", params=["en", pytest.param("ar", marks=pytest.mark.full)])
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def notebook(open_notebook, language):
    return open_notebook([DIGITS], language=language, viewport={"width": 1280, "height": 1400})


@pytest.fixture(scope="module")
def view(notebook, first_view):
    return first_view(notebook)


def canvas(view, name):
    return view.root.locator(f'[data-sl-raster="{name}"] canvas')


def said(view, name):
    return view.root.locator(f'[data-sl-raster="{name}"] .sl-readout')


def test_it_samples_other_digits_as_it_learns_and_the_same_when_it_goes_back(view):
    def picture(name: str) -> str:
        return canvas(view, name).evaluate("canvas => canvas.toDataURL()")

    first = {name: picture(name) for name in ("real", "fake")}
    view.train_to(100)
    assert picture("real") == first["real"]
    assert picture("fake") != first["fake"]
    expect(canvas(view, "fake")).to_have_attribute("aria-label", re.compile(r"1\d\d\.\d"))
    view.control("rewind").fill("0")
    view.at(0)
    assert picture("fake") == first["fake"]


def test_pixels_are_whole_and_told_by_pointer_and_by_keyboard(view):
    board = canvas(view, "real")
    board.scroll_into_view_if_needed()
    # A pixel of the screen is one of the canvas, and eight images with their margins fill it.
    width, shown = board.evaluate("c => [c.width, c.getBoundingClientRect().width]")
    assert width == pytest.approx(shown)
    side = (width / 8 - 6) / 8
    assert side == int(side)
    # Image 2, row 1, column 3 of it: over a whole image, then 3 pixels of margin and 2 of its own.
    board.hover(position={"x": width / 8 + 3 + 2.5 * side, "y": 3 + side / 2})
    expect(said(view, "real").locator("bdi").nth(0)).to_have_text("2")
    expect(said(view, "real").locator("bdi").nth(1)).to_have_text("1")
    expect(said(view, "real").locator("bdi").nth(2)).to_have_text("3")
    view.root.locator(".sl-count").hover()
    expect(said(view, "real")).to_be_empty()
    board.focus()
    for _ in range(8):
        board.press("ArrowRight")
    expect(said(view, "real").locator("bdi")).to_have_text(["2", "1", "1", re.compile(r"\d+")])
    expect(said(view, "real")).to_have_attribute("aria-live", "polite")
    board.blur()
    expect(said(view, "real")).to_be_empty()


@pytest.mark.parametrize(
    "theme", ["light", *(pytest.param(t, marks=pytest.mark.full) for t in THEMES if t != "light")]
)
def test_axe_finds_nothing_and_its_picture(notebook, view, language, theme, screenshot):
    notebook.theme(THEMES[theme])
    if int(view.control("rewind").get_attribute("max")) < 300:
        view.train_to(300)
    view.control("rewind").fill("300")
    view.at(300)
    screenshot(view.root, f"digits-histogram-{language}-{theme}")
    assert view.violations() == []
