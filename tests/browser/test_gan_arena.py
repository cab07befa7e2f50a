"""GanArena in a real JupyterLab and in Notebook 7: what a learner sees and does."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from synthlab.experiments import replay

pytestmark = pytest.mark.browser

ARENA = """\
from synthlab.data import Ring
from synthlab.models.gan import GAN
from synthlab_widgets import GanArena

arena = GanArena(guide="gan")
arena"""


@pytest.fixture(scope="module", params=["lab", pytest.param("notebooks", marks=pytest.mark.full)])
def notebook(open_notebook, request):
    """A notebook with an arena, which the tests of this module share."""
    return open_notebook(["md:# Two networks, one game", ARENA], app=request.param)


@pytest.fixture(scope="module")
def shown(notebook, first_view):
    return first_view(notebook)


@pytest.fixture
def view(shown):
    """The widget as it was at first: one run with the default settings, at its start."""
    shown.load("gan/1")
    shown.at(0)
    shown.control("speed").select_option("0")
    return shown


def plane(view, run: str = "a"):
    return view.root.locator(f'[data-sl-run="{run}"] .sl-view canvas')


def colours(canvas) -> int:
    return canvas.evaluate(
        """canvas => new Set(new Uint32Array(canvas.getContext("2d")
             .getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"""
    )


def test_the_first_picture_is_there_before_anything_runs(view):
    expect(view.root.locator(".sl-count")).to_have_text("Step 0")
    assert "Real points as blue circles" in plane(view).get_attribute("aria-label")
    assert colours(plane(view)) > 50  # the field, the points, the axes


def test_run_makes_frames_and_pause_stops_them(view):
    before = int(view.root.get_attribute("data-sl-frame") or "")
    paused_at = view.train_to(20)
    assert int(view.root.get_attribute("data-sl-frame") or "") > before
    # Were a single step still to come, the next one would not be the one after this.
    view.click("step")
    view.at(paused_at + 1)


def test_a_run_leaves_the_status_of_the_kernel_at_rest(notebook, view):
    """Every word from the view would show the kernel busy and idle again; a run's do not."""
    view.page.evaluate(
        """() => {
            const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
            const { dataset } = document.querySelector(".sl-live");
            window.flip = { frame: 0, count: 0 };
            kernel.statusChanged.connect(() => {
              window.flip = { frame: Number(dataset.slFrame), count: window.flip.count + 1 };
            });
        }"""
    )
    view.click("run")
    view.page.wait_for_function(
        """() => Number(document.querySelector(".sl-live").dataset.slFrame)
             > window.flip.frame + 40"""
    )
    notebook.wait_for_kernel()
    view.click("pause")
    view.settled()
    before = view.page.evaluate("() => window.flip.count")
    view.click("step")  # nothing runs any more: its two changes are shown as ever
    view.page.wait_for_function("count => window.flip.count >= count + 2", arg=before)
    notebook.wait_for_kernel()


def test_a_step_is_exactly_one_step(view):
    for step in (1, 2, 3):
        view.click("step")
        view.at(step)


def test_one_network_can_step_alone(view):
    view.click("step-discriminator")
    view.at(1)
    view.click("table-losses")
    head = view.root.locator('[data-sl-chart="losses"] thead th')
    # Only the discriminator has a loss in the table; the generator's column is not there yet.
    expect(head).to_have_text(["Step", "discriminator"])
    view.click("step-generator")
    view.at(2)
    expect(head).to_have_text(["Step", "discriminator", "generator"])
    view.click("table-losses")
    assert view.text() == "gan/1 | D1 G1"


def test_slow_motion_lights_the_path_and_explains_each_phase(view):
    view.page.emulate_media(reduced_motion="reduce")  # every phase waits for the reader
    view.control("speed").select_option("slow")
    phases, lit = [], set()
    for _ in range(10):
        view.click("step")
        phase = view.root.get_attribute("data-sl-phase")
        phases.append(phase)
        expect(view.root.locator(".sl-phase")).not_to_be_empty()
        lit |= set(
            view.root.locator(".sl-node.sl-lit").evaluate_all(
                "nodes => nodes.map(node => node.dataset.slPart)"
            )
        )
        if phase == "d5":
            view.at(1)
        if phase == "g5":
            view.at(2)
    assert phases == ["d1", "d2", "d3", "d4", "d5", "g1", "g2", "g3", "g4", "g5"]
    assert lit == {"noise", "generator", "fake", "real", "discriminator", "loss"}
    assert view.text() == "gan/1 | D1 G1"
    view.page.emulate_media(reduced_motion="no-preference")
    # With motion it goes on by itself, and Pause holds it.
    view.click("run")
    expect(view.root).to_have_attribute("data-sl-phase", "d2")
    view.click("pause")
    view.control("speed").select_option("0")
    expect(view.root).not_to_have_attribute("data-sl-phase", re.compile("."))


def test_any_step_can_be_gone_back_to(view):
    view.load("gan/1 | 60")
    view.at(60)
    view.control("rewind").fill("25")
    view.at(25)
    assert view.control("rewind").get_attribute("max") == "60"
    assert view.control("rewind").get_attribute("aria-valuetext") == "Step 25"
    assert view.text() == "gan/1 | 25"
    view.root.press("]")
    view.at(26)
    view.root.press("[")
    view.root.press("[")
    view.at(24)
    # From here on the run goes another way.
    view.click("step-generator")
    view.at(25)
    assert view.text() == "gan/1 | 24 G1"


def test_settings_act_at_once_or_start_again(view):
    view.load("gan/1 | 5")
    view.at(5)
    view.open("settings")
    view.control("set-loss").select_option("least-squares")
    view.control("set-g_lr").fill("0.01")
    view.control("set-g_lr").press("Enter")
    view.control("set-d_optimizer").select_option("sgd")
    view.control("set-source").select_option("moons")
    view.control("set-g_updates").fill("2")
    view.control("set-g_updates").press("Enter")
    view.click("step")
    view.at(6)
    assert view.text() == (
        "gan/1 | 5 loss=least-squares g_lr=0.01 d_optimizer=sgd source=moons g_updates=2 1"
    )
    expect(view.root.locator(".sl-meters").first).to_be_hidden()  # the moons have no modes
    view.control("set-g_depth").fill("1")
    view.control("set-g_depth").press("Enter")
    view.at(0)
    assert view.text().startswith("gan/1 source=moons g_depth=1")
    expect(view.root.locator('[data-sl-part="generator"] .sl-size')).to_have_text("1 × 128")


def test_a_value_that_cannot_be_is_told_and_taken_back(view):
    view.open("settings")
    view.control("set-g_lr").fill("99")
    view.control("set-g_lr").press("Enter")
    expect(view.root.get_by_role("alert")).to_have_text(
        "g_lr must be a number from 1e-06 to 10, not 99."
    )
    expect(view.control("set-g_lr")).to_have_value("0.001")


TAKE_FOCUS = "() => window.jupyterapp.shell.currentWidget.content.node.focus()"


def hear(view) -> None:
    """Let the kernel tell the view how the run stands, and wait until it has heard."""
    # The second visit to the worker ends after the word on the first one went out.
    view.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute(
             { code: "for _ in range(2): arena._live.do(lambda: None)" }).done.then(() => null)"""
    )


def test_what_is_being_typed_is_left_alone(view):
    view.open("settings")
    rate = view.control("set-g_lr")
    rate.focus()
    rate.press("Control+a")
    hear(view)
    rate.press_sequentially("0.007")
    hear(view)
    rate.press("Enter")
    view.open("share")
    text = view.control("share-text")
    expect(text).to_have_value("gan/1 | g_lr=0.007")
    text.fill("gan/1 | 3")
    text.evaluate("text => text.blur()")
    hear(view)
    text.focus()
    view.page.evaluate(TAKE_FOCUS)  # as the notebook does at times
    hear(view)
    expect(text).to_have_value("gan/1 | 3")
    view.click("share-load")
    view.at(3)
    text.fill("gan/1 | 9")
    view.click("step")  # the reader has gone elsewhere
    view.at(4)
    expect(text).to_have_value("gan/1 | 4")


@pytest.mark.parametrize("layer", ["field", "real", "fake", "manifold", "pull", "ideal"])
def test_every_layer_can_be_shown_and_hidden(view, layer):
    def picture() -> str:
        canvas = view.root.locator(".sl-best") if layer == "ideal" else plane(view)
        return canvas.evaluate("canvas => canvas.toDataURL()")

    view.load("gan/1 | 3")
    view.at(3)
    box = view.control(f"layer-{layer}")
    before = box.is_checked()
    first = None if layer == "ideal" else picture()
    frame = view.root.get_attribute("data-sl-frame")
    box.click()
    expect(view.root).not_to_have_attribute("data-sl-frame", frame)
    view.settled()
    if layer == "ideal":
        told = view.root.locator(".sl-ideal figcaption").first
        expect(told).to_contain_text("estimated from 2500 fakes")
        assert colours(view.root.locator(".sl-best").first) > 20
    else:
        assert picture() != first
    box.click()
    assert box.is_checked() == before


def test_where_the_density_is_known_the_best_answer_is_exact(view):
    view.load("gan/1 source=eight-gaussians g_depth=0")
    view.at(0)
    view.control("layer-ideal").check()
    expect(view.root.locator(".sl-ideal figcaption").first).to_contain_text("exact")
    view.control("layer-ideal").uncheck()


def test_noise_bends_into_points(view):
    view.page.emulate_media(reduced_motion="reduce")
    view.control("layer-manifold").check()
    expect(view.control("bend")).to_be_visible()
    view.click("bend")
    view.control("layer-manifold").uncheck()
    expect(view.control("bend")).to_be_hidden()
    view.page.emulate_media(reduced_motion="no-preference")


def test_a_branch_goes_its_own_way_on_the_same_random_numbers(view):
    view.load("gan/1 | 10")
    view.at(10)
    view.click("twin-begin")
    expect(plane(view, "b")).to_be_visible()
    view.click("step")
    view.at(11)
    same = [plane(view, run).evaluate("c => c.toDataURL()") for run in "ab"]
    assert same[0] == same[1]
    view.open("settings")
    view.control("set-beta1").fill("0.9")
    view.control("set-beta1").press("Enter")
    for step in (12, 13):
        view.click("step")
        view.at(step)
    other = [plane(view, run).evaluate("c => c.toDataURL()") for run in "ab"]
    assert other[0] != other[1]
    assert view.text() == "gan/1 | 13 || gan/1 | 11 beta1=0.9 2"
    expect(view.root.get_by_role("status").last).to_contain_text("Run B: Step 13:")
    view.click("twin-choose-a")
    expect(view.control("set-beta1")).to_have_value("0.5")
    view.click("twin-keep")
    expect(plane(view, "b")).to_be_hidden()
    assert view.text() == "gan/1 | 11 beta1=0.9 2"
    view.load("gan/1 | 13 || gan/1 | 11 beta1=0.9 2")
    view.at(13)
    expect(view.root.locator('[data-sl-part="twin"]')).to_contain_text("from step 11")


def test_a_drawing_by_pointer_and_by_keyboard_is_trained_on(view):
    view.open("draw")
    board = view.control("draw")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    view.page.mouse.move(box["x"] + 120, box["y"] + 120)
    view.page.mouse.down()
    view.page.mouse.move(box["x"] + 220, box["y"] + 120, steps=5)
    view.page.mouse.up()
    count = view.root.locator(".sl-drawing [role=status]")
    expect(count).to_contain_text(re.compile(r"Dots: [3-9]"))
    view.click("draw-clear")
    expect(count).to_have_text("Dots: 0")
    board.focus()
    for key in ("ArrowRight", "Enter", "ArrowUp", "ArrowUp", "Enter", "Enter", "Backspace"):
        board.press(key)
    expect(count).to_have_text("Dots: 2")
    view.click("draw-done")
    view.open("settings")
    expect(view.control("set-source")).to_have_value("drawing")
    view.click("step")
    view.at(1)
    source = replay(view.text()).subject.source
    assert source.dots.numpy().round(2).tolist() == [[0.1, 0.0], [0.1, 0.2]]
    view.click("draw-clear")
    view.click("draw-done")
    expect(view.root.get_by_role("alert")).to_contain_text("A drawing needs 1 to 500 dots")
    view.click("fold-draw")


def test_a_text_leads_to_the_same_picture_and_a_wrong_one_to_a_sentence(view):
    text = "gan/1 noise=1 prior=uniform seed=3 | 12 loss=minimax D2 3"
    view.load(text)
    view.at(17)
    assert view.text() == text.replace(
        "noise=1 prior=uniform seed=3", "seed=3 noise=1 prior=uniform"
    )
    first = plane(view).evaluate("c => c.toDataURL()")
    view.back_to_start()
    view.load(text)
    view.at(17)
    assert plane(view).evaluate("c => c.toDataURL()") == first
    view.load("GAN 1")
    expect(view.root.get_by_role("alert")).to_contain_text("This is not the state of a run")
    view.at(17)


def test_situations_can_be_chosen(view):
    view.open("settings")
    view.control("preset").select_option("affine")
    view.at(300)
    expect(view.control("set-source")).to_have_value("eight-gaussians")


def test_the_guide_turns_its_pages_points_and_acts(view):
    page = view.root.locator(".sl-page")
    expect(page.locator(".sl-heading")).to_have_text("What you see")
    view.click("guide-next")
    expect(page.locator(".sl-heading")).to_have_text("Noise becomes points")
    expect(view.control("layer-manifold")).to_be_checked()
    expect(view.root.locator(".sl-pointed")).to_have_attribute("data-sl-part", "generator")
    view.root.press("n")
    expect(page.locator(".sl-heading")).to_have_text("One turn of D")
    view.click("guide-act")
    view.at(1)
    assert view.text() == "gan/1 | D1"
    view.root.press("p")
    view.root.press("p")
    expect(page.locator(".sl-heading")).to_have_text("What you see")


def test_charts_choose_their_measure_and_have_a_table_each(view):
    view.load("gan/1 | 40")
    view.at(40)
    view.control("metric").select_option("jsd")
    view.click("table-metric")
    rows = view.root.locator('[data-sl-chart="metric"] tbody tr')
    expect(rows).to_have_count(3)  # measured at the steps 0, 20 and 40
    expect(rows.nth(2).locator("th")).to_have_text("40")
    view.click("table-metric")
    view.control("metric").select_option("modes")


def test_every_command_has_a_key(view):
    plane(view).click()
    expect(view.root).to_be_focused()
    press = view.page.keyboard.press
    press(".")
    view.at(1)
    press("d")
    view.at(2)
    press("g")
    view.at(3)
    press("Space")
    expect(view.root).to_have_attribute("data-sl-state", "running")
    press("Space")
    expect(view.root).to_have_attribute("data-sl-state", "paused")
    press("b")
    expect(plane(view, "b")).to_be_visible()
    press("b")
    expect(plane(view, "b")).to_be_hidden()
    press("4")
    expect(view.control("layer-manifold")).to_be_checked()
    press("4")
    expect(view.control("layer-manifold")).not_to_be_checked()
    press("r")
    view.at(0)
    # JupyterLab's own keys, which make a cell raw or delete it, stayed out of it.
    expect(view.page.locator(".jp-RawCell")).to_have_count(0)
    expect(view.page.locator(".jp-Notebook .jp-Cell")).to_have_count(2)
    view.open("keys")
    assert view.root.locator(".sl-keys li").count() == 9
    view.click("fold-keys")


def test_controls_are_reached_by_tab_and_show_the_focus(view):
    view.control("run").focus()
    seen = []
    for _ in range(7):
        view.page.keyboard.press("Tab")
        focused = view.page.locator(":focus")
        seen.append(focused.get_attribute("data-sl-action"))
        assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    assert seen == [
        "step", "step-discriminator", "step-generator", "reset", "speed", "rewind", "layer-field",
    ]  # fmt: skip


def test_what_screen_readers_hear(view):
    view.click("step")
    said = re.compile(r"^Step 1: \d of 8 modes, \d+ % of points on a mode\.$")
    expect(view.root.get_by_role("status").last).to_have_text(said)


@pytest.mark.parametrize("width", [320, 700, 900])
def test_no_width_scrolls_sideways(view, width):
    view.root.evaluate("(root, width) => { root.style.inlineSize = `${width}px`; }", width)
    view.click("twin-begin")
    for part in ("settings", "draw", "share", "keys"):
        view.open(part)
    view.click("step")
    view.at(1)
    size, needed = view.root.evaluate("element => [element.offsetWidth, element.scrollWidth]")
    assert size == width
    assert needed <= width
    view.root.evaluate("root => { root.style.inlineSize = ''; }")
    view.click("twin-drop")
    # Everything moves up when the twin is gone: what is clicked before that may be missed.
    expect(view.control("twin-begin")).to_be_visible()
    view.settled()


def test_the_ordinary_picture_hides_behind_the_live_one(notebook, view):
    expect(notebook.page.locator(".sl-picture")).to_be_hidden()
