"""The host's side of a warm parent: start it once, ask it for kernels."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from synthlab import manifest
from synthlab.errors import SynthlabError
from synthlab.grading.sandbox import library
from synthlab.grading.sandbox.limits import Walls

_ZYGOTE = "synthlab/grading/sandbox/zygote.py"
#: Seconds until it has imported what it shall import. torch takes two.
_PATIENCE = 120.0


class Warm:
    """A process that has imported everything, and forks.

    Args:
        unit: The id of the unit whose answers its library withholds; None withholds nothing.
        walls: Whether its environment is empty and its library withholds anything.
    """

    def __init__(self, unit: str | None, walls: Walls) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="synthlab-library-"))
        self._folder.chmod(0o755)  # read by whom a sandbox runs as
        known = manifest.load().unit(unit) if unit is not None and walls.library else None
        #: The folder that holds the library; a sandbox shows it at the same place.
        self.library = library.build(self._folder, known)
        ours, theirs = socket.socketpair()
        environment = {"PATH": "/usr/bin:/bin", "MPLBACKEND": _BACKEND, "OMP_NUM_THREADS": "1"}
        environment |= {"MPLCONFIGDIR": str(self._folder), "PYTHONDONTWRITEBYTECODE": "1"}
        if not walls.environment:
            environment = {**os.environ, **environment}
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(self.library / _ZYGOTE), str(self.library), *library.WARM],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            cwd="/",
        )
        theirs.close()
        ours.settimeout(_PATIENCE)
        self._socket = ours
        self._answers = ours.makefile("r", encoding="utf-8")
        if self._answers.readline() != "ready\n":
            assert self._process.stderr is not None
            self._process.kill()
            said = self._process.stderr.read().decode("utf-8", "replace").strip()
            self.close()
            raise SynthlabError(
                "The warm parent of the kernels did not start: {reason}", reason=said[-500:]
            )

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self._process.poll() is None

    def fork(self, request: dict[str, Any]) -> int:
        """Ask for one kernel; returns its process id.

        Raises:
            SynthlabError: When the parent has ended or could not enter the sandbox.
        """
        try:
            self._socket.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(self._answers.readline() or "{}")
        except OSError as error:
            raise SynthlabError(
                "The warm parent of the kernels ended: {reason}.", reason=error
            ) from None
        if "pid" not in answer:
            raise SynthlabError(
                "A kernel could not enter its sandbox: {reason}.",
                reason=answer.get("error", "its parent ended"),
            )
        return int(answer["pid"])

    def close(self) -> None:
        """End the parent and remove its library."""
        self._socket.close()
        self._answers.close()
        self._process.kill()
        self._process.communicate()
        shutil.rmtree(self._folder, ignore_errors=True)


_BACKEND = "module://matplotlib_inline.backend_inline"

_parents: dict[tuple[str | None, bool, bool], Warm] = {}


def parent(unit: str | None, walls: Walls) -> Warm:
    """This process's warm parent for a unit; started on first use, ended with this process."""
    key = (unit, walls.environment, walls.library)  # the other walls are the box's
    known = _parents.get(key)
    if known is None or not known.alive:
        known = _parents[key] = Warm(unit, walls)
    return known


@atexit.register
def close_all() -> None:
    """End every warm parent of this process."""
    while _parents:
        _parents.popitem()[1].close()
