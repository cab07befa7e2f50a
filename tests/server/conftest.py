"""A real Jupyter server with the extension, and a person who asks it things."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
import requests

from synthlab.authoring.project import Project
from synthlab.authoring.workspace import lay_out
from synthlab.progress import Progress
from tests.ports import wait_for_port


@dataclass
class Server:
    """A running server below ``/base/``, whose folder holds the workspace ``my-course``."""

    port: int
    token: str
    root: Path
    session: requests.Session = field(default_factory=requests.Session)
    sandboxed: bool = True
    pid: int = 0

    @property
    def workspace(self) -> Path:
        return self.root / "my-course"

    @property
    def kept(self) -> Progress:
        return Progress(self.workspace)

    def url(self, route: str) -> str:
        return f"http://127.0.0.1:{self.port}/base/{route}"

    def ask(self, verb: str, route: str, **options: Any) -> requests.Response:
        """Ask a route of the course as the page does: by cookie, with the XSRF token."""
        headers = {"X-XSRFToken": self.session.cookies.get("_xsrf") or ""}
        headers.update(options.pop("headers", {}))
        return self.session.request(
            verb, self.url(f"synthlab/{route}"), headers=headers, timeout=60, **options
        )

    def get(self, route: str, **query: Any) -> Any:
        found = self.ask("GET", route, params=query)
        assert found.status_code == 200, found.text
        return found.json()

    def post(self, route: str, **body: Any) -> Any:
        found = self.ask("POST", route, json=body)
        assert found.status_code == 200, found.text
        return found.json()


@pytest.fixture(scope="session")
def server(sandboxed_server: Server) -> Server:
    return sandboxed_server


@pytest.fixture(scope="session")
def sandboxed_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("root")) as found:
        yield found


@pytest.fixture(scope="session")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that finds no bubblewrap: this Python's own programs are all that it finds."""
    path = str(Path(sys.executable).parent)
    assert not (Path(path) / "bwrap").exists()
    home, root = tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("root")
    with running(home, root, PATH=path) as found:
        yield found


@contextlib.contextmanager
def running(home: Path, root: Path, **changes: str) -> Iterator[Server]:
    """A server over a new workspace below ``root``; ``changes`` are of its environment."""
    lay_out(Project.here(), root / "my-course", "en")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "IPYTHONDIR": str(home / "ipython"),
        **changes,
    }
    for name in ("SYNTHLAB_LANGUAGE", "NBGRADER_EXECUTION", "SYNTHLAB_NO_PROGRESS"):
        environment.pop(name, None)
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root",
         "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
         "--ServerApp.base_url=/base/", f"--ServerApp.root_dir={root}",
         f"--IdentityProvider.token={token}"],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if "is running at" in line:
                break
        else:
            pytest.fail("The server did not start:\n" + "".join(said[-20:]))
        rest = threading.Thread(target=lambda: [None for _ in process.stderr or ()])
        rest.start()
        wait_for_port(port, process)
        found = Server(port, token, root, pid=process.pid)
        # What a page does: the token opens it once, then the cookie does.
        found.session.get(found.url(f"api/me?token={token}"), timeout=30).raise_for_status()
        found.session.get(found.url(f"tree?token={token}"), timeout=30)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=30)
        rest.join()


LESSON, EXERCISE = "my-course/lessons/02-gan.ipynb", "my-course/exercises/gan.ipynb"

RIGHT = {
    "gan.prediction": "predicted_modes = 5",
    "gan.discriminator_loss": (
        "def discriminator_loss(real_logits, fake_logits):\n"
        "    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()"
    ),
}


def write_exercise(root: Path, name: str, answers: dict[str, str], questions: list[str]) -> str:
    """A copy of the exercise with these questions and answers alone; returns its path."""
    notebook = nbformat.read(root / "my-course" / "exercises" / "gan.ipynb", as_version=4)
    cells = []
    for cell in notebook.cells:
        ours = cell.metadata.get("synthlab", {})
        question = ours.get("question")
        if question in questions:
            if ours["role"] == "answer" and question in answers:
                cell.source = answers[question]
            cells.append(cell)
        elif ours.get("key") == "setup":
            cells.append(cell)
    notebook.cells = cells
    path = root / "my-course" / "exercises" / name
    nbformat.write(notebook, path)
    return f"my-course/exercises/{name}"
