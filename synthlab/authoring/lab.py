"""Starting JupyterLab on a workspace."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import webbrowser
from pathlib import Path

from synthlab.errors import SynthlabError
from synthlab.words import translate


def lab_command(
    directory: Path, notebook: str, *, browser: bool = True, port: int | None = None
) -> list[str]:
    """The command that serves a workspace and opens one of its notebooks.

    JupyterLab is told to ask nothing of the network: neither news nor newer versions.
    """
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={directory.resolve()}",
        f"--LabApp.default_url=/lab/tree/{notebook}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # containers often have no other user
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        command.append("--no-browser")
    return command


def open_lab(
    directory: Path, notebook: str, *, browser: bool = True, port: int | None = None
) -> int:
    """Serve a workspace until the learner stops it; returns JupyterLab's exit status.

    Raises:
        SynthlabError: When the port is in use.
    """
    if port is not None:
        _must_be_free(port)
    if browser and not has_browser():
        browser = False
        print(  # noqa: T201 - this is the command's output
            translate("cli", "No browser was found here; open the address below in one.")
        )
    process = subprocess.Popen(
        lab_command(directory, notebook, browser=browser, port=port),
        cwd=directory,  # nbgrader's server extension takes it for its course
    )
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            # Ctrl-C reaches JupyterLab too, which asks whether it should stop; it answers.
            continue


def has_browser() -> bool:
    """Whether the standard library knows how to open a page on this machine."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        # as the server will: a port that was in use a moment ago is free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SynthlabError(
                "Port {port} cannot be used ({reason}); choose another with --port.",
                port=port,
                reason=error.strerror,
            ) from None
