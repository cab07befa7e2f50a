"""Widgets when things go wrong around them: each with a sentence on the screen."""

from __future__ import annotations

import os
import re
import signal

import pytest
from playwright.sync_api import expect
from synthlab_widgets import GanArena

pytestmark = pytest.mark.browser

ARENA = """\
from synthlab_widgets import GanArena

arena = GanArena()
arena"""


@pytest.fixture(params=["lab", pytest.param("notebooks", marks=pytest.mark.full)])
def app(request) -> str:
    return request.param


def alert(view):
    return view.root.get_by_role("alert")


def test_a_restarted_kernel_leaves_the_last_picture_and_says_so(open_notebook, first_view, app):
    restarting = open_notebook([ARENA], app=app)
    view = first_view(restarting)
    view.click("step")
    view.at(1)
    restarting.restart_kernel()
    expect(view.root).to_have_attribute("data-sl-state", "gone")
    expect(alert(view)).to_contain_text("The kernel was restarted")
    expect(view.root).to_have_attribute("data-sl-step", "1")
    for action in ("run", "rewind", "layer-field", "twin-begin"):
        expect(view.control(action)).to_be_disabled()
    restarting.close()


def test_a_kernel_that_dies_is_told_as_well(open_notebook, first_view):
    dying = open_notebook([ARENA, "import os\nos.getpid()"])
    view = first_view(dying)
    pid = int(dying.outputs(1).inner_text().strip().split()[-1])
    os.kill(pid, signal.SIGKILL)
    expect(view.root).to_have_attribute("data-sl-state", "gone")
    expect(alert(view)).to_contain_text("Run the cell again")
    dying.close()


def test_a_closed_widget_leaves_its_picture(open_notebook, first_view):
    """The comm is lost on purpose: the live view goes, the ordinary picture stays."""
    closing = open_notebook([ARENA])
    view = first_view(closing)
    view.train_to(5)
    closing.page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
             .requestExecute({ code: "arena.close()" }).done.then(() => null)"""
    )
    expect(view.root).to_have_count(0)
    expect(closing.page.locator(".sl-picture")).to_be_visible()
    threads = closing.page.evaluate(
        """() => new Promise(resolve => {
             const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
             const future = kernel.requestExecute({ code:
               "import threading\\nprint([t.name for t in threading.enumerate()])" });
             future.onIOPub = message => {
               if (message.header.msg_type === "stream") resolve(message.content.text); };
           })"""
    )
    assert "synthlab-live" not in threads
    closing.close()


def test_a_saved_notebook_shows_its_picture_without_a_kernel(open_notebook, first_view, app):
    writing = open_notebook([ARENA], app=app)
    view = first_view(writing)
    step = view.train_to(30)
    caption = re.compile(rf"The last picture, at step {step}\.")
    expect(writing.page.locator(".sl-picture figcaption")).to_have_text(
        caption, use_inner_text=False
    )
    saved = writing.save()
    outputs = saved.cells[0].outputs
    assert len(str(outputs)) < 100_000  # bytes that the widget adds to the notebook
    writing.close()
    # Opened again it is not trusted: it was not run in this session.
    reading = open_notebook(writing.path, app=app)
    picture = reading.page.locator(".sl-picture img")
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.complete && img.naturalWidth > 0")
    assert f"Step {step}:" in (picture.get_attribute("alt") or "")
    expect(reading.page.locator(".sl-live")).to_have_count(0)
    reading.close()


def test_a_flood_of_output_elsewhere_does_no_lasting_harm(open_notebook, first_view):
    """The server drops messages when a cell prints without end; what is lost comes again."""
    flood = "for i in range(200_000):\n    print('x' * 40)"
    flooded = open_notebook([ARENA, "1"])
    view = first_view(flooded)
    flooded.page.evaluate(
        """code => { window.flood = window.jupyterapp.shell.currentWidget.sessionContext.session
             .kernel.requestExecute({ code }).done.then(() => { window.flooded = true; }); }""",
        flood,
    )
    view.click("step")
    flooded.page.wait_for_function("() => window.flooded === true")
    view.at(1)
    expect(view.root).not_to_have_attribute("data-sl-waiting", re.compile(".*"))
    view.click("step")
    view.at(2)
    flooded.close()


def test_a_command_that_must_wait_says_so(open_notebook, first_view):
    """A cell holds the kernel and its lock; the view tells that its command waits."""
    busy = open_notebook([ARENA, "1"])
    view = first_view(busy)
    # The worker cannot take a turn while somebody else holds it: that is what waiting is.
    execute = """code => { window.jupyterapp.shell.currentWidget.sessionContext.session
             .kernel.requestExecute({ code }); }"""
    busy.page.evaluate(execute, "arena._live._turn.acquire()")
    view.click("step")
    expect(view.root).to_have_attribute("data-sl-waiting", "")
    expect(alert(view)).to_contain_text("Your command waits")
    busy.page.evaluate(execute, "arena._live._turn.release()")
    view.at(1)
    expect(alert(view)).to_be_empty()
    busy.close()


OWN = """\
def mine(logits):
    if logits.mean() != 0:
        raise ValueError("this loss has no name")
    return logits.mean()
"""


def test_an_error_of_the_learners_loss_is_told_and_can_be_repaired(open_notebook, first_view):
    broken = open_notebook([ARENA, OWN, "arena.plug(generator_loss=mine)"])
    view = first_view(broken)
    view.click("run")
    expect(view.root).to_have_attribute("data-sl-state", "failed")
    expect(alert(view)).to_have_text(
        re.compile(r"Your model stopped after step 0, in mine, line 3\. ValueError: this loss")
    )
    expect(view.root.locator(".sl-plane").first).to_be_visible()
    repaired = "lambda l: torch.nn.functional.softplus(-l).mean()"
    broken.page.evaluate(
        """code => window.jupyterapp.shell.currentWidget.sessionContext.session
             .kernel.requestExecute({ code }).done.then(() => null)""",
        f"import torch\narena.plug(generator_loss={repaired})",
    )
    view.click("step")
    view.at(1)
    assert "loss=own" in view.text()
    broken.close()


def test_a_loss_that_is_not_a_number_stops_with_a_sentence(open_notebook, first_view):
    diverging = open_notebook(
        [ARENA, "arena.plug(generator_loss=lambda logits: logits.mean() * float('nan'))"]
    )
    view = first_view(diverging)
    view.click("run")
    expect(view.root).to_have_attribute("data-sl-state", "failed")
    expect(alert(view)).to_contain_text("Training broke down at step 1")
    view.load("gan/1 | 3")
    view.at(3)
    diverging.close()


def test_a_view_out_of_sight_gets_no_frames(open_notebook, first_view):
    """The arena trains on while it cannot be seen, and shows where it is when it comes back."""
    far = open_notebook(["md:" + "\n\n".join(["Far above."] * 80), ARENA])
    view = first_view(far)
    view.root.scroll_into_view_if_needed()
    view.click("run")
    expect(view.root).not_to_have_attribute("data-sl-step", "0")
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


def test_closing_the_tab_stops_training_and_coming_back_finds_it(open_notebook, first_view):
    leaving = open_notebook([ARENA])
    view = first_view(leaving)
    view.click("run")
    view.passes(5)
    leaving.save()
    leaving.page.goto("about:blank")  # the page is gone; its kernel lives on
    leaving.page.go_back()
    leaving.wait_for_kernel()
    expect(view.root).to_have_attribute("data-sl-step", re.compile("[1-9]"))
    expect(view.root).to_have_attribute("data-sl-state", "paused")
    step = view.settled()
    assert step >= 5
    view.click("step")
    view.at(step + 1)
    leaving.close()


def test_a_recorded_run_plays_in_any_browser_without_a_kernel(chromium, tmp_path):
    arena = GanArena(language="en")
    page_file = tmp_path / "run.html"
    arena.save_page(page_file, arena.record(60, every=20))
    arena.close()
    page = chromium.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    root = page.locator(".sl-live")
    expect(root).to_have_attribute("data-sl-state", "recorded")
    expect(root.get_by_role("alert")).to_contain_text("This run was recorded")
    root.locator('[data-sl-action="run"]').click()
    expect(root).to_have_attribute("data-sl-step", "60")
    root.locator('[data-sl-action="rewind"]').fill("30")
    expect(root).to_have_attribute("data-sl-step", "20")
    expect(root.locator('[data-sl-action="set-loss"]')).to_be_disabled()
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []
    page.close()


GAUSSIAN = "from synthlab_widgets import GaussianFit\nGaussianFit()"


@pytest.mark.parametrize("app", ["lab", "notebooks"])
def test_the_example_widget_runs_rewinds_and_is_accessible(open_notebook, first_view, app):
    example = open_notebook([GAUSSIAN], app=app)
    view = first_view(example)
    view.click("run")
    view.passes(50)
    view.click("pause")
    expect(view.root).to_have_attribute("data-sl-state", "paused")
    view.control("rewind").fill("3")
    expect(view.root).to_have_attribute("data-sl-step", "3")
    expect(view.root.get_by_role("status")).to_contain_text("Step 3: mean")
    assert view.violations() == []
    example.close()
