"""The way into a sandbox that bubblewrap has built, on which every privilege is given up.

Linux only, by system calls through ctypes: Python offers setns and unshare from 3.12 on, and
capabilities not at all. The numbers are those of the kernel's user-space headers
(``linux/sched.h``, ``linux/prctl.h``, ``linux/capability.h``, ``linux/keyctl.h``).

Runs in a process that was forked for one submission; imports the standard library alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
from collections.abc import Mapping
from pathlib import Path

_NAMESPACES = {
    "mnt": 0x00020000,
    "cgroup": 0x02000000,
    "uts": 0x04000000,
    "ipc": 0x08000000,
    "user": 0x10000000,
    "pid": 0x20000000,
    "net": 0x40000000,
}
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP = 1, 4, 24
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
_LAST_CAPABILITY = 63
_KEYCTL_JOIN_SESSION_KEYRING = 1
#: The number of the system call keyctl, by machine.
_KEYCTL = {"x86_64": 250, "aarch64": 219}

_libc = ctypes.CDLL(None, use_errno=True)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Capabilities(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _must(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def enter(pid: int) -> None:
    """Enter all namespaces of a process that differ from this process's own.

    The process ids of the sandbox apply to the children of this process, not to itself.

    Raises:
        OSError: When the kernel refuses; nobody has entered anything then.
    """
    flags = 0
    for name, flag in _NAMESPACES.items():
        theirs, ours = (Path(f"/proc/{p}/ns/{name}").readlink() for p in (pid, "self"))
        if theirs != ours:
            flags |= flag
    descriptor = os.pidfd_open(pid)
    try:
        _must(_libc.setns(descriptor, flags), "setns")
    finally:
        os.close(descriptor)


def forget_keys() -> None:
    """Leave the session keyring that this process was started with."""
    number = _KEYCTL.get(platform.machine())
    if number is not None:
        _libc.syscall(number, _KEYCTL_JOIN_SESSION_KEYRING, None)


def die_with_parent() -> None:
    """End when the parent ends, whatever ended it."""
    _must(_libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0), "prctl")


def drop_privileges() -> None:
    """Hold no capability, and have no way to get one: no set-user-id program gives any."""
    _must(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
    _must(_libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl")
    for capability in range(_LAST_CAPABILITY + 1):
        # Beyond the last capability that this kernel knows the answer is EINVAL.
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = _Header(_CAPABILITY_VERSION_3, 0)
    nothing = (_Capabilities * 2)()
    _must(_libc.capset(ctypes.byref(header), nothing), "capset")
    # The grader outside must be able to reach the sandbox's files through /proc.
    _must(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "prctl")


def close_descriptors() -> None:
    """Close everything but the standard three, which lead to the null device from now on."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.closerange(3, _most_descriptors())


def _most_descriptors() -> int:
    return min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 1 << 20)


def limit(limits: Mapping[str, int]) -> None:
    """Set resource limits by the names of `resource`, e.g. ``{"NOFILE": 512}``."""
    for name, value in limits.items():
        number = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(number)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        with contextlib.suppress(ValueError):
            resource.setrlimit(number, (value, value))
