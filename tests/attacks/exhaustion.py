"""More than its share: memory, disk, processes, processor, time, output, files, messages.

Each attack wants a little more than its limit allows, and gets it where the limit is a little
higher. None runs without a limit, and none outside of a sandbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .attack import TARGET, Attack, Off, says

if TYPE_CHECKING:
    from .runner import Outcome
    from .scene import Scene

_MB = 2**20


def more(
    name: str,
    mechanism: str,
    tries: str,
    limit: str,
    low: float,
    high: float,
    *cells: str,
    **rest: Any,
) -> Attack:
    rest = {"limits": {}} | rest
    return Attack(
        id=name,
        mechanism=mechanism,
        tries=tries,
        defence=f"the limit `{limit}`: {low:g}, and {high:g} lets it through",
        off=Off(limits={limit: high}),
        succeeded=says("SURVIVED"),
        cells=cells,
        **{**rest, "limits": {limit: low, **rest["limits"]}},
    )


_END = '\nprint("SUR" + "VIVED")\n'

EXHAUSTION = [
    more(
        "memory",
        "one large array, written to",
        "the machine's memory",
        "memory",
        700 * _MB,
        1500 * _MB,
        "import numpy as np\nx = np.ones(800 << 17)\nimport time\ntime.sleep(0.5)" + _END,
    ),
    more(
        "memory-of-many",
        "memory spread over programs, each of them small",
        "the machine's memory, past a limit of one process",
        "memory",
        500 * _MB,
        1500 * _MB,
        """
import subprocess
HOLD = "head -c 60M /dev/zero | tail -c 60M | (sleep 1.5; cat > /dev/null)"
programs = [subprocess.Popen(["sh", "-c", HOLD]) for _ in range(8)]
assert [program.wait() for program in programs] == [0] * 8
"""
        + _END,
    ),
    more(
        "memory-file",
        "files in memory without a name, which no process maps",
        "memory that nobody is seen to use",
        "memory",
        700 * _MB,
        1500 * _MB,
        """
import os, time
block = bytes(1 << 20)
for _ in range(8):
    file = os.memfd_create("x")
    for _ in range(100):
        os.write(file, block)
time.sleep(0.5)
"""
        + _END,
    ),
    more(
        "disk",
        "a large file in the private folder, which lies in memory",
        "the machine's memory, by way of its disk",
        "disk",
        20 * _MB,
        60 * _MB,
        "open('big', 'wb').write(bytes(40 << 20))" + _END,
    ),
    more(
        "many-files",
        "thousands of files of one byte, each of which takes a page",
        "the machine's memory, in small pieces",
        "disk",
        10 * _MB,
        30 * _MB,
        """
for i in range(5000):
    with open(f"f{i}", "w") as file:
        file.write("x")
"""
        + _END,
    ),
    more(
        "large-file",
        "a sparse file is written far behind its end",
        "a file that is larger than whatever reads it expects",
        "file",
        5 * _MB,
        20 * _MB,
        """
with open("sparse", "wb") as file:
    file.seek(10 << 20)
    file.write(b"x")
"""
        + _END,
    ),
    more(
        "processes",
        "a program is started, again and again",
        "the machine's process table",
        "processes",
        60,
        200,
        """
import subprocess
children = [subprocess.Popen(["sleep", "1"]) for _ in range(80)]
"""
        + _END,
    ),
    more(
        "threads",
        "threads, which count like processes",
        "the machine's process table",
        "processes",
        60,
        200,
        """
import threading, time
for _ in range(80):
    threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
time.sleep(0.5)
"""
        + _END,
    ),
    more(
        "processor",
        "a loop that computes",
        "the processor, for longer than a notebook needs",
        "cpu",
        1,
        20,
        """
import time
end = time.process_time() + 2.5
while time.process_time() < end:
    pass
"""
        + _END,
    ),
    more(
        "sleep",
        "a cell that waits",
        "the grader's time",
        "cell",
        2.0,
        30.0,
        "import time\ntime.sleep(4)" + _END,
    ),
    more(
        "many-cells",
        "every cell is short, but there are many",
        "the grader's time, past a limit of one cell",
        "total",
        4.0,
        60.0,
        "import time\ntime.sleep(2.5)",
        "time.sleep(2.5)",
        _END,
        deserves={},  # the time was the notebook's own
    ),
    more(
        "open-files",
        "a thousand open files",
        "the machine's file table",
        "files",
        256,
        800,
        "files = [open('/dev/null') for _ in range(500)]" + _END,
    ),
    more(
        "printed-flood",
        "print, without end",
        "the gradebook's disk, and the browser of whoever looks",
        "output",
        100_000,
        2_000_000,
        "for _ in range(300):\n    print('x' * 1000)" + _END,
    ),
    more(
        "displayed-flood",
        "thousands of small outputs of their own",
        "the same, past a limit of one output",
        "output",
        20_000,
        2_000_000,
        """
from IPython.display import display
for i in range(190):
    display({"text/plain": "x" * 500}, raw=True)
"""
        + _END,
    ),
    more(
        "descriptor-flood",
        "bytes written to descriptor 1, past Python's streams",
        "the same, unseen by sys.stdout",
        "output",
        100_000,
        2_000_000,
        """
import subprocess, time
subprocess.run(["sh", "-c", "head -c 300000 /dev/zero | tr '\\\\0' x"])
time.sleep(0.5)
"""
        + _END,
    ),
    more(
        "one-large-message",
        "one output that is larger than all of them may be",
        "the grader's memory while it parses",
        "output",
        100_000,
        2_000_000,
        "print('x' * 500_000)" + _END,
    ),
    more(
        "message-without-end",
        "a message of many parts, of which each is small enough",
        "the grader's memory while it waits for the last one",
        "grader",
        150 * _MB,
        1500 * _MB,
        """
import time, zmq
socket = get_ipython().kernel.iopub_thread.socket
part = bytes(40 << 20)
for _ in range(10):
    socket.send(part, zmq.SNDMORE, copy=False)
time.sleep(1)
socket.send(b"", zmq.SNDMORE)
"""
        + _END,
        # When it ends, the grader reads what was sent, and it is no message.
    ),
    more(
        "replies-to-nobody",
        "replies that answer no request, faster than they are read",
        "to keep the grader from its clock",
        "cell",
        2.0,
        30.0,
        """
import time
kernel = get_ipython().kernel
socket, ident, end = kernel.shell_stream.socket, kernel._shell_parent_ident.get(), time.time() + 6
n = 0
while time.time() < end:
    n += 1
    try:
        kernel.session.send(socket, "execute_reply", {"n": n}, {"header": {"msg_id": "x"}}, ident)
    except KeyboardInterrupt:
        pass
"""
        + _END,
        patches={"synthlab.grading.judging.judge._GRACE": 2.0},
    ),
]


# What an answer returns. The kernel's own Executor is replaced, so only the judge's bounds hold.

_FRAMES = """
from synthlab.checks import wire
from synthlab.checks.executor import Executor
handle = Executor.handle
def framed(header, *blobs):
    parts = [wire._MAGIC]
    for part in (header, *blobs):
        parts += [len(part).to_bytes(8, "little"), part]
    return b"".join(parts)
def answer(self, frame):
    if b'"call"' in frame and b'"generator_loss"' in frame:
        return REPLY
    return handle(self, frame)
"""


def _was_read(outcome: Outcome, scene: Scene) -> bool:
    """The judge took the value apart, and said that it is none."""
    return outcome.statuses[TARGET] == "incorrect"


def reply(name: str, mechanism: str, bound: str, high: int, code: str, **rest: Any) -> Attack:
    return Attack(
        id=name,
        mechanism=mechanism,
        tries="the grader's memory and time, by what an answer returns",
        defence=f"the judge's bound `wire.{bound}`",
        off=Off(patches={f"synthlab.checks.wire.{bound}": high}),
        succeeded=_was_read,
        cells=(_FRAMES + code + "\nExecutor.handle = answer\n",),
        answers={TARGET: "generator_loss = 'something that is there'"},
        **rest,
    )


EXHAUSTION += [
    reply(
        "nested-lists",
        "lists in lists in lists",
        "MAX_DEPTH",
        100,
        """
REPLY = framed(b'{"dict":[["value",' + b'{"list":[' * 40 + b"]}" * 40 + b"]]}")
""",
    ),
    reply(
        "many-objects",
        "a list of more objects than a reply may hold",
        "MAX_ITEMS",
        200_000,
        """
REPLY = framed(b'{"dict":[["value",{"list":[' + b"1," * 120_000 + b"1]}]]}")
""",
    ),
    reply(
        "json-bomb",
        "a header in which three bytes make an object of sixty",
        "MAX_HEADER",
        12 * _MB,
        """
REPLY = framed(b'{"dict":[["value",{"list":[]}]]}' + b" " * (9 << 20))
""",
    ),
    reply(
        "huge-integer",
        "an integer of thousands of digits",
        "MAX_INT_BITS",
        20_000,
        """
REPLY = framed(b'{"dict":[["value",{"list":[' + b"9" * 4000 + b"]}]]}")
""",
    ),
    reply(
        "giant-frame",
        "an array that is larger than a reply may be",
        "MAX_BYTES",
        16 * _MB,
        """
import io, numpy as np
file = io.BytesIO()
np.lib.format.write_array(file, np.zeros(20 << 17), version=(1, 0))
REPLY = framed(b'{"dict":[["value",{"array":0}]]}', file.getvalue())
""",
        patches={"synthlab.checks.wire.MAX_BYTES": 8 * _MB},
    ),
]
