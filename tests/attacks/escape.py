"""Getting out of the sandbox, or staying behind when it is gone."""

from __future__ import annotations

from .attack import Attack, Off, canary, says

PROCESSES = "the processes wall: what runs outside has no number inside, and ends with the sandbox"
PRIVILEGES = "the privileges wall: no capability, and no way to one"
IPC = "the ipc wall: System V objects of its own"
CALLS = "the calls wall: what no namespace keeps apart is refused"

_LIBC = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
"""

ESCAPES = [
    Attack(
        id="kill",
        mechanism="SIGKILL to a process outside, by its number",
        tries="to end the grader's programs",
        defence=PROCESSES,
        off=Off(walls=("processes",)),
        succeeded=lambda outcome, scene: not scene.victim_lives,
        cells=("import os, signal\nos.kill(@VICTIM@, signal.SIGKILL)",),
        made=("victim",),
    ),
    Attack(
        id="kill-all",
        mechanism="signal 0 tries every number that a process may have",
        tries="to find out who else is there, and to stop them",
        defence=PROCESSES,
        off=Off(walls=("processes",)),
        succeeded=says("FOUND THE VICTIM"),
        cells=(
            """
import os
found = []
for pid in range(1, 1 << 16):
    try:
        os.kill(pid, 0)
        found.append(pid)
    except ProcessLookupError:
        pass
    except PermissionError:
        found.append(pid)
print("FOUND" + " THE VICTIM" if @VICTIM@ in found else found)
""",
        ),
        made=("victim",),
    ),
    Attack(
        id="daemon",
        mechanism="a process forks twice and leads a session of its own",
        tries="to go on when the notebook is graded",
        defence=PROCESSES,
        off=Off(walls=("processes",)),
        succeeded=lambda outcome, scene: bool(outcome.left),
        cells=(
            """
import os, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/bin/sh", ["sh", "-c", "sleep 60; : @TOKEN@"])
    os._exit(0)
""",
        ),
    ),
    Attack(
        id="nested-namespace",
        mechanism="a user namespace of its own, in which it is root",
        tries="capabilities, for faults of the kernel that need one",
        defence=PRIVILEGES,
        off=Off(walls=("privileges",)),
        succeeded=says("ROOT IN A NAMESPACE"),
        cells=(
            _LIBC
            + """
CLONE_NEWUSER = 0x10000000
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, b"yes" if libc.unshare(CLONE_NEWUSER) == 0 else b"no")
    os._exit(0)
print("ROOT IN A" + " NAMESPACE" if os.read(read, 10) == b"yes" else "refused")
""",
        ),
    ),
    Attack(
        id="mount",
        mechanism="a mount namespace of its own, and a file system over a folder of the system",
        tries="other libraries for the next program",
        defence=PRIVILEGES,
        off=Off(walls=("privileges",)),
        succeeded=says("MOUNTED"),
        cells=(
            _LIBC
            + """
CLONE_NEWUSER, CLONE_NEWNS = 0x10000000, 0x20000
read, write = os.pipe()
if os.fork() == 0:
    libc.unshare(CLONE_NEWUSER | CLONE_NEWNS)
    done = libc.mount(b"none", b"/usr", b"tmpfs", 0, None) == 0
    os.write(write, b"yes" if done else b"no")
    os._exit(0)
print("MOUN" + "TED" if os.read(read, 10) == b"yes" else "refused")
""",
        ),
    ),
    Attack(
        id="change-root",
        mechanism="chroot, the first half of a well-known way out of a changed root",
        tries="the root folder of the system",
        defence=PRIVILEGES,
        off=Off(walls=("privileges",)),
        succeeded=says("ANOTHER ROOT"),
        cells=(
            _LIBC
            + """
os.makedirs("jail", exist_ok=True)
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, b"yes" if libc.chroot(b"jail") == 0 else b"no")
    os._exit(0)
print("ANOTHER" + " ROOT" if os.read(read, 10) == b"yes" else "refused")
""",
        ),
    ),
    Attack(
        id="shared-memory",
        mechanism="a System V segment of shared memory, by its number",
        tries="another program's memory",
        defence=IPC,
        off=Off(walls=("ipc",)),
        succeeded=canary,
        cells=(
            _LIBC
            + """
at = libc.shmat(@SEGMENT@, None, 0o10000)
print(ctypes.string_at(at, 32) if at not in (None, 2**64 - 1) else "refused")
""",
        ),
        made=("segment",),
    ),
    Attack(
        id="message-queue",
        mechanism="a System V message queue, by its number",
        tries="to send a message to a program outside",
        defence=IPC,
        off=Off(walls=("ipc",)),
        succeeded=lambda outcome, scene: scene.queued,
        cells=(
            _LIBC
            + """
class Message(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_long), ("text", ctypes.c_char * 16)]
libc.msgsnd(@QUEUE@, ctypes.byref(Message(1, b"hello")), 5, 0o4000)
""",
        ),
        made=("queue",),
    ),
    Attack(
        id="keyring",
        mechanism="a key in a keyring of the kernel's, which counts for the user outside",
        tries="to leave a message for the next submission, and to fill the grader's quota",
        defence=CALLS,
        off=Off(walls=("calls",)),
        succeeded=says("A KEY"),
        cells=(
            _LIBC
            + """
import platform
add_key = {"x86_64": 248, "aarch64": 217}[platform.machine()]
key = libc.syscall(add_key, b"user", b"@TOKEN@", b"hello", 5, -2)
print("A" + " KEY" if key > 0 else "refused")
""",
        ),
    ),
    Attack(
        id="io-uring",
        mechanism="io_uring does the work of calls that a filter would see",
        tries="a large and young part of the system's kernel",
        defence=CALLS,
        off=Off(walls=("calls",)),
        succeeded=says("A RING"),
        cells=(
            _LIBC
            + """
ring = libc.syscall(425, 4, (ctypes.c_char * 120)())
print("A" + " RING" if ring >= 0 else "refused")
""",
        ),
    ),
]
