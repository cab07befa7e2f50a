"""TruthExplorer in a real JupyterLab: by pointer and by keyboard, in every theme and language."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from synthlab.words import translate

pytestmark = pytest.mark.browser

EXPLORER = "from synthlab_widgets import TruthExplorer\nTruthExplorer(bins=32)"
THEMES = {
    "light": "JupyterLab Light",
    "dark": "JupyterLab Dark",
    "contrast": "JupyterLab Dark High Contrast",
}

#: Two frames later a canvas that was drawn on is on the screen.
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture(scope="module", params=["en", pytest.param("ar", marks=pytest.mark.full)])
def language(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def notebook(open_notebook, language):
    return open_notebook([EXPLORER], language=language, viewport={"width": 1280, "height": 2000})


@pytest.fixture(scope="module")
def view(notebook, first_view):
    return first_view(notebook)


def number(view, name):
    return view.root.locator(f'[data-sl-number="{name}"] .sl-value')


def test_a_step_draws_samples_and_says_so(view, language):
    view.click("reset")
    view.at(0)
    expect(number(view, "excess")).to_have_text(translate("widgets", "no samples yet", language))
    view.click("step")
    view.at(1)
    expect(number(view, "seen")).to_have_text("100")
    expect(number(view, "excess")).to_contain_text(re.compile(r"\d\.\d{3}"))
    expect(view.root.get_by_role("status").last).to_contain_text("100")


def test_the_chart_has_a_table_with_the_same_numbers(view):
    view.click("table-nll")
    rows = view.root.locator('[data-sl-chart="nll"] tbody tr')
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text(re.compile(r"\d\.\d"))
    view.click("table-nll")


def test_the_keyboard_does_everything(view):
    view.click("reset")
    view.at(0)
    view.root.focus()
    view.page.keyboard.press(".")
    view.at(1)
    view.page.keyboard.press(" ")
    view.passes(4)
    view.page.keyboard.press(" ")
    last = view.settled()
    view.page.keyboard.press("[")
    view.at(last - 1)
    view.page.keyboard.press("]")
    view.at(last)
    view.page.keyboard.press("c")
    expect(view.control("shown")).to_have_value("truth")
    expect(view.root).to_have_attribute("data-sl-shown", "truth")
    view.control("shown").select_option("model")
    view.root.focus()
    view.page.keyboard.press("1")
    expect(view.control("layer-train")).not_to_be_checked()
    view.page.keyboard.press("1")
    expect(view.control("layer-train")).to_be_checked()
    view.page.keyboard.press("r")
    view.at(0)


def test_another_model_is_fitted_to_the_same_samples(view):
    view.click("step")
    view.at(1)
    view.open("settings")
    told = []
    for kind in ("histogram", "gaussian", "mixture"):
        view.control("set-model").select_option(kind)
        if told:
            expect(number(view, "excess")).not_to_have_text(told[-1])
        expect(number(view, "seen")).to_have_text("100")
        told.append(number(view, "excess").inner_text())
    assert len(set(told)) == 3
    view.control("set-model").select_option("histogram")
    view.control("set-bins").fill("8")
    view.control("set-bins").press("Enter")
    expect(number(view, "excess")).not_to_have_text(told[0])


def test_you_can_draw_a_density_by_keyboard(view):
    view.open("draw")
    board = view.control("draw")
    board.focus()
    for key in ("Enter", "ArrowRight", "ArrowRight", "Enter"):
        view.page.keyboard.press(key)
    view.click("draw-done")
    view.at(0)
    expect(view.control("set-source")).to_have_value("drawing")
    view.click("step")
    view.at(1)
    view.control("set-source").select_option("moons")
    view.at(0)


@pytest.mark.parametrize(
    "theme", ["light", *(pytest.param(t, marks=pytest.mark.full) for t in THEMES if t != "light")]
)
def test_axe_finds_nothing_with_everything_open(notebook, view, theme):
    notebook.theme(THEMES[theme])
    for part in ("settings", "draw", "keys"):
        view.open(part)
    view.click("step")
    view.settled()
    assert view.violations() == []


def test_it_reads_in_the_direction_of_the_language(view, language):
    direction = {"en": "ltr", "ar": "rtl"}[language]
    assert view.root.get_attribute("dir") == direction
    run, step = (view.control(name).bounding_box() for name in ("run", "step"))
    assert (run["x"] < step["x"]) == (direction == "ltr")
    for found in view.root.locator("bdi").all():
        assert found.get_attribute("dir") == "ltr"


@pytest.mark.full
def test_its_pictures_for_the_documentation(notebook, view, language, screenshot):
    for part in ("settings", "draw", "keys"):
        if view.root.locator(f'details:has([data-sl-action="fold-{part}"])[open]').count():
            view.click(f"fold-{part}")
    view.open("settings")
    view.control("set-bins").fill("32")
    view.control("set-bins").press("Enter")
    view.click("fold-settings")
    view.click("reset")
    view.at(0)
    for step in range(1, 11):
        view.click("step")
        view.at(step)
    for theme, name in THEMES.items():
        notebook.theme(name)
        for shown in ("model", "difference"):
            view.control("shown").select_option(shown)
            expect(view.root).to_have_attribute("data-sl-shown", shown)
            view.page.evaluate(PAINTED)
            if theme == "light" or shown == "model":
                screenshot(view.root, f"truth-explorer-{shown}-{language}-{theme}")
    notebook.theme(THEMES["light"])


def test_a_recorded_run_plays_without_a_kernel(chromium, tmp_path):
    from synthlab_widgets import TruthExplorer

    explorer = TruthExplorer(language="en")
    explorer.save_page(tmp_path / "run.html", explorer.record(20, every=5))
    explorer.close()
    page = chromium.new_page()
    page.goto((tmp_path / "run.html").as_uri())
    root = page.locator(".sl-live")
    expect(root).to_have_attribute("data-sl-state", "recorded")
    root.locator('[data-sl-action="run"]').click()
    expect(root).to_have_attribute("data-sl-step", "20")
    expect(root.locator('[data-sl-action="set-model"]')).to_be_disabled()
    page.close()


def test_a_restarted_kernel_is_told(open_notebook, first_view):
    restarting = open_notebook([EXPLORER])
    view = first_view(restarting)
    view.click("step")
    view.at(1)
    restarting.restart_kernel()
    expect(view.root).to_have_attribute("data-sl-state", "gone")
    expect(view.root.get_by_role("alert")).to_contain_text("The kernel was restarted")
    expect(view.control("run")).to_be_disabled()
    restarting.close()
