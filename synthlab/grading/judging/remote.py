"""Frames to a kernel and back: the remote half of `synthlab.checks.transport`."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from jupyter_core.utils import run_sync

from synthlab.checks.faults import Crashed, TimedOut
from synthlab.grading.sandbox.inside.kernel import REPLY, REQUEST

#: Seconds that an interrupted kernel gets to say that it stopped.
_GRACE = 2.0
_LOOK = 0.25


class KernelTransport:
    """Carries the frames of one check to a kernel.

    Args:
        kernel: The client of the kernel, connected.
        manager: Its manager, to interrupt it and to ask whether it lives.
        calls: How many requests the check may make.
    """

    def __init__(self, kernel: Any, manager: Any, calls: int) -> None:
        self._kernel, self._manager, self._left = kernel, manager, calls
        #: Whether the kernel can no longer be spoken to.
        self.broken = False

    def request(self, frame: bytes, seconds: float) -> bytes:
        """Send a frame and wait for its reply; see `Transport.request`."""
        if self.broken:
            raise Crashed("the kernel is gone")
        self._left -= 1
        if self._left < 0:
            raise Crashed("too many calls")
        try:
            answer: bytes = run_sync(self._request)(frame, seconds)
        except (Crashed, TimedOut):
            raise
        except Exception as error:  # whatever a hostile kernel's message may provoke
            self.broken = True
            raise Crashed(f"{type(error).__name__}: {error}") from None
        return answer

    async def _request(self, frame: bytes, seconds: float) -> bytes:
        session = self._kernel.session
        message = session.msg(REQUEST, {})
        session.send(self._kernel.shell_channel.socket, message, buffers=[frame])
        deadline = time.monotonic() + seconds
        reply = await self._reply(message["header"]["msg_id"], deadline)
        if reply is None:
            await self._interrupt(message["header"]["msg_id"])
            raise TimedOut
        return reply

    async def _interrupt(self, asked: str) -> None:
        with contextlib.suppress(Crashed):
            await self._manager.interrupt_kernel()
            if await self._reply(asked, time.monotonic() + _GRACE) is not None:
                return
        self.broken = True

    async def _reply(self, asked: str, deadline: float) -> bytes | None:
        """The reply's frame; None when it does not come in time."""
        shell = self._kernel.shell_channel
        while (left := deadline - time.monotonic()) > 0:
            await self._discard_output()
            if not await shell.socket.poll(1000 * min(left, _LOOK)):
                if not await self._manager.is_alive():
                    self.broken = True
                    raise Crashed("the kernel ended")
                continue
            message = await shell.get_msg(timeout=0)
            if message["parent_header"].get("msg_id") != asked:
                continue  # late, or made up
            if message["msg_type"] != REPLY or len(message["buffers"]) != 1:
                raise ValueError("a reply without a frame")
            return bytes(message["buffers"][0])
        return None

    async def _discard_output(self) -> None:
        """Output between cells belongs to nobody; it must not pile up here."""
        output = self._kernel.iopub_channel.socket
        for _ in range(1000):
            if not await output.poll(0):
                return
            await asyncio.wait_for(output.recv_multipart(), _GRACE)
