"""The same check over another transport: an executor at the other end of a pipe.

This stands for a kernel in a sandbox. No check changes, and a process that ends, hangs or talks
nonsense becomes a verdict.
"""

from __future__ import annotations

import select
import subprocess
import sys

import numpy as np
import pytest

from synthlab.checks.core import check
from synthlab.checks.faults import Crashed, TimedOut
from synthlab.checks.properties import holds, same
from synthlab.checks.registry import find
from synthlab.checks.run import evaluate, run
from synthlab.checks.verdict import Status

OTHER_SIDE = """
import os, sys
from synthlab.checks.executor import Executor

frames, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
namespace = {"__name__": "__main__", "replies": replies}
exec(sys.argv[1], namespace)
executor = Executor(namespace)
while size := frames.read(8):
    reply = executor.handle(frames.read(int.from_bytes(size, "little")))
    replies.write(len(reply).to_bytes(8, "little") + reply)
    replies.flush()
"""


class PipeTransport:
    def __init__(self, source):
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER_SIDE, source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def request(self, frame, seconds):
        try:
            self.process.stdin.write(len(frame).to_bytes(8, "little") + frame)
        except BrokenPipeError:
            raise Crashed("gone") from None
        size = int.from_bytes(self._read(8, seconds), "little")
        return self._read(size, seconds)

    def _read(self, count, seconds):
        data = b""
        while len(data) < count:
            ready, _, _ = select.select([self.process.stdout], [], [], seconds)
            if not ready:
                self.process.kill()
                self.process.wait()
                raise TimedOut
            piece = self.process.stdout.read(count - len(data))
            if not piece:
                raise Crashed("gone")
            data += piece
        return data

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def scale(registry, properties):
    @check(
        "test.scale",
        target=("scale", "Box"),
        properties=properties(a=1, b=1, c=1),
        arrays="numpy",  # starting torch in each process would cost two seconds
        seconds=10,
    )
    def observe(student, rng):
        x = rng.normal(size=(3, 2))
        yield same("a", student.scale(x), 2 * x)
        box = student.Box(x)
        yield same("b", box.content(), x)
        yield holds("c", bool(np.all(student.scale(box.content()) == 2 * x)), "a proxy's value")

    return find("test.scale")


RIGHT = """
class Box:
    def __init__(self, x):
        self.x = x
    def content(self):
        return self.x
def scale(x):
    return 2 * x
"""


@pytest.mark.parametrize(
    ("source", "status"),
    [
        (RIGHT, Status.CORRECT),
        (RIGHT.replace("2 * x", "x + x[:1]"), Status.PARTIAL),
        (RIGHT.replace("return 2 * x", "print('here'); return x.nothing"), Status.ERROR),
        (RIGHT.replace("return 2 * x", "raise NotImplementedError"), Status.NOT_ATTEMPTED),
        ("", Status.NOT_ATTEMPTED),
    ],
)
def test_the_verdict_is_the_same_as_in_this_process(scale, source, status):
    namespace = {"__name__": "__main__"}
    exec(compile(source, "<string>", "exec"), namespace)
    with PipeTransport(source) as transport:
        far = run(scale, transport, seed=7)
    assert far == evaluate("test.scale", namespace, seed=7)
    assert far.status is status


@pytest.mark.parametrize(
    "evil",
    [
        "import os; os._exit(0)",
        "os = __import__('os'); os.kill(os.getpid(), 9)",
        "replies.write((4).to_bytes(8, 'little') + b'evil'); replies.flush(); return 2 * x",
        # a frame that promises an array and holds none
        "h = b'{\"array\": 0}'; f = b'SYN1' + len(h).to_bytes(8, 'little') + h;"
        "replies.write(len(f).to_bytes(8, 'little') + f); replies.flush(); return 2 * x",
        # a reply that is plain data, but neither a value nor an error
        "h = b'7'; f = b'SYN1' + len(h).to_bytes(8, 'little') + h;"
        "replies.write(len(f).to_bytes(8, 'little') + f); replies.flush(); return 2 * x",
    ],
)
def test_a_process_that_ends_or_talks_nonsense_is_an_error(scale, evil):
    with PipeTransport(RIGHT.replace("return 2 * x", evil)) as transport:
        verdict = run(scale, transport)
    assert (verdict.status, verdict.score) == (Status.ERROR, 0.0)
    assert "ended before the check was done" in verdict.summary.render("en")


def test_a_process_that_hangs_is_out_of_time(registry, properties):
    @check("test.hang", target="f", properties=properties(a=1), arrays="numpy", seconds=3)
    def observe(student, rng):
        yield same("a", student(1.0), 1.0)

    with PipeTransport("def f(x):\n    while True: pass") as transport:
        verdict = run(find("test.hang"), transport)
    assert verdict.status is Status.TIMEOUT
