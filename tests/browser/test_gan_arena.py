"""GanArena in a real JupyterLab: what a learner sees, presses and keeps."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from synthlab.words import translate

pytestmark = pytest.mark.browser

ARENA = """\
from synthlab.data import Ring
from synthlab.models.gan import GAN
from synthlab_widgets import GanArena

arena = GanArena(GAN.mlp(), Ring())
arena"""


def first_picture(notebook) -> Locator:
    """Run everything and wait until the widget has its first frame from the kernel."""
    notebook.run_all()
    root = notebook.page.locator(".sl-root")
    expect(root).to_have_attribute("data-sl-frame", re.compile(r"^[1-9]"))
    return root


def button(root: Locator, action: str) -> Locator:
    return root.locator(f'[data-sl-action="{action}"]')


def settled(root: Locator) -> int:
    """Wait until nothing is under way; return the step that the picture shows."""
    expect(root).to_have_attribute("data-sl-settled", "")
    return int(root.get_attribute("data-sl-step") or "")


def train_to(root: Locator, step: int) -> int:
    """Run until the picture shows at least this step, then pause; return the step."""
    button(root, "run").click()
    root.page.wait_for_function(
        "step => Number(document.querySelector('.sl-root').dataset.slStep) >= step", arg=step
    )
    button(root, "pause").click()
    return settled(root)


def back_to_start(root: Locator) -> None:
    button(root, "reset").click()
    expect(root).to_have_attribute("data-sl-step", "0")
    assert settled(root) == 0


def violations(root: Locator) -> list[tuple[str, str]]:
    """What axe-core finds inside the widget, by rule and element."""
    found = Axe().run(root.page, context=".sl-root").response["violations"]
    return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]


@pytest.fixture(scope="module")
def notebook(open_notebook):
    """A notebook with an arena on the ring, which the tests of this module share."""
    return open_notebook(["md:# Two networks, one game", ARENA])


@pytest.fixture(scope="module")
def shown(notebook) -> Locator:
    return first_picture(notebook)


@pytest.fixture
def root(shown: Locator) -> Locator:
    """The widget, back at its start."""
    back_to_start(shown)
    return shown


def test_the_first_picture_is_there_before_anything_runs(root):
    assert root.locator(".sl-count").inner_text() == "Step 0"
    assert "Real points as blue circles" in (root.locator(".sl-plane").get_attribute("aria-label"))
    # The drawing has more than one colour: the field, the points, the axes.
    colours = root.locator(".sl-plane").evaluate(
        """canvas => new Set(new Uint32Array(canvas.getContext("2d")
             .getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"""
    )
    assert colours > 50


def test_run_makes_frames_and_pause_stops_them(root):
    before = int(root.get_attribute("data-sl-frame") or "")
    paused_at = train_to(root, 20)
    assert int(root.get_attribute("data-sl-frame") or "") > before
    # Were a single step still to come, the next one would not be the one after this.
    button(root, "step").click()
    expect(root).to_have_attribute("data-sl-step", str(paused_at + 1))
    assert settled(root) == paused_at + 1


def test_a_step_is_exactly_one_step(root):
    for step in (1, 2, 3):
        button(root, "step").click()
        expect(root).to_have_attribute("data-sl-step", str(step))
        assert settled(root) == step


def test_one_network_can_step_alone(root):
    button(root, "step-discriminator").click()
    expect(root).to_have_attribute("data-sl-step", "1")
    root.locator("summary").click()
    # Only the discriminator has a loss in the table; the generator's column is not there yet.
    expect(root.locator("thead th")).to_have_text(["Step", "discriminator"])
    button(root, "step-generator").click()
    expect(root).to_have_attribute("data-sl-step", "2")
    expect(root.locator("thead th")).to_have_text(["Step", "discriminator", "generator"])
    root.locator("summary").click()


def test_same_seed_same_numbers_after_a_reset(root):
    def losses() -> list[str]:
        for step in (1, 2):
            button(root, "step").click()
            expect(root).to_have_attribute("data-sl-step", str(step))
        return root.locator("tbody td").all_inner_texts()

    root.locator("summary").click()
    first = losses()
    back_to_start(root)
    assert losses() == first
    assert len(first) == 4
    root.locator("summary").click()


def test_every_command_has_a_key(root):
    root.locator(".sl-plane").click()
    expect(root).to_be_focused()
    root.page.keyboard.press(".")
    expect(root).to_have_attribute("data-sl-step", "1")
    root.page.keyboard.press("Space")
    expect(root).to_have_attribute("data-sl-state", "running")
    root.page.keyboard.press("Space")
    expect(root).to_have_attribute("data-sl-state", "paused")
    root.page.keyboard.press("r")
    expect(root).to_have_attribute("data-sl-step", "0")
    # JupyterLab's own R, which makes a cell raw, stayed out of it.
    expect(root.page.locator(".jp-RawCell")).to_have_count(0)


def test_controls_are_reached_by_tab_and_show_the_focus(root):
    button(root, "run").focus()
    seen = []
    for _ in range(5):
        root.page.keyboard.press("Tab")
        focused = root.page.locator(":focus")
        seen.append(focused.get_attribute("data-sl-action") or focused.evaluate("e => e.tagName"))
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert seen == ["step", "step-discriminator", "step-generator", "reset", "SELECT"]


def test_what_screen_readers_hear(root):
    button(root, "step").click()
    said = re.compile(r"^Step 1: \d of 8 modes, \d+ % of points on a mode\.$")
    expect(root.get_by_role("status")).to_have_text(said)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_accessible_in_both_themes(notebook, root, screenshot, theme):
    notebook.theme(f"JupyterLab {theme}")
    train_to(root, 1200 if screenshot.wanted else 30)
    assert violations(root) == []
    screenshot(root, f"gan-arena-en-{theme.lower()}")
    notebook.theme("JupyterLab Light")


def test_narrow_windows_scroll_nothing_sideways(root):
    root.evaluate("element => { element.style.maxInlineSize = '320px'; }")
    button(root, "step").click()
    expect(root).to_have_attribute("data-sl-step", "1")
    width, needed = root.evaluate("element => [element.offsetWidth, element.scrollWidth]")
    assert width == 320
    assert needed <= width
    root.evaluate("element => { element.style.maxInlineSize = ''; }")


def test_the_ordinary_picture_hides_behind_the_live_one(notebook, root):
    expect(notebook.page.locator(".sl-picture")).to_be_hidden()


def test_a_view_out_of_sight_gets_no_frames(open_notebook):
    """The arena trains on while it cannot be seen, and shows where it is when it comes back."""
    far = open_notebook(["md:" + "\n\n".join(["Far above."] * 80), ARENA])
    root = first_picture(far)
    root.scroll_into_view_if_needed()
    button(root, "run").click()
    expect(root).not_to_have_attribute("data-sl-step", "0")
    far.page.locator(".jp-MarkdownOutput p").first.scroll_into_view_if_needed()
    far.page.wait_for_function(
        """() => {
            const frame = document.querySelector(".sl-root").dataset.slFrame;
            if (window.last?.frame !== frame) window.last = { frame, at: performance.now() };
            return performance.now() - window.last.at > 1000;
        }"""
    )
    seen = int(root.get_attribute("data-sl-step") or "")
    root.scroll_into_view_if_needed()
    far.page.wait_for_function(
        "seen => Number(document.querySelector('.sl-root').dataset.slStep) > seen", arg=seen
    )
    far.close()


def test_a_saved_notebook_shows_its_picture_without_a_kernel(open_notebook):
    writing = open_notebook([ARENA])
    root = first_picture(writing)
    step = train_to(root, 30)
    caption = re.compile(rf"The last picture, at step {step}\.")
    expect(writing.page.locator(".sl-picture figcaption")).to_have_text(
        caption, use_inner_text=False
    )
    saved = writing.save()
    outputs = saved.cells[0].outputs
    assert len(str(outputs)) < 100_000  # bytes that the widget adds to the notebook
    assert any("image/png" in output.get("data", {}) for output in outputs)
    writing.close()
    reading = open_notebook(writing.path)
    picture = reading.page.locator(".sl-picture img")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.complete && img.naturalWidth > 0")
    assert f"Step {step}:" in (picture.get_attribute("alt") or "")


def test_a_restarted_kernel_leaves_the_last_picture_and_says_so(open_notebook):
    restarting = open_notebook([ARENA])
    root = first_picture(restarting)
    button(root, "step").click()
    expect(root).to_have_attribute("data-sl-step", "1")
    restarting.restart_kernel()
    expect(root).to_have_attribute("data-sl-state", "gone")
    expect(root.get_by_role("alert")).to_contain_text("The kernel was restarted")
    expect(root).to_have_attribute("data-sl-step", "1")
    expect(button(root, "run")).to_be_disabled()


BROKEN = """\
class Broken(GAN):
    def update(self, batch, generator, parts=None):
        losses = super().update(batch, generator, parts)
        if losses["generator"] != 0:
            raise ValueError("the shapes (256, 2) and (256, 3) do not match")
        return losses

arena = GanArena(Broken.mlp(), Ring())
arena"""


def test_an_error_of_the_learners_code_is_told_on_the_widget(open_notebook):
    imports = ARENA.partition("\n\n")[0]
    broken = open_notebook([imports, BROKEN])
    root = first_picture(broken)
    button(root, "run").click()
    expect(root).to_have_attribute("data-sl-state", "failed")
    expect(root.get_by_role("alert")).to_have_text(
        "Your model stopped after step 0, in update, line 5. "
        "ValueError: the shapes (256, 2) and (256, 3) do not match"
    )
    expect(root.locator(".sl-plane")).to_be_visible()


@pytest.fixture(scope="module")
def arabic(open_notebook) -> tuple[object, Locator]:
    notebook = open_notebook(["md:# شبكتان، لعبة واحدة", ARENA], language="ar")
    return notebook, first_picture(notebook)


def test_arabic_labels_from_right_to_left(arabic):
    _, root = arabic
    assert (root.get_attribute("dir"), root.get_attribute("lang")) == ("rtl", "ar")
    word = translate("widgets", "Run", "ar")
    assert word != "Run"
    expect(button(root, "run")).to_have_text(word)
    # The first button stands at the right, and the canvas keeps its axes from left to right.
    run, step = (button(root, name).bounding_box() for name in ("run", "step"))
    assert run["x"] > step["x"]
    assert root.locator(".sl-plane").evaluate("c => c.getContext('2d').direction") == "ltr"
    for number in root.locator("bdi").all():
        assert number.get_attribute("dir") == "ltr"


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_arabic_is_accessible_in_both_themes(arabic, screenshot, theme):
    notebook, root = arabic
    notebook.theme(f"JupyterLab {theme}")
    back_to_start(root)
    train_to(root, 1200 if screenshot.wanted else 30)
    assert violations(root) == []
    screenshot(root, f"gan-arena-ar-{theme.lower()}")
