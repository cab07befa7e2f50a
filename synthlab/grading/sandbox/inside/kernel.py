"""The kernel of a submission: IPython's, with one more message, by which the judge looks at names.

``synthlab_request`` carries a frame of `synthlab.checks.wire` to an `Executor` and brings the
reply back, as binary buffers of the kernel's own protocol. Nothing of a check runs here.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp

from synthlab.checks.executor import Executor
from synthlab.checks.faults import TimedOut

#: The message that carries a frame, and its reply.
REQUEST, REPLY = "synthlab_request", "synthlab_reply"


class SubmissionKernel(IPythonKernel):
    """IPython's kernel, which also answers the frames of a judge."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        shell: Any = self.shell
        self._executor = Executor(shell.user_ns)
        self.shell_handlers[REQUEST] = self._answer

    def _answer(self, stream: Any, ident: Any, parent: dict[str, Any]) -> None:
        try:
            reply = self._executor.handle(bytes(parent["buffers"][0]))
        except (KeyboardInterrupt, TimedOut):  # the judge has stopped waiting for it
            reply = b""
        session: Any = self.session
        session.send(stream, REPLY, {}, parent, ident=ident, buffers=[reply])


def run(home: str, submission: str | None, connection: dict[str, Any]) -> None:
    """Copy the submission's files into the home folder and be its kernel until the end.

    Args:
        home: The private folder that becomes the working folder.
        submission: A folder with the files that came with the notebook, or None.
        connection: The path of the connection file and the values that go into it.
    """
    import os

    os.chdir(home)
    app: Any = IPKernelApp.instance(
        kernel_class=SubmissionKernel,
        connection_file=str(Path(connection["file"])),
        transport=connection["transport"],
        ip=connection["ip"],
        **connection["ports"],
    )
    app.config.Session.key = connection["key"].encode()
    app.config.HistoryManager.hist_file = ":memory:"
    app.config.HistoryManager.enabled = False
    app.config.InteractiveShellApp.exec_PYTHONSTARTUP = False
    app.initialize(["--log-level=CRITICAL"])
    if submission is not None:
        # Not earlier: IPython runs startup files and imports from the working folder. What
        # cannot be copied (a pipe, a file without rights) costs nobody the notebook.
        with contextlib.suppress(OSError):  # shutil.Error is one
            shutil.copytree(submission, home, symlinks=True, dirs_exist_ok=True)
    app.start()


if __name__ == "__main__":  # without a sandbox
    IPKernelApp.launch_instance(kernel_class=SubmissionKernel)
