"""Kernel messages go out when they are written.

A Jupyter server leaves Nagle's algorithm on for the websocket of a kernel: a small message waits
in the server until the browser has acknowledged what was sent before it, and a system may put
that off for 40 ms. A widget that draws what a kernel sends then gets two frames at once and none
for a while (docs/decisions/0007).
"""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """The ordinary connection of a browser and a kernel, without the wait."""

    def connect(self) -> Any:
        """Connect, and send every message at once from then on."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()


def send_promptly(server: Any) -> None:
    """Let a server use `PromptConnection`, unless it was told to use something else.

    A gateway to kernels elsewhere, for one, has a connection of its own.
    """
    if server.kernel_websocket_connection_class is not ZMQChannelsWebsocketConnection:
        return
    server.kernel_websocket_connection_class = PromptConnection
    server.web_app.settings["kernel_websocket_connection_class"] = PromptConnection
