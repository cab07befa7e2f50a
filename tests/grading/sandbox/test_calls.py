"""The filter of system calls, in a process of its own: it cannot be taken off again."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import ctypes, errno, os, socket
from synthlab.grading.sandbox import calls, joining
joining.drop_privileges()
calls.refuse()
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
    socket.socket(family, socket.SOCK_DGRAM).close()
a, b = socket.socketpair()
a.send(b"x")
assert b.recv(1) == b"x"
for family in (socket.AF_PACKET, socket.AF_VSOCK, socket.AF_ALG):
    try:
        socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        assert error.errno == errno.EAFNOSUPPORT, error
    else:
        raise AssertionError(family)
libc = ctypes.CDLL(None, use_errno=True)
column = calls._MACHINES[os.uname().machine][1]
for name, numbers in calls._REFUSED.items():
    assert libc.syscall(numbers[column], 0, 0, 0, 0, 0) == -1, name
    assert ctypes.get_errno() == errno.ENOSYS, name
print("kept")
"""


def test_other_sockets_and_keys_are_refused_and_the_usual_ones_are_not() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert done.stdout == "kept\n", done.stderr
