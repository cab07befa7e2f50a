"""Jupyter server extension of synthlab, the one that `config/synthlab.json` enables.

Each part is a module of its own with one function that takes the `ServerApp`. They are imported
when a server loads the extension, and by nobody else.
"""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "synthlab.server"}]


def _load_jupyter_server_extension(server: Any) -> None:
    from synthlab.server.prompt import send_promptly
    from synthlab.server.routes import serve_course

    send_promptly(server)
    serve_course(server)
