"""The box itself: namespaces and mounts, built by bubblewrap and entered later.

What runs in the box first is ``cat``, which answers one byte as soon as everything is in place and
holds the box open. The kernel of a submission is forked by a warm parent and enters. Killing the
box's first process ends everything in it, whatever it forked, at once.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from synthlab import locate
from synthlab.errors import SynthlabError
from synthlab.grading.sandbox.limits import Host, Limits, Walls

#: Where a submission's own folder is, in the box, and where its sockets are.
HOME, SOCKETS, SUBMISSION = "/home/student", "/run/kernel", "/run/submission"
TEMPORARY, SHARED_MEMORY = "/tmp", "/dev/shm"  # noqa: S108 - the box's own
#: Who the student is, in the box.
_USER = 1000
_PASSWD = f"student:x:{_USER}:{_USER}:student:{HOME}:/bin/sh\n"
#: The system's programs and libraries.
_SYSTEM = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
#: What programs and libraries of the system need from /etc.
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "alternatives", "fonts")
#: Seconds that building a box may take; it takes some hundredths.
_PATIENCE = 20


@functools.cache
def refusal() -> SynthlabError | None:
    """The reason why there can be no sandbox here; None where there can."""
    if sys.platform != "linux":
        return SynthlabError("The sandbox needs Linux")
    if shutil.which("bwrap") is None:
        return SynthlabError(
            "The sandbox needs bubblewrap, which is not installed (Debian: bubblewrap)"
        )
    probe = [*_command(Walls(), Limits(), Host(), (), None), "--", "/usr/bin/true"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["?"])[-1]
        return SynthlabError(
            "The sandbox cannot be built, because user namespaces are not allowed here ({reason})",
            reason=said,
        )
    return None


def require() -> None:
    """Raise SynthlabError where no sandbox can be built."""
    if problem := refusal():
        raise SynthlabError(
            "{problem}. Nothing was graded. Grade on a machine that has it, or pass "
            "--unsandboxed, which runs the students' code as you, with your files and "
            "network.",
            problem=problem,
        )


def _command(
    walls: Walls,
    limits: Limits,
    host: Host,
    readable: Sequence[Path],
    submission: Path | None,
) -> list[str]:
    command = ["bwrap", "--unshare-user", "--uid", str(_USER), "--gid", str(_USER)]
    command += ["--disable-userns"] if walls.privileges else []
    for wall, name in (("processes", "pid"), ("network", "net"), ("ipc", "ipc")):
        command += [f"--unshare-{name}"] if getattr(walls, wall) else []
    command += ["--unshare-uts", "--hostname", "sandbox", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session", "--clearenv"]
    for folder in _SYSTEM:
        path = Path("/", folder)
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            command += ["--ro-bind", str(path), str(path)]
    for name in _ETC:
        command += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    disk, small = str(limits.disk), str(1 << 20)
    command += ["--proc", "/proc", "--dev", "/dev", "--size", disk, "--tmpfs", SHARED_MEMORY]
    command += ["--size", disk, "--tmpfs", TEMPORARY, "--size", disk, "--tmpfs", HOME]
    command += ["--size", small, "--tmpfs", SOCKETS]
    # After the private folders, which would cover what lies in theirs; the outer ones first.
    layers = [(str(path), ["--ro-bind", str(path), str(path)]) for path in readable]
    layers += [(str(p), ["--tmpfs", str(p), "--remount-ro", str(p)]) for p in _installed()]
    command += [word for _, words in sorted(layers) for word in words]
    if submission is not None:
        command += ["--ro-bind", str(submission), SUBMISSION]
    if not walls.files:
        for shown in host.readable:
            command += ["--ro-bind", shown, shown]
        for open_ in host.writable:
            command += ["--bind", open_, open_]
    # A grader who is root outside owns the files of /proc/sys in here too.
    sealed = ("/dev", "/proc", "/") if walls.settings else ("/dev", "/")
    return [*command, *(w for path in sealed for w in ("--remount-ro", path)), "--chdir", HOME]


def python_folders() -> tuple[Path, ...]:
    """The folders of this Python that are not part of the system's."""
    folders = {Path(p).resolve() for p in (sys.prefix, sys.base_prefix, sys.base_exec_prefix)}
    folders |= {Path(sys.executable).resolve().parent.parent}
    outside = sorted(f for f in folders if not f.is_relative_to("/usr") and f != Path("/"))
    return tuple(f for f in outside if not any(f.is_relative_to(o) for o in outside if o != f))


def _installed() -> list[Path]:
    """An installed synthlab inside of what a box shows: it shows its own copy instead.

    ``pip install -e git+…`` puts a whole repository, with its answers, into the environment.
    """
    import synthlab

    package = Path(synthlab.__file__).resolve().parent
    repository = locate.repository()
    found = [repository] if repository else [package, package.parent / "synthlab_widgets"]
    shown = [Path("/", name).resolve() for name in _SYSTEM] + list(python_folders())
    return [p for p in found if p.is_dir() and any(p.is_relative_to(f) for f in shown)]


class Box:
    """One box, open until `close`.

    Args:
        walls: Which walls stand.
        limits: How large its private folders are.
        host: What it shows of this machine where the ``files`` wall is left out.
        readable: Folders that it shows as they are, read-only.
        submission: A folder that it shows at `SUBMISSION`, or None.

    Raises:
        SynthlabError: When bubblewrap could not build it; the sentence quotes it.
    """

    def __init__(
        self,
        walls: Walls,
        limits: Limits,
        host: Host,
        readable: Sequence[Path],
        submission: Path | None,
    ) -> None:
        read, write = os.pipe()
        data_read, data_write = os.pipe()
        os.write(data_write, _PASSWD.encode())
        os.close(data_write)
        command = _command(walls, limits, host, (*python_folders(), *readable), submission)
        at = command.index("--remount-ro") if "--remount-ro" in command else len(command)
        extra = ["--ro-bind-data", str(data_read), "/etc/passwd", "--info-fd", str(write)]
        self._process = subprocess.Popen(
            [*command[:at], *extra, *command[at:], "--", "/usr/bin/cat"],
            # bubblewrap stays in the box as its first process, and /proc/1/environ is what it
            # was started with: --clearenv clears the environment of cat alone.
            env={} if walls.environment else None,
            executable=shutil.which("bwrap"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(write, data_read),
        )
        os.close(write)
        os.close(data_read)
        with os.fdopen(read, "rb") as info:
            said = info.read()  # until bubblewrap closes it
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(b".")
            self._process.stdin.flush()
        if self._process.stdout.read(1) != b".":
            _, error = self._process.communicate(timeout=_PATIENCE)
            reason = error.decode("utf-8", "replace").strip() or "bubblewrap ended"
            raise SynthlabError("The sandbox could not be built: {reason}.", reason=reason)
        #: Its first process, seen from outside; everything in the box ends with it.
        self.pid = int(json.loads(said)["child-pid"])
        self._pidfd = os.pidfd_open(self.pid)

    @property
    def root(self) -> str:
        """The path of its root folder, seen from outside."""
        return f"/proc/{self.pid}/root"

    @property
    def open(self) -> bool:
        """Whether it still stands."""
        return self._process.poll() is None

    def close(self) -> None:
        """End everything in it; closing it again does nothing."""
        if self._pidfd < 0:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        os.close(self._pidfd)
        self._pidfd = -1
        self._process.kill()
        self._process.communicate()
