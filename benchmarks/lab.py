"""The course in JupyterLab: what it adds to the start, the sidebar's first paint, a whole check."""

from __future__ import annotations

import argparse
import gzip
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import synthlab_widgets

from benchmarks._report import Row, row
from synthlab.authoring.exercise import exercise_notebook
from synthlab.authoring.notebooks import dumps
from synthlab.authoring.project import Project
from synthlab.authoring.source import read_source
from synthlab.authoring.workspace import lay_out
from synthlab.errors import SynthlabError

CHROMIUM = "/usr/bin/chromium"
PATIENCE = 120_000

#: Notes on the page when JupyterLab is ready and when the sidebar was first painted.
WATCH = """() => {
  const times = window.times_ = {};
  const look = () => {
    if (!times.ready && window.jupyterapp) {
      times.ready = -1;
      window.jupyterapp.restored.then(() => { times.ready = performance.now(); });
    }
    const side = document.querySelector(".sl-course[data-sl-ready]");
    if (!times.painted && side && side.getClientRects().length) {
      times.painted = -1;
      requestAnimationFrame(() => setTimeout(() => { times.painted = performance.now(); }));
    }
    if (!(times.ready > 0 && times.painted > 0)) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@dataclass(frozen=True)
class Server:
    """A running JupyterLab on a workspace."""

    port: int
    token: str
    workspace: Path

    def url(self, route: str, **query: object) -> str:
        """An address on it."""
        return f"http://127.0.0.1:{self.port}/{route}?{urlencode({'token': self.token, **query})}"

    def ask(self, method: str, route: str, body: object = None, **query: object) -> Any:
        """Ask it for JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url(route, **query), data, {"Authorization": f"token {self.token}"}, method=method
        )
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--starts`` and ``--checks``."""
    parser.add_argument("--starts", type=int, default=7, help="times that Lab is opened each way")
    parser.add_argument("--checks", type=int, default=3, help="times that the exercise is checked")


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield sizes, then starts with and without the course, then checks of right answers."""
    yield from _sizes()
    with ExitStack() as stack:
        with_, without = (stack.enter_context(_server(course=on)) for on in (True, False))
        yield from _starts(with_, without, options.starts)
        yield from _checks(with_, options.checks)


def _sizes() -> Iterator[Row]:
    package = Path(synthlab_widgets.__file__).parent
    (script,) = (package / "labextension" / "static").glob("remoteEntry.*.js")
    yield row("labextension, gzip", [_kilobytes(script)], "kB", at_most=60)
    for name in ("predict", "quiz"):
        size = sum(_kilobytes(package / "static" / f"{name}.{kind}") for kind in ("js", "css"))
        yield row(f"{name}, gzip: module and style sheet", [size], "kB", at_most=15)


def _kilobytes(path: Path) -> float:
    return len(gzip.compress(path.read_bytes())) / 1000


def _starts(with_: Server, without: Server, times: int) -> Iterator[Row]:
    """Open Lab in turns; each in a browser profile of its own, so that nothing is cached."""
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {"with": [], "without": [], "paint": []}
    abroad: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for turn in range(-1, times):  # the first turn warms the servers up
            for name, server in (("with", with_), ("without", without)):
                context = browser.new_context(viewport={"width": 1280, "height": 1000})
                context.on("request", lambda request: abroad.append(request.url))
                page = context.new_page()
                page.set_default_timeout(PATIENCE)
                page.add_init_script(f"({WATCH})()")
                page.goto(server.url("lab/tree/lessons/02-gan.ipynb", reset=""))
                wanted = "painted" if name == "with" else "ready"
                page.wait_for_function(
                    f"() => window.times_?.ready > 0 && window.times_.{wanted} > 0"
                )
                noted = page.evaluate("() => window.times_")
                if turn >= 0:
                    found[name].append(noted["ready"])
                    if name == "with":
                        found["paint"].append(max(0.0, noted["painted"] - noted["ready"]))
                context.close()
        browser.close()
    yield row("Lab ready to sidebar painted", found["paint"], "ms", at_most=200)
    yield row("opened to Lab ready, with the course", found["with"], "ms")
    yield row("opened to Lab ready, without", found["without"], "ms")
    added = [a - b for a, b in zip(found["with"], found["without"], strict=True)]
    yield row("what the course adds to Lab's start, in pairs", added, "ms", at_most=100)
    others = [url for url in abroad if urlsplit(url).hostname not in ("127.0.0.1", None)]
    yield row("requests to other hosts", [float(len(others))], at_most=0)


def _checks(server: Server, times: int) -> Iterator[Row]:
    """Check the whole exercise with right answers, while somebody else keeps asking."""
    source = read_source("gan", Project.here())
    answers = {name: question.answer for name, question in source.questions.items()}
    path = server.workspace / "exercises" / "gan.ipynb"
    path.write_text(dumps(exercise_notebook("gan", "en", answers)), encoding="utf-8")
    first, whole, asked = [], [], []
    for _ in range(times):
        over = threading.Event()
        waits: list[float] = []
        other = threading.Thread(target=_keep_asking, args=(server, over, waits))
        start = time.perf_counter()
        server.ask("POST", "synthlab/check", {"path": "exercises/gan.ipynb"})
        other.start()
        after, right = -1, 0
        seen = 0.0
        while True:
            job = server.ask("GET", "synthlab/check", path="exercises/gan.ipynb", after=after)
            after = job["version"]
            results = [e for e in job["events"] if e["kind"] == "result"]
            right += sum(e["status"] == "correct" for e in results)
            if results and not seen:
                seen = time.perf_counter() - start
            if job["state"] != "running":
                break
        over.set()
        other.join()
        if job["state"] != "done" or right != len(job["questions"]):
            raise SynthlabError(f"The right answers were not found right: {job}.")
        first.append(seen)
        whole.append(time.perf_counter() - start)
        asked += waits
    yield row("check: first result", first, "s", at_most=3)
    yield row("check: all results", whole, "s", at_most=30)
    p95 = statistics.quantiles(asked, n=20)[-1]
    yield row("another request meanwhile, median", asked, "ms")
    yield row("another request meanwhile, 95th percentile", [p95], "ms", at_most=100)


def _keep_asking(server: Server, over: threading.Event, waits: list[float]) -> None:
    while not over.wait(0.05):
        start = time.perf_counter()
        server.ask("GET", "synthlab/course")
        waits.append(1000 * (time.perf_counter() - start))


@contextmanager
def _server(*, course: bool) -> Iterator[Server]:
    """A JupyterLab on a fresh workspace, with the course's extensions or without."""
    with tempfile.TemporaryDirectory() as home:
        workspace = Path(home) / "my-course"
        lay_out(Project.here(), workspace, "en")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Server(port, secrets.token_hex(16), workspace)
        config = Path(home) / "CONFIG"
        (config / "labconfig").mkdir(parents=True)
        off = {"disabledExtensions": {"synthlab-course": not course}}
        (config / "labconfig" / "page_config.json").write_text(json.dumps(off))
        folders = {
            f"JUPYTER_{kind}_DIR": f"{home}/{kind}" for kind in ("CONFIG", "RUNTIME", "DATA")
        } | {f"JUPYTERLAB_{kind}_DIR": f"{home}/{kind}" for kind in ("SETTINGS", "WORKSPACES")}
        process = subprocess.Popen(
            [
                sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
                "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
                f"--ServerApp.root_dir={workspace}", f"--IdentityProvider.token={server.token}",
                "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
                f"--ServerApp.jpserver_extensions={{'synthlab.server': {course}}}",
            ],
            env={**os.environ, **folders},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            server.ask("GET", "api/status")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SynthlabError("JupyterLab did not start; 'jupyter lab' in a terminal says why.")
