"""Limits that the system's kernel keeps by itself, where control groups may be made.

Root may make them nearly everywhere; others where a folder of the hierarchy was delegated to
them. Version 2 and version 1 are both in use. Where none can be made, `watch` keeps the limits
from outside, a tenth of a second late.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from pathlib import Path

from synthlab.grading.sandbox.limits import Limits

_MOUNT = Path("/sys/fs/cgroup")
_serial = itertools.count()


class Group:
    """The control groups of one submission; those that could be made.

    Args:
        limits: Memory and processes.
        mount: Where the hierarchy is mounted.
    """

    def __init__(self, limits: Limits, mount: Path = _MOUNT) -> None:
        self._folders: list[Path] = []
        name = f"synthlab-{os.getpid()}-{next(_serial)}"
        for parent, settings in _places(mount, limits):
            folder = parent / name
            with contextlib.suppress(OSError):
                folder.mkdir()
                self._folders.append(folder)
                for file, value in settings.items():
                    # An optional file: without swap there is no limit of swap.
                    with contextlib.suppress(FileNotFoundError):
                        (folder / file).write_text(str(value), encoding="ascii")

    @property
    def entrances(self) -> list[str]:
        """The files that a process writes its id into to belong here."""
        return [str(folder / "cgroup.procs") for folder in self._folders]

    def memory_ran_out(self) -> bool:
        """Whether the system has ended a process here for want of memory."""
        for folder in self._folders:
            for file in ("memory.events", "memory.oom_control"):
                with contextlib.suppress(OSError, ValueError):
                    rows = (folder / file).read_text(encoding="ascii").split("\n")
                    if any(int(r.split()[1]) > 0 for r in rows if r.startswith("oom_kill ")):
                        return True
        return False

    def close(self) -> None:
        """Remove the groups, once the last process has left."""
        for folder in self._folders:
            for _ in range(50):
                try:
                    folder.rmdir()
                except FileNotFoundError:
                    break
                except OSError:  # a process is still on its way out
                    time.sleep(0.01)
                else:
                    break
        self._folders.clear()


def _places(mount: Path, limits: Limits) -> list[tuple[Path, dict[str, int]]]:
    """Folders in which groups can be made, each with the files of its limits."""
    own = _own_paths()
    if (mount / "cgroup.controllers").is_file():  # version 2, one hierarchy
        settings = {
            "memory.max": limits.memory,
            "memory.swap.max": 0,
            "memory.oom.group": 0,
            "pids.max": limits.processes,
        }
        found = [mount / own.get("", "").lstrip("/"), mount]
        return [(p, settings) for p in found if _delegates(p)][:1]
    places = []
    for controller, settings in (
        ("memory", {"memory.limit_in_bytes": limits.memory}),
        ("pids", {"pids.max": limits.processes}),
    ):
        parent = mount / controller / own.get(controller, "").lstrip("/")
        if os.access(parent, os.W_OK) and (parent / "cgroup.procs").is_file():
            places.append((parent, settings))
    return places


def _delegates(folder: Path) -> bool:
    try:
        given = (folder / "cgroup.subtree_control").read_text(encoding="ascii").split()
    except OSError:
        return False
    return {"memory", "pids"} <= set(given) and os.access(folder, os.W_OK)


def _own_paths() -> dict[str, str]:
    """This process's place in each hierarchy; version 2's is called ""."""
    found: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            _, names, path = line.split(":", 2)
            found |= dict.fromkeys(names.split(","), path)
    return found
