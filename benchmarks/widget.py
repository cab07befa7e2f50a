"""The arena in a browser: frames a second and what they cost, Pause, bytes, memory."""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import synthlab_widgets
from synthlab_widgets.frames import pack
from synthlab_widgets.gan_arena import GanArena

from benchmarks._report import Row, row
from synthlab.errors import SynthlabError

CHROMIUM = "/usr/bin/chromium"
#: Milliseconds that anything on the page may take.
PATIENCE = 120_000
ARENA = "from synthlab_widgets import GanArena\narena = GanArena()\narena"

#: Note the time and the step of every frame on the page.
WATCH = """() => {
  const root = document.querySelector(".sl-live");
  window.frames_ = [];
  new MutationObserver(() => window.frames_.push([performance.now(), Number(root.dataset.slStep)]))
    .observe(root, { attributeFilter: ["data-sl-frame"] });
}"""
#: Nothing is under way any more, the picture that a saved notebook keeps is drawn as well.
SETTLED = """() => {
  const root = document.querySelector(".sl-live");
  const told = document.querySelector(".sl-picture figcaption").textContent;
  return root.hasAttribute("data-sl-settled") && told.includes(` ${root.dataset.slStep}.`);
}"""
#: How many frames an arena has shown when it counts as warmed up.
WARM = 30
#: Milliseconds from the output's element to the first painted picture, noted from before it is.
FIRST = """() => new Promise(resolve => {
  let there = 0;
  new MutationObserver((_, observer) => {
    if (!there && document.querySelector(".jp-OutputArea-output")) there = performance.now();
    const root = document.querySelector(".sl-live[data-sl-frame]");
    if (root) { observer.disconnect(); resolve(performance.now() - there); }
  }).observe(document.body, { childList: true, subtree: true, attributes: true });
  window.jupyterapp.commands.execute("notebook:run-all-cells");
})"""
#: Press Pause and wait for the kernel's word that nothing runs any more.
PAUSE = """() => new Promise(resolve => {
  const root = document.querySelector(".sl-live");
  const start = performance.now();
  new MutationObserver((_, observer) => {
    if (root.dataset.slState !== "paused") return;
    observer.disconnect();
    resolve(performance.now() - start);
  }).observe(root, { attributeFilter: ["data-sl-state"] });
  root.querySelector('[data-sl-action="pause"]').click();
})"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--seconds``, ``--pauses`` and ``--minutes``."""
    parser.add_argument("--seconds", type=float, default=20, help="of frames that are counted")
    parser.add_argument("--pauses", type=int, default=40, help="times that Pause is pressed")
    parser.add_argument("--minutes", type=float, default=10, help="over which the heap may grow")
    parser.add_argument("--steps", type=int, default=300, help="steps in a timing of training")


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield sizes first, then what a real JupyterLab in headless Chromium shows."""
    static = Path(synthlab_widgets.__file__).parent / "static"
    sizes = [len(gzip.compress((static / f"gan_arena.{k}").read_bytes())) for k in ("js", "css")]
    yield row("bundle, gzip: module and style sheet", [sum(sizes) / 1000], "kB", at_most=20)
    arena = GanArena(language="en")
    arena.run(200)
    yield row("bytes of a frame", [len(pack(arena._live.keyframe()))], "bytes")
    arena.close()
    with _lab() as (page, training):
        yield row("output there to first picture", [training["first"]], "ms", at_most=300)
        yield from _frames(page, options.seconds)
        yield from _slowing(page, options.steps)
        yield from _pauses(page, options.pauses)
        yield from _heap(page, options.minutes)


def _frames(page: Any, seconds: float) -> Iterator[Row]:
    page.evaluate(WATCH)
    times = [time for time, _ in _watched(page, seconds)]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    whole = int((times[-1] - times[0]) / 1000)
    if whole < 2:
        raise SynthlabError("The arena sent no frames, or --seconds is below 2.")
    counts = Counter(int((time - times[0]) / 1000) for time in times)
    rates = [float(counts[second]) for second in range(whole)]
    yield row("frames in a second while training", rates, "", at_least=30)
    p95 = statistics.quantiles(gaps, n=20)[-1]
    yield row("gap between frames, 95th percentile", [p95], "ms", at_most=66)


def _watched(page: Any, seconds: float) -> list[tuple[float, int]]:
    """Run the arena for so long once it is warm: the time (ms) and the step of each frame."""
    page.evaluate("() => { window.frames_ = []; }")
    page.locator('[data-sl-action="run"]').click()
    page.wait_for_function(f"() => window.frames_.length > {WARM}", timeout=PATIENCE)
    page.evaluate("() => { window.frames_ = []; }")
    page.wait_for_timeout(1000 * seconds)
    frames: list[tuple[float, int]] = page.evaluate("() => window.frames_")
    page.locator('[data-sl-action="pause"]').click()
    page.wait_for_function(SETTLED)
    return frames


def _slowing(page: Any, steps: int) -> Iterator[Row]:
    """Training on screen beside training without it in the same kernel, in turns: time a step.

    The arena without a view makes the same steps, keeps the same states to rewind to and takes
    the same measurements over time; plain training does none of that.
    """
    code = f"""
import json, time
from synthlab.data import Ring
from synthlab.models.gan import GAN
from synthlab.training import train
if "headless" not in globals():
    headless, plain = GanArena(), train(GAN.mlp(), Ring(), steps=None)
    headless.run({steps})
def seconds(work):
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) / {steps}
print("seconds", json.dumps([
    seconds(lambda: headless.run({steps})),
    seconds(lambda: [plain.advance() for _ in range({steps})]),
]))
"""
    shown, headless, plain = [], [], []
    for _ in range(6):
        alone = _printed(page, code, "seconds")
        headless.append(alone[0])
        plain.append(alone[1])
        (start, first), *_, (end, last) = _watched(page, 4)
        shown.append((end - start) / 1000 / (last - first))
    ratio = [a / b for a, b in zip(shown, headless, strict=True)]
    yield row("a step while shown / headless", ratio, "", at_most=1.15)
    ratio = [a / b for a, b in zip(shown, plain, strict=True)]
    yield row("a step while shown / plain training", ratio, "")
    yield row("a step, headless", [1000 * time for time in headless], "ms")


def _pauses(page: Any, count: int) -> Iterator[Row]:
    waits = []
    for _ in range(count):
        step = int(page.locator(".sl-live").get_attribute("data-sl-step") or 0)
        page.locator('[data-sl-action="run"]').click()
        page.wait_for_function(
            "step => Number(document.querySelector('.sl-live').dataset.slStep) > step + 20",
            arg=step,
            timeout=PATIENCE,
        )
        waits.append(page.evaluate(PAUSE))
    yield row("Pause pressed to stopped", waits, "ms")
    if count > 1:
        p95 = statistics.quantiles(waits, n=20)[-1]
        yield row("Pause pressed to stopped, 95th percentile", [p95], "ms", at_most=150)


def _heap(page: Any, minutes: float) -> Iterator[Row]:
    """How much the browser's heap grows while the arena runs, garbage collected before both."""
    session = page.context.new_cdp_session(page)

    def used() -> float:
        session.send("HeapProfiler.collectGarbage")
        return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6

    page.locator('[data-sl-action="run"]').click()
    page.wait_for_timeout(5000)
    before = used()
    page.wait_for_timeout(60_000 * minutes)
    grown = used() - before
    page.locator('[data-sl-action="pause"]').click()
    yield row(f"browser heap growth in {minutes:g} minutes", [grown], "MB", at_most=20)


def _printed(page: Any, code: str, label: str) -> list[float]:
    """The numbers that code prints in the notebook's kernel, after a label."""
    text = page.evaluate(
        """code => new Promise(resolve => {
             const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
             const future = kernel.requestExecute({ code });
             let text = "";
             future.onIOPub = message => {
               text += message.content.text ?? (message.content.traceback ?? []).join("\\n");
             };
             future.done.then(() => resolve(text));
           })""",
        code,
    )
    found = re.search(rf"^{label} (.*)$", text, re.MULTILINE)
    if found is None:
        raise SynthlabError(f"The kernel said: {text[-500:]}")
    numbers: list[float] = json.loads(found[1])
    return numbers


@contextmanager
def _lab() -> Iterator[tuple[Any, dict[str, float]]]:
    """A JupyterLab with an arena on screen in headless Chromium."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port, token = probe.getsockname()[1], secrets.token_hex(16)
        probe.close()
        root = Path(home) / "notebooks"
        root.mkdir()
        cell = {"cell_type": "code", "source": ARENA, "metadata": {}, "outputs": [], "id": "arena"}
        notebook = {
            "cells": [cell | {"execution_count": None}],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (root / "arena.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        folders = {
            f"JUPYTER_{kind}_DIR": f"{home}/{kind}" for kind in ("CONFIG", "RUNTIME", "DATA")
        }
        server = subprocess.Popen(
            [
                sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
                "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
                f"--ServerApp.root_dir={root}", f"--IdentityProvider.token={token}",
                "--LabApp.expose_app_in_browser=True",
            ],
            env={**os.environ, **folders},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
                )
                page = browser.new_page(viewport={"width": 1280, "height": 1000})
                page.set_default_timeout(PATIENCE)
                _open(page, f"http://127.0.0.1:{port}/lab/tree/arena.ipynb?reset&token={token}")
                first = page.evaluate(FIRST)
                page.locator(".sl-live").scroll_into_view_if_needed()
                yield page, {"first": first}
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=30)


def _open(page: Any, url: str) -> None:
    from playwright.sync_api import Error

    for _ in range(120):  # until the server listens
        try:
            page.goto(url)
            break
        except Error:
            time.sleep(0.5)
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
        "?.status === 'idle'"
    )
