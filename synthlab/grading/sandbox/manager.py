"""The grader's side of a sandboxed kernel: its manager, its client, and what they will read.

A kernel that nobody trusts is looked at before it is parsed: three bytes of JSON make an object of
sixty, so a message of a hundred megabytes costs the grader gigabytes and seconds, in one call that
nothing can interrupt.
"""

from __future__ import annotations

import secrets
import time
from pathlib import Path
from typing import Any

import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session
from traitlets import Integer, Type

from synthlab.grading.sandbox.limits import Limits
from synthlab.grading.sandbox.provisioner import NAME, PATIENCE

#: Stands as the type of a message that was too large to be parsed.
OVERSIZED = "synthlab_oversized"
#: Bytes of header, parent and metadata together; they take some hundreds.
_FRAME = 100_000


class BoundedSession(Session):
    """A session of the grader's, which does not parse what is larger than a cell's output."""

    most = Integer(help="Bytes of the largest content that is parsed.")

    def deserialize(
        self, msg_list: list[Any], content: bool = True, copy: bool = True
    ) -> dict[str, Any]:
        """A message from its parts, or `OVERSIZED` in its place.

        Raises:
            ValueError: When the parts that say what the message is are too large themselves.
        """
        if sum(len(part) for part in msg_list[1:4]) > _FRAME:
            raise ValueError("a message whose header is too large")
        large = len(msg_list) > 4 and len(msg_list[4]) > self.most
        message = super().deserialize(msg_list, content and not large, copy)
        if large:
            message["msg_type"] = message["header"]["msg_type"] = OVERSIZED
            message["content"] = {}
        return message


class SandboxClient(AsyncKernelClient):
    """A client without heartbeat and standard input, which is ready when the kernel answers."""

    def start_channels(self, *args: Any, **kwargs: Any) -> None:
        """Connect to the two channels that are used, once and for all."""
        super().start_channels(True, True, False, False, False)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel has answered and its output has begun to arrive."""
        deadline = time.monotonic() + (timeout or PATIENCE)
        self.kernel_info()
        for channel in (self.shell_channel, self.iopub_channel):
            while not await channel.socket.poll(50):
                assert self.parent is not None
                if not await self.parent.is_alive() or time.monotonic() > deadline:
                    raise RuntimeError("Kernel died before replying to kernel_info")
            await channel.get_msg(timeout=PATIENCE)


class SandboxManager(AsyncKernelManager):
    """A kernel manager whose kernels are sandboxed, whatever a notebook's metadata name.

    Args:
        folder: A folder of the grader's for the client's connection file.
        settings: The provisioner's configuration.
    """

    client_class = "synthlab.grading.sandbox.manager.SandboxClient"
    client_factory: Type[Any, Any] = Type(klass="synthlab.grading.sandbox.manager.SandboxClient")

    def __init__(self, folder: Path, settings: dict[str, Any], **kwargs: Any) -> None:
        context = zmq.asyncio.Context()
        limits = Limits(**settings["limits"])
        # A message that is larger ends the connection before it is read; a connection that has
        # ended stays so; and of many small ones only so many wait in our memory.
        context.setsockopt(zmq.MAXMSGSIZE, limits.message)
        context.setsockopt(zmq.RECONNECT_IVL, -1)
        context.setsockopt(zmq.RCVHWM, 100)
        super().__init__(
            context=context,
            connection_file=str(folder / f"{secrets.token_hex(8)}.json"),
            session=BoundedSession(most=2 * limits.output),
            transport="ipc",
            **kwargs,
        )
        self._kernel_spec = KernelSpec(
            argv=[],
            display_name="synthlab",
            language="python",
            metadata={
                "kernel_provisioner": {"provisioner_name": NAME, "config": settings},
            },
        )

    @property
    def kernel_spec(self) -> KernelSpec | None:
        """The only specification that there is."""
        return self._kernel_spec

    def cleanup_ipc_files(self) -> None:
        """The sockets went with their box."""
