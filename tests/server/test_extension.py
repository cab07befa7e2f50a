"""The server extension: every Jupyter server of this installation loads it, and what it does."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

#: A server with a kernel and a websocket to it; prints what the server's end of that is set to.
SERVE = """
import asyncio, socket, sys
from jupyter_server.serverapp import ServerApp
from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.websocket import websocket_connect

port, *arguments = sys.argv[1:]
server = ServerApp()
server.initialize(["--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--allow-root",
                   "--ServerApp.port_retries=0", "--IdentityProvider.token=t", *arguments])

async def look():
    kernel = await server.kernel_manager.start_kernel()
    page = await websocket_connect(
        f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels?token=t&session_id=s"
    )
    [connection] = ZMQChannelsWebsocketConnection._open_sockets
    there = connection.websocket_handler.ws_connection.stream.socket
    print("nodelay", int(there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0))
    page.close()
    await server.kernel_manager.shutdown_all(now=True)

server.http_server.start()
server.io_loop.run_sync(look)
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings of nobody: what the installation itself says."""
    folders = {
        f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")
    }
    return os.environ | folders | {"IPYTHONDIR": str(tmp_path / "ipython")}


def run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


def test_it_is_listed_enabled_and_valid(environment: dict[str, str]) -> None:
    listing = run([sys.executable, "-m", "jupyter", "server", "extension", "list"], environment)
    assert re.search(r"^\s*synthlab\.server enabled$", listing, re.MULTILINE)
    assert re.search(r"^\s*synthlab\.server \S* OK$", listing, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "nodelay"),
    [
        ([], "nodelay 1"),
        # Nagle's algorithm is a server's own choice; once it is not, ours is not needed.
        (["--ServerApp.jpserver_extensions={'synthlab.server': False}"], "nodelay 0"),
        # What somebody chose for themselves stays.
        pytest.param(
            ["--ServerApp.kernel_websocket_connection_class=chosen.Chosen"],
            "nodelay 0",
            marks=pytest.mark.full,
        ),
    ],
)
def test_messages_of_a_kernel_are_not_held_back(environment, tmp_path, arguments, nodelay) -> None:
    (tmp_path / "chosen.py").write_text(
        "from jupyter_server.services.kernels.connection import channels\n"
        "class Chosen(channels.ZMQChannelsWebsocketConnection): pass\n"
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    said = run(
        [sys.executable, "-c", SERVE, port, *arguments],
        environment | {"PYTHONPATH": str(tmp_path)},
    )
    assert nodelay in said.splitlines()
