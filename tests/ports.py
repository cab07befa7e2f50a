"""Waiting for a server of a test."""

from __future__ import annotations

import socket
import subprocess

import pytest


def wait_for_port(port: int, process: subprocess.Popen[str]) -> None:
    """The server says that it runs a moment before it listens."""
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("The server ended.")
