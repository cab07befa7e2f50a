"""System calls that a submission does without: a filter that its process cannot take off again.

A box (`bubblewrap`) gives a process namespaces of its own, and some things of the system's kernel
have none. VSOCK sockets reach the host of a virtual machine past every network namespace; the
keys of a keyring are those of a user, not of a box; and io_uring, bpf, perf and userfaultfd are
large, and no notebook needs them. So they are refused, with the error that says that the system
does not have them.

The filter is a program for the kernel's seccomp machine, as `seccomp(2)` and ``linux/filter.h``
describe it. Linux on x86_64 and aarch64; on other machines nothing is installed. Standard library
alone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import socket
import struct

#: By machine: the audit number of its calls (``linux/audit.h``) and the numbers of the calls.
_MACHINES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
_SOCKET, _SOCKETPAIR = (41, 198), (53, 199)
_REFUSED = {
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
#: Sockets that a network namespace keeps apart: AF_NETLINK is 16.
_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, 16)

#: On x86_64, calls with this bit are the same calls in another numbering (x32).
_X32 = 0x40000000
#: Instructions: load a word of the call's data, jump where equal or not smaller, return.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def refuse() -> None:
    """Refuse them to this process and to all that it starts, for good.

    Raises:
        OSError: When the kernel takes no filter; it needs "no new privileges" or a capability.
    """
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in _program(*machine))
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def _program(audit: int, column: int) -> list[tuple[int, int, int, int]]:
    """Instructions as (code, jump if true, jump if false, operand); jumps are relative."""
    missing = _ERROR | errno.ENOSYS
    check_family = [
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        *((_EQUAL, len(_FAMILIES) - i, 0, int(f)) for i, f in enumerate(_FAMILIES)),
        (_RETURN, 0, 0, _ERROR | errno.EAFNOSUPPORT),
    ]
    body: list[tuple[int, int, int, int]] = []
    for numbers in _REFUSED.values():
        body += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, missing)]
    for numbers in (_SOCKET, _SOCKETPAIR):
        # The jumps out of a check of a family lead behind it, to a return of its own.
        body += [(_EQUAL, 0, len(check_family) + 1, numbers[column]), *check_family]
        body += [(_RETURN, 0, 0, _ALLOW)]
    return [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, missing),
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, missing),
        *body,
        (_RETURN, 0, 0, _ALLOW),
    ]
