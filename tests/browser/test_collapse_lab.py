"""CollapseLab in a real JupyterLab: a collapse is caused and cured, by pointer and by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from synthlab.words import translate

pytestmark = pytest.mark.browser

LAB = 'from synthlab_widgets import CollapseLab\n\nlab = CollapseLab(guide="mode-collapse")\nlab'
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
    return open_notebook([LAB], language=language, viewport={"width": 1400, "height": 2400})


@pytest.fixture(scope="module")
def view(notebook, first_view):
    return first_view(notebook)


def place(view, number):
    return view.root.locator(f'[data-sl-place="{number}"]')


def fresh(view, source="ring", noise="16", cures=("pacgan",)):
    """Start again with these; only what is not so yet is changed."""
    view.click("reset")
    view.settled()
    for name, value in (("source", source), ("noise", noise), ("clock", "steps")):
        view.control(f"set-{name}").select_option(value)
    for number in (3, 2, 1):
        if number > len(cures) and place(view, number).is_visible():
            view.control(f"cure-{number}").select_option("")
            expect(view.control(f"cure-{number}")).to_have_value("")
    for number, cure in enumerate(cures, 1):
        view.control(f"cure-{number}").select_option(cure)
        expect(view.control(f"cure-{number}")).to_have_value(cure)
        expect(place(view, number).locator(".sl-plane")).to_be_visible()
    view.at(0)


def test_the_collapse_is_caused_and_a_cure_put_beside_it(view, language):
    fresh(view, noise="2", cures=())
    expect(place(view, 0)).to_contain_text(translate("widgets", "Vanilla GAN", language))
    expect(place(view, 1)).to_have_class(re.compile("sl-empty"))
    expect(place(view, 2)).to_be_hidden()
    view.control("set-noise").select_option("16")
    view.control("cure-1").select_option("pacgan")
    expect(place(view, 1).locator(".sl-plane")).to_be_visible()
    expect(place(view, 2)).to_have_class(re.compile("sl-empty"))
    step = view.train_to(25)
    for number in (0, 1):
        lane = place(view, number)
        expect(lane).to_contain_text(str(step))
        # the three meters always together, each with its interval
        expect(lane.locator(".sl-value")).to_have_count(3)
        expect(lane.locator(".sl-interval")).to_have_text([re.compile("95|no point|لا نقطة")] * 3)
        expect(lane.locator('[data-sl-number="cost"]')).to_have_text(re.compile(r"\d\.\d\d"))


def test_what_one_place_has_no_other_can_choose(view):
    fresh(view)
    option = view.control("cure-2").locator('option[value="pacgan"]')
    expect(option).to_be_disabled()
    view.control("cure-1").select_option("")
    expect(place(view, 2)).to_be_hidden()
    expect(place(view, 1)).to_have_class(re.compile("sl-empty"))


def test_a_cure_that_goes_leaves_its_place_to_the_next(view):
    fresh(view, cures=("pacgan", "wgan_gp"))
    view.control("cure-1").select_option("")
    expect(view.control("cure-1")).to_have_value("wgan_gp")
    expect(view.control("cure-2")).to_have_value("")


def test_the_references_stand_below_the_runs(view, language):
    fresh(view)
    known = view.root.locator(".sl-references")
    for name in ("A perfect sampler", "Points on the circle"):
        expect(known).to_contain_text(translate("widgets", name, language))
    expect(known.locator(".sl-value")).to_have_count(6)
    runs, row = view.root.locator(".sl-places").bounding_box(), known.bounding_box()
    assert runs["y"] + runs["height"] <= row["y"]
    assert row["width"] == pytest.approx(runs["width"], abs=1)
    view.control("set-source").select_option("grid")
    expect(known).to_contain_text(translate("widgets", "A blurred grid", language))
    expect(place(view, 0).locator(".sl-value").first).to_contain_text("25")


def test_the_clock_changes_and_nothing_is_trained_again(view):
    fresh(view, cures=("wgan_gp",))
    last = view.train_to(30)
    time = view.root.locator('[data-sl-number="time"]')
    expect(time).to_be_hidden()
    view.control("set-clock").select_option("time")
    expect(time).to_contain_text(re.compile(r"\d\.\d"))
    assert view.settled() <= last
    view.control("set-clock").select_option("steps")
    expect(time).to_be_hidden()
    view.control("rewind").fill("12")
    view.at(12)
    for number in (0, 1):
        expect(place(view, number)).to_contain_text("12")


def test_every_chart_has_a_table_with_the_same_numbers(view):
    fresh(view, noise="2")  # with 16 no fake is on a mode so early, and the KL is undefined
    view.train_to(60)
    for name in ("modes", "quality", "kl"):
        view.click(f"table-{name}")
        rows = view.root.locator(f'[data-sl-chart="{name}"] tbody tr')
        expect(rows.first).to_contain_text(re.compile(r"\d\.\d|–"))
        head = view.root.locator(f'[data-sl-chart="{name}"] thead th')
        expect(head).to_have_count(3)  # the step, vanilla, the cure
        view.click(f"table-{name}")


def test_the_keyboard_does_everything(view):
    fresh(view)
    view.root.focus()
    keyboard = view.page.keyboard
    keyboard.press(".")
    view.at(1)
    keyboard.press(" ")
    view.passes(4)
    keyboard.press(" ")
    last = view.settled()
    keyboard.press("[")
    view.at(last - 1)
    keyboard.press("]")
    view.at(last)
    keyboard.press("c")
    expect(view.control("set-clock")).to_have_value("time")
    keyboard.press("c")
    expect(view.control("set-clock")).to_have_value("steps")
    keyboard.press("w")
    expect(view.control("set-noise")).to_have_value("2")
    view.at(0)
    keyboard.press("s")
    expect(view.control("set-source")).to_have_value("grid")
    keyboard.press("r")
    view.at(0)
    view.control("cure-1").focus()
    keyboard.press("Home")  # a list keeps the keys that it needs
    expect(view.control("cure-1")).to_have_value("")


def test_it_says_what_there_is_to_see(view, language):
    fresh(view)
    view.click("step")
    view.at(1)
    said = view.root.locator(".sl-unseen[role=status]")
    expect(said).to_contain_text(translate("widgets", "Vanilla GAN", language))
    expect(said).to_contain_text("PacGAN")
    expect(said).to_contain_text("KL")
    label = place(view, 1).locator(".sl-plane").get_attribute("aria-label")
    assert label.startswith("PacGAN")


def test_it_reads_in_the_direction_of_the_language(view, language):
    fresh(view)
    direction = {"en": "ltr", "ar": "rtl"}[language]
    assert view.root.get_attribute("dir") == direction
    vanilla, cure = (place(view, number).bounding_box() for number in (0, 1))
    assert (vanilla["x"] < cure["x"]) == (direction == "ltr")
    for number in view.root.locator("bdi").all():
        assert number.get_attribute("dir") == "ltr"
    assert (
        view.root.locator(".sl-plane").first.evaluate("c => c.getContext('2d').direction") == "ltr"
    )


def test_it_fits_on_a_phone(notebook, view):
    fresh(view, cures=("pacgan", "wgan_gp"))
    view.page.evaluate("document.querySelector('.sl-live').style.inlineSize = '320px'")
    view.page.evaluate(PAINTED)
    wide = view.root.evaluate(
        """root => [...root.querySelectorAll("*")].filter(e => !e.closest(".sl-unseen, .sl-table")
             && e.getBoundingClientRect().width > 320).map(e => e.className)"""
    )
    assert wide == []
    assert view.root.evaluate("root => root.scrollWidth <= root.clientWidth")
    view.page.evaluate("document.querySelector('.sl-live').style.inlineSize = ''")


def test_pictures_take_on_the_colours_of_another_theme(notebook, view):
    """At once, and not with the next frame."""
    fresh(view)
    pixels = "found => found.map(canvas => canvas.toDataURL())"
    canvases = view.root.locator(".sl-chart:visible, .sl-plane:visible")
    expect(canvases).to_have_count(7)  # two runs, two references, three charts
    light = canvases.evaluate_all(pixels)
    notebook.theme(THEMES["dark"])
    view.page.evaluate(PAINTED)
    dark = canvases.evaluate_all(pixels)
    notebook.theme(THEMES["light"])
    assert len(light) == len(dark)
    assert not set(light) & set(dark)


@pytest.mark.full
def test_its_pictures_for_the_documentation(notebook, view, language, screenshot):
    steps = 600 if screenshot.wanted else 25
    beside = ("pacgan", "minibatch_std")
    for source, noise, cures in (("ring", "2", ()), ("ring", "16", beside)):
        fresh(view, source, noise, cures)
        for _ in range(4 if cures else 0):
            view.click("guide-next")  # to the page that puts these two cures beside the GAN
        view.click("run")
        for step in range(25, steps + 1, 25):  # each within the patience of a wait
            view.passes(step)
        view.click("pause")
        view.settled()
        for theme, name in THEMES.items():
            notebook.theme(name)
            view.page.evaluate(PAINTED)
            if cures or theme == "light":
                kind = "cured" if cures else "start"
                screenshot(view.root, f"collapse-lab-{kind}-{language}-{theme}")
    notebook.theme(THEMES["light"])


def test_a_recorded_run_plays_without_a_kernel(chromium, tmp_path):
    from synthlab_widgets import CollapseLab

    lab = CollapseLab(noise=16, cures=["pacgan"], language="en")
    lab.save_page(tmp_path / "run.html", lab.record(20, every=5))
    lab.close()
    page = chromium.new_page()
    page.goto((tmp_path / "run.html").as_uri())
    root = page.locator(".sl-live")
    expect(root).to_have_attribute("data-sl-state", "recorded")
    expect(root.get_by_role("alert")).to_contain_text("This run was recorded")
    root.locator('[data-sl-action="run"]').click()
    expect(root).to_have_attribute("data-sl-step", "20")
    expect(root.locator('[data-sl-place="1"]')).to_contain_text("Step 20")
    expect(root.locator('[data-sl-action="cure-1"]')).to_be_disabled()
    page.close()


def test_a_restarted_kernel_is_told(open_notebook, first_view):
    restarting = open_notebook([LAB])
    view = first_view(restarting)
    view.click("step")
    view.at(1)
    restarting.restart_kernel()
    expect(view.root).to_have_attribute("data-sl-state", "gone")
    expect(view.root.get_by_role("alert")).to_contain_text("The kernel was restarted")
    for action in ("run", "set-noise", "cure-1"):
        expect(view.control(action)).to_be_disabled()
    restarting.close()


def test_a_run_that_breaks_down_says_so_in_its_place(open_notebook, first_view):
    diverging = open_notebook(
        [
            LAB,
            "lab.set('cures', ['pacgan'])\n"
            "model = lab._comparison.lanes[1].experiment.model\n"
            "model.generator_loss = lambda logits: logits.mean() * float('nan')",
        ]
    )
    view = first_view(diverging)
    view.click("step")
    view.click("step")
    view.at(2)
    expect(place(view, 1)).to_contain_text("It broke down at step 1")
    expect(place(view, 0)).to_contain_text("Step 2")
    diverging.page.evaluate(
        """code => window.jupyterapp.shell.currentWidget.sessionContext.session
             .kernel.requestExecute({ code }).done.then(() => null)""",
        "lab._comparison.lanes[0].experiment.model.generator_loss = model.generator_loss",
    )
    view.click("run")
    expect(view.root).to_have_attribute("data-sl-state", "failed")
    expect(view.root.get_by_role("alert")).to_contain_text("Every run has broken down")
    diverging.close()


def test_a_closed_widget_and_a_saved_notebook_keep_their_picture(open_notebook, first_view):
    """The comm is lost on purpose; then the notebook is opened again, not trusted, not run."""
    writing = open_notebook([LAB])
    view = first_view(writing)
    step = view.train_to(5)
    caption = re.compile(rf"The last picture, at step {step}\.")
    expect(writing.page.locator(".sl-picture figcaption")).to_have_text(
        caption, use_inner_text=False
    )
    writing.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
             .requestExecute({ code: "lab.close()" }).done.then(() => null)"""
    )
    expect(view.root).to_have_count(0)
    expect(writing.page.locator(".sl-picture")).to_be_visible()
    saved = writing.save()
    assert len(str(saved.cells[0].outputs)) < 100_000
    writing.close()
    reading = open_notebook(writing.path)
    picture = reading.page.locator(".sl-picture img")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.complete && img.naturalWidth > 0")
    assert f"Step {step}." in (picture.get_attribute("alt") or "")
    expect(reading.page.locator(".sl-live")).to_have_count(0)
    reading.close()


def test_a_view_out_of_sight_gets_no_frames(open_notebook, first_view):
    far = open_notebook(["md:" + "\n\n".join(["Far above."] * 80), LAB])
    view = first_view(far)
    view.root.scroll_into_view_if_needed()
    view.click("run")
    view.passes(1)
    far.page.locator(".jp-MarkdownOutput p").first.scroll_into_view_if_needed()
    far.page.wait_for_function(
        """() => {
            const frame = document.querySelector(".sl-live").dataset.slFrame;
            if (window.last?.frame !== frame) window.last = { frame, at: performance.now() };
            return performance.now() - window.last.at > 1000;
        }"""
    )
    seen = view.step
    view.root.scroll_into_view_if_needed()
    view.passes(seen + 1)
    far.close()
