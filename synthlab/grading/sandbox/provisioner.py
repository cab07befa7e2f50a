"""Provisioner of sandboxed kernels for jupyter_client.

The provisioner builds a box, lets the warm parent fork a kernel into it, and hands on where its
sockets are. They lie in the box's own memory. The client reaches them through descriptors that the
provisioner opens without following links, so nothing in the box can point it elsewhere. No folder
of the host is writable in the box, not even for the sockets.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import select
import signal
import stat
import tempfile
import time
from pathlib import Path
from typing import Any, cast

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Dict, Unicode

from synthlab.errors import SynthlabError
from synthlab.grading.sandbox import warm
from synthlab.grading.sandbox.bubblewrap import HOME, SOCKETS, SUBMISSION, TEMPORARY, Box
from synthlab.grading.sandbox.cgroup import Group
from synthlab.grading.sandbox.limits import Host, Limits, Walls
from synthlab.grading.sandbox.watch import Watch

#: The name of the entry point in the group ``jupyter_client.kernel_provisioners``.
NAME = "synthlab-sandbox"

#: Seconds until a forked kernel has its sockets; it takes some tenths.
PATIENCE = 30.0
_PORTS = {"shell_port": 1, "stdin_port": 2, "control_port": 3, "iopub_port": 4, "hb_port": 5}


class SandboxProvisioner(KernelProvisionerBase):
    """Starts the kernel of one submission in a box of its own."""

    unit = Unicode(None, allow_none=True, help="The unit whose answers are withheld.").tag(
        config=True
    )
    submission = Unicode(None, allow_none=True, help="Files beside the notebook.").tag(config=True)
    limits = Dict(help="`Limits` as plain data.").tag(config=True)
    walls = Dict(help="Which walls stand; all by default.").tag(config=True)
    host = Dict(help="What a box without its files wall shows.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._box: Box | None = None
        self._group: Group | None = None
        self._watch: Watch | None = None
        self._pid = self._pidfd = -1
        self._sockets: list[int] = []
        self._held: tempfile.TemporaryDirectory[str] | None = None
        #: Why the kernel was ended, if a limit of the sandbox did.
        self.cause: str | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and not yet taken away."""
        return self._box is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Nothing is launched by a command; see `launch_kernel`."""
        return {"cmd": []}

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Build the box, fork the kernel into it, and wait until its sockets are there."""
        limits, walls = Limits(**self.limits), Walls(**self.walls)
        parent = warm.parent(self.unit, walls)
        folder = Path(self.submission) if self.submission is not None else None
        self.cause = None
        self._group = Group(limits)
        self._box = box = Box(walls, limits, Host(**self.host), (parent.library,), folder)
        key = secrets.token_hex(16)
        self._pid = parent.fork(
            {
                "enter": box.pid,
                "cgroups": self._group.entrances,
                "close": walls.descriptors,
                "drop": walls.privileges,
                "refuse": walls.calls,
                "environment": _environment() if walls.environment else None,
                "limits": _resources(limits),
                "home": HOME,
                "submission": SUBMISSION if folder is not None else None,
                "connection": {
                    "file": f"{SOCKETS}/connection.json",
                    "transport": "ipc",
                    "ip": f"{SOCKETS}/kernel",
                    "ports": _PORTS,
                    "key": key,
                },
            }
        )
        self._pidfd = os.pidfd_open(self._pid)
        self._watch = Watch((self._pid, box.pid), limits, self._end)
        self._watch.start()
        await self._until(f"{box.root}{SOCKETS}/kernel-{_PORTS['hb_port']}")
        sockets = self._hold_sockets(Path(f"{box.root}{SOCKETS}"))
        info = {"transport": "ipc", "ip": sockets, "key": key.encode(), **_PORTS}
        return cast(KernelConnectionInfo, info | {"signature_scheme": "hmac-sha256"})

    def _hold_sockets(self, folder: Path) -> str:
        """Paths to the very sockets that are there now, wherever a name in the box leads later.

        A symbolic link in the box would be followed from here, with our root and our rights.
        """
        self._held = tempfile.TemporaryDirectory(prefix="synthlab-sockets-")
        for name in ("shell_port", "iopub_port"):
            found = os.open(folder / f"kernel-{_PORTS[name]}", os.O_PATH | os.O_NOFOLLOW)
            self._sockets.append(found)
            if not stat.S_ISSOCK(os.fstat(found).st_mode):
                raise SynthlabError("A sandboxed kernel has something else than a socket.")
            link = Path(self._held.name, f"kernel-{_PORTS[name]}")
            link.symlink_to(f"/proc/self/fd/{found}")
        return str(Path(self._held.name, "kernel"))

    async def _until(self, path: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not os.path.exists(path):  # noqa: PTH110 - a socket that appears
            if await self.poll() is not None or time.monotonic() > deadline:
                raise SynthlabError("A sandboxed kernel ended before it was ready.")
            await asyncio.sleep(0.005)

    async def poll(self) -> int | None:
        """None while the kernel lives."""
        if self._pidfd < 0:
            return 0
        ended = bool(select.select([self._pidfd], [], [], 0)[0])
        if ended and self.cause is None and self._group is not None:
            self.cause = "memory" if self._group.memory_ran_out() else None
        return 1 if ended else None

    def allow(self, seconds: float) -> None:
        """End the kernel that many seconds from now, unless this is called again."""
        if self._watch is not None:
            self._watch.deadline = time.monotonic() + seconds

    async def wait(self) -> int | None:
        """Wait until the kernel has ended, and take the box away."""
        while await self.poll() is None:
            await asyncio.sleep(0.005)
        self._take_away()
        return 0

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel."""
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and everything that it has started."""
        self._end()

    async def terminate(self, restart: bool = False) -> None:
        """End it at once: nothing in it is worth a farewell."""
        self._end()

    async def cleanup(self, restart: bool = False) -> None:
        """Take the box away, if `wait` has not."""
        self._end()
        self._take_away()

    def _end(self) -> None:
        if self._watch is not None and self._watch.cause is not None:
            self.cause = self._watch.cause
        if self._box is not None:
            self._box.close()
        if self._pidfd >= 0:  # without a wall around its process ids it is not the box's
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _take_away(self) -> None:
        if self._watch is not None:
            self._watch.stop()
        if self._box is not None:
            self._box.close()
        if self._group is not None:
            self._group.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
        while self._sockets:
            os.close(self._sockets.pop())
        if self._held is not None:
            self._held.cleanup()
        self._held = None
        self._watch = self._box = self._group = None
        self._pid = self._pidfd = -1


def _environment() -> dict[str, str]:
    """All that a submission's environment holds."""
    return {
        "HOME": HOME,
        "USER": "student",
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TMPDIR": TEMPORARY,
        "IPYTHONDIR": f"{HOME}/.ipython",
        "MPLCONFIGDIR": f"{TEMPORARY}/matplotlib",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "OMP_NUM_THREADS": "1",
        "NBGRADER_EXECUTION": "autograde",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }


def _resources(limits: Limits) -> dict[str, int]:
    """The limits that the system keeps for each process; the watch keeps the rest."""
    return {
        "CORE": 0,
        "CPU": limits.cpu + 5,  # the watch is first, and can say so
        "FSIZE": limits.file,
        "NOFILE": limits.files,
        "NPROC": limits.processes,
    }
