"""A real JupyterLab and a real browser: fixtures for every test that looks at the screen.

`lab` is a server of its own for the session, `open_notebook` opens a notebook in it and returns
a `Notebook` to drive. No page may ask another host for anything: that is asserted for every
page of every test. Nothing here sleeps: waiting is always for something on the page.

``pytest tests/browser --screenshots`` also renews the pictures in docs/screenshots.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.learner import PATIENCE as LEARNERS_PATIENCE
from tests.browser.learner import Learner
from tests.ports import wait_for_port

#: Milliseconds that anything on a page may take on a busy machine with two cores: the import of
#: torch in a fresh kernel is the longest.
PATIENCE = 60_000
SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--screenshots", action="store_true", help="renew the pictures in docs/screenshots"
    )


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab.

    Attributes:
        url: Where it is, without a slash at the end.
        token: What opens it.
        root: Its folder of notebooks.
        endings: Kernels that are being ended.
    """

    url: str
    token: str
    root: Path
    endings: list[threading.Thread] = field(default_factory=list)

    def address(self, path: str, app: str = "lab") -> str:
        """The address that shows a file, in JupyterLab or (``app="notebooks"``) Notebook 7."""
        tree = "lab/tree" if app == "lab" else app
        return f"{self.url}/{tree}/{path}?reset&token={self.token}"

    def end(self, session: str) -> None:
        """End a session and its kernel. That takes a second, and the next test need not wait."""
        request = urllib.request.Request(
            f"{self.url}/api/sessions/{session}",
            method="DELETE",
            headers={"Authorization": f"token {self.token}"},
        )

        def ask() -> None:
            with contextlib.suppress(urllib.error.HTTPError):  # a test may have ended it
                urllib.request.urlopen(request, timeout=PATIENCE / 1000).close()

        self.endings.append(threading.Thread(target=ask))
        self.endings[-1].start()

    def wait_for_endings(self) -> None:
        """Wait until every kernel that was to end is gone."""
        while self.endings:
            self.endings.pop().join()


@contextlib.contextmanager
def running(
    home: Path, root: Path, command: Sequence[str] | None = None, port: int | None = None
) -> Iterator[Lab]:
    """A JupyterLab on a folder, with settings and runtime files of its own below ``home``.

    Args:
        home: Kept from one start to the next by a learner's machine.
        root: The folder that is served.
        command: Another command that starts it; ``{port}`` in it is the port.
        port: The port of an earlier start.
    """
    if not (home / "settings").exists():
        _settings(home / "settings")
        _expose(home / "config")
    if port is None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    token = "t" * 32
    command = command or (
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
        "--ServerApp.ip=127.0.0.1", "--ServerApp.port={port}", "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
    )  # fmt: skip
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_TOKEN": token,
    }
    environment.pop("SYNTHLAB_LANGUAGE", None)
    server = subprocess.Popen(
        [word.replace("{port}", str(port)) for word in command],
        env=environment, cwd=root if root.is_dir() else None, stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        log = _wait_until_running(server)
        wait_for_port(port, server)
        yield Lab(f"http://127.0.0.1:{port}", token, root)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
        # A server that is stopped in the middle of a request may wait for ever for a worker
        # thread of AnyIO. That is jupyter_server's own and no matter of these tests.
        log.join(timeout=20)
        if log.is_alive():
            os.killpg(server.pid, signal.SIGKILL)
            log.join()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A JupyterLab with settings, runtime files and notebooks of its own."""
    home = tmp_path_factory.mktemp("jupyter")
    with running(home, tmp_path_factory.mktemp("notebooks")) as found:
        yield found


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Any]:
    """``with serve(folder) as lab``: a server over a folder that is there already."""
    return lambda root: running(tmp_path_factory.mktemp("jupyter"), root)


def _expose(folder: Path) -> None:
    """Let tests reach the page's application, whichever command starts the server."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, app in (("lab", "LabApp"), ("notebook", "JupyterNotebookApp")):
        settings = {app: {"expose_app_in_browser": True}}
        (folder / f"jupyter_{name}_config.json").write_text(json.dumps(settings))


def _settings(folder: Path) -> None:
    """No news and no look for updates: they would be requests to other hosts."""
    plugin = folder / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    plugin.parent.mkdir(parents=True)
    plugin.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))


def _wait_until_running(server: subprocess.Popen[str]) -> threading.Thread:
    """Read the log until the server says that it runs; then go on reading in a thread."""
    assert server.stderr is not None
    said: list[str] = []
    for line in server.stderr:
        said.append(line)
        if "is running at" in line:
            rest = threading.Thread(target=lambda: [None for _ in server.stderr or ()])
            rest.start()
            return rest
    pytest.fail("JupyterLab did not start. It said:\n" + "".join(said[-20:]))


@dataclass
class Visitor:
    """A browser window, and what it asked other hosts for."""

    context: BrowserContext
    abroad: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.abroad.append(url)


class Notebook:
    """An open notebook.

    Attributes:
        page: The browser's page, for everything that has no method here.
        path: The notebook's file.
        lab: The server that it is open in.
    """

    def __init__(self, page: Page, path: Path, lab: Lab) -> None:
        self.page, self.path, self.lab = page, path, lab

    def wait_for_kernel(self) -> None:
        """Wait until the kernel is ready to compute."""
        self.page.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
            "?.status === 'idle'",
            timeout=PATIENCE,
        )

    def command(self, name: str, **arguments: object) -> None:
        """Execute one of JupyterLab's commands and wait until it is done."""
        self.page.evaluate(
            "([name, args]) => window.jupyterapp.commands.execute(name, args).then(() => null)",
            [name, arguments],
        )

    def run_all(self) -> None:
        """Run every cell and wait until the last is done."""
        self.command("notebook:run-all-cells")

    def save(self) -> nbformat.NotebookNode:
        """Save, and read what was saved."""
        self.command("docmanager:save")
        return nbformat.read(self.path, as_version=4)

    def restart_kernel(self) -> None:
        """Restart the kernel without asking, and wait until it is back."""
        self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"
            ".restart().then(() => null)"
        )
        self.wait_for_kernel()

    def theme(self, name: str) -> None:
        """Change to ``"JupyterLab Light"`` or ``"JupyterLab Dark"``."""
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_selector(f'body[data-jp-theme-name="{name}"]', state="attached")

    def outputs(self, cell: int) -> Locator:
        """The output area of a code cell, counted from 0 among all cells."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".jp-OutputArea")

    def close(self) -> None:
        """Close the page and end its kernel."""
        session: str | None = self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.id ?? null"
        )
        self.page.close()
        if session is not None:
            self.lab.end(session)


def write_notebook(path: Path, sources: Sequence[str], language: str) -> None:
    """Write a notebook of the course; a source that starts with ``md:`` is a Markdown cell."""
    notebook = new_notebook(
        cells=[
            new_markdown_cell(text.removeprefix("md:"))
            if text.startswith("md:")
            else new_code_cell(text)
            for text in sources
        ],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "synthlab": {"unit": "gan", "language": language},
        },
    )
    nbformat.write(notebook, path)


OpenNotebook = Callable[..., Notebook]


@pytest.fixture(scope="module")
def open_notebook(lab: Lab, chromium: Browser) -> Iterator[OpenNotebook]:
    """Open a notebook: the path of one below ``lab.root``, or the sources of its cells.

    ``open_notebook(["md:# Title", "1 + 1"], language="ar", viewport={...})``: what is left of
    the keyword arguments goes to the browser's context (``viewport``, ``reduced_motion``).
    ``app="notebooks"`` is Notebook 7 instead of JupyterLab.
    """
    expect.set_options(timeout=PATIENCE)
    opened: list[tuple[Visitor, Notebook]] = []

    def open_(
        what: Sequence[str] | Path, language: str = "en", app: str = "lab", **options: object
    ) -> Notebook:
        if isinstance(what, Path):
            path = what
            lab.wait_for_endings()  # the server would hand out the session that is about to end
        else:
            path = lab.root / f"{secrets.token_hex(6)}.ipynb"
            write_notebook(path, what, language)
        settings = {"viewport": {"width": 1280, "height": 1000}, **options}
        visitor = Visitor(chromium.new_context(**settings))
        visitor.watch()
        page = visitor.context.new_page()
        page.goto(lab.address(path.relative_to(lab.root).as_posix(), app))
        notebook = Notebook(page, path, lab)
        opened.append((visitor, notebook))
        notebook.wait_for_kernel()
        return notebook

    yield open_
    abroad = [url for visitor, _ in opened for url in visitor.abroad]
    for visitor, notebook in opened:
        if not notebook.page.is_closed():
            notebook.close()
        visitor.context.close()
    lab.wait_for_endings()
    assert abroad == [], "a page asked other hosts"


class View:
    """A widget on a page, as a reader drives it.

    Attributes:
        root: Its outermost element.
        page: The browser's page.
    """

    def __init__(self, notebook: Notebook) -> None:
        self.page = notebook.page
        self.root = notebook.page.locator(".sl-live")

    @classmethod
    def first(cls, notebook: Notebook) -> View:
        """Run everything and wait until the widget has its first frame from the kernel."""
        notebook.run_all()
        view = cls(notebook)
        expect(view.root).to_have_attribute("data-sl-frame", re.compile(r"^[1-9]"))
        return view

    def control(self, action: str) -> Locator:
        return self.root.locator(f'[data-sl-action="{action}"]')

    def click(self, action: str) -> None:
        self.control(action).click()

    def open(self, part: str) -> None:
        """Open a part that can be folded: ``settings``, ``draw``, ``share``, ``keys``."""
        details = self.root.locator(f'details:has([data-sl-action="fold-{part}"])')
        if details.get_attribute("open") is None:
            self.click(f"fold-{part}")

    @property
    def step(self) -> int:
        return int(self.root.get_attribute("data-sl-step") or "")

    def at(self, step: int) -> None:
        """Wait until the picture shows this step and nothing is under way."""
        self.settled()
        expect(self.root).to_have_attribute("data-sl-step", str(step))
        self.settled()

    def settled(self) -> int:
        """Wait until nothing is under way; return the step that the picture shows."""
        at_rest = self.page.locator("[data-sl-settled]:not([data-sl-asking])")
        expect(self.root.and_(at_rest)).to_be_attached()
        return self.step

    def passes(self, step: int) -> None:
        """Wait until the picture shows this step or a later one."""
        self.page.wait_for_function(
            "step => Number(document.querySelector('.sl-live').dataset.slStep) >= step", arg=step
        )

    def train_to(self, step: int) -> int:
        """Run until the picture shows at least this step, then pause; return the step."""
        self.click("run")
        self.passes(step)
        self.click("pause")
        return self.settled()

    def back_to_start(self) -> None:
        self.click("reset")
        self.at(0)

    def text(self) -> str:
        """The state as text."""
        self.open("share")
        return self.control("share-text").input_value()

    def load(self, text: str) -> None:
        """Paste a state and go there."""
        self.open("share")
        self.control("share-text").fill(text)
        self.click("share-load")

    def violations(self) -> list[tuple[str, str]]:
        """What axe-core finds inside the widget, by rule and element."""
        found = Axe().run(self.page, context=".sl-live").response["violations"]
        return [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]]


@pytest.fixture(scope="session")
def first_view() -> Callable[[Notebook], View]:
    """``first_view(notebook)`` runs the notebook and returns its widget."""
    return View.first


class Photographer:
    """Renews the pictures in docs/screenshots, when ``--screenshots`` asks for it.

    Attributes:
        wanted: Whether it does.
    """

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted

    def __call__(self, what: Locator, name: str) -> None:
        if self.wanted:
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            what.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Photographer:
    """``screenshot(locator, "name")`` keeps a picture for the documentation."""
    return Photographer(request.config.getoption("--screenshots", default=False))


@pytest.fixture
def journey(
    tmp_path: Path, chromium: Browser
) -> Iterator[tuple[Callable[..., Any], Callable[..., Learner]]]:
    """``start(language)`` is ``synthlab lab`` on a workspace; ``learner(lab, language)`` visits.

    Each start is of the same workspace, as a learner's are.
    """
    expect.set_options(timeout=LEARNERS_PATIENCE)
    abroad: list[str] = []
    contexts = []

    @contextlib.contextmanager
    def start(language: str) -> Iterator[Lab]:
        workspace = tmp_path / "my-course"
        command = [
            sys.executable, "-m", "synthlab.cli", "lab", str(workspace), "--no-browser",
            "--port", "{port}", "--language", language,
        ]  # fmt: skip
        with running(tmp_path / "home", workspace, command) as lab:
            yield lab
            while contexts:  # a server ends after its pages
                contexts.pop().close()

    def learner(lab: Lab, language: str, **options: object) -> Learner:
        settings = {"viewport": {"width": 1280, "height": 1000}, **options}
        visitor = Visitor(chromium.new_context(**settings))
        visitor.watch()
        visitor.abroad = abroad
        visitor.context.set_default_timeout(LEARNERS_PATIENCE)
        contexts.append(visitor.context)
        return Learner(visitor.context, lab, lab.root, language)

    yield start, learner
    for context in contexts:
        context.close()
    assert abroad == [], "a page asked other hosts"
