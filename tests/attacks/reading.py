"""Reading what is none of a submission's business: the grader, other students, the answers."""

from __future__ import annotations

from functools import cache
from typing import Any

from synthlab.authoring.source import read_source
from synthlab.checks.core import learner_seed, stable_seed
from synthlab.checks.registry import find
from synthlab.checks.run import run
from synthlab.checks.transport import LocalTransport

from .attack import PRIZE, TARGET, Attack, Off, canary, prize, says

FILES = "the files wall: nothing of the grader's is mounted"
ENVIRONMENT = "the environment wall: a sandbox is given an environment of its own"
PROCESSES = "the processes wall: what runs outside has no number inside"
LIBRARY = "the library wall: the module that holds the answer is withheld"
SEED = "the seed: hidden inputs are drawn from the course's secret"


def reading(name: str, mechanism: str, tries: str, defence: str, off: Off, *cells: str) -> Attack:
    made = {ENVIRONMENT: ("environment",), PROCESSES: ("victim",)}.get(defence, ())
    return Attack(name, mechanism, tries, defence, off, canary, cells, made=made)


def answered(name: str, mechanism: str, cell: str, off: Off, defence: str = LIBRARY) -> Attack:
    tries = "the right answer, written by somebody else"
    return Attack(name, mechanism, tries, defence, off, prize, (cell,))


_SHOWS_CLASS = Off(walls=("files",), shown=("@CLASS@",))
_NO_LIBRARY = Off(walls=("library",))

#: Makes the two losses of the library into the one that the exercise asks for.
_ADAPT = """
def generator_loss(fake_logits, saturating=False):
    return (minimax_loss if saturating else non_saturating_loss)(fake_logits)
"""
#: Puts it in place when the exercise's own cell, a stub, has run.
_KEEP = """
answer = generator_loss
get_ipython().events.register(
    "post_run_cell", lambda result: get_ipython().user_ns.update(generator_loss=answer))
"""

#: Prints the one variable of an environment that the scene put there.
_LINES = """
print([v for v in open("{path}", "rb").read().split(b"\\0") if b"TEST_TOKEN" in v])
"""

READING = [
    reading(
        "environment",
        "os.environ holds what the grader was started with",
        "a token in the grader's environment",
        ENVIRONMENT,
        Off(walls=("environment",)),
        "import os\nprint(os.environ['SYNTHLAB_TEST_TOKEN'])",
    ),
    reading(
        "first-environment",
        "/proc/self/environ holds the environment that the warm parent was started with",
        "the same token, where os.environ was cleared",
        ENVIRONMENT,
        Off(walls=("environment",)),
        _LINES.format(path="/proc/self/environ"),
    ),
    reading(
        "environment-of-process-one",
        "/proc/1/environ holds what the first process of the sandbox was started with",
        "the same token, from bubblewrap's own process",
        ENVIRONMENT,
        Off(walls=("environment",)),
        _LINES.format(path="/proc/1/environ"),
    ),
    reading(
        "memory-of-process-one",
        "/proc/1/mem holds the stack on which the environment once was",
        "the same token, from the memory of bubblewrap's process",
        ENVIRONMENT,
        Off(walls=("environment",)),
        """
for line in open("/proc/1/maps"):
    if "[stack]" in line:
        start, end = (int(n, 16) for n in line.split()[0].split("-"))
        with open("/proc/1/mem", "rb") as memory:
            memory.seek(start)
            print([v for v in memory.read(end - start).split(b"\\0") if b"TEST_TOKEN" in v])
""",
    ),
    reading(
        "command-lines",
        "/proc lists every process with its command line",
        "a password on the command line of one of the grader's programs",
        PROCESSES,
        Off(walls=("processes",)),
        """
import pathlib
for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
    try:
        line = path.read_bytes()
        if b"input()" in line:
            print(line)
    except OSError:
        pass
""",
    ),
    reading(
        "another-student",
        "another student's notebook, by its path",
        "another student's answers",
        FILES,
        _SHOWS_CLASS,
        "print(open('@BOB@').read())",
    ),
    reading(
        "course-secret",
        "a walk through every folder for a file called secret",
        "the secret from which the hidden inputs are drawn",
        FILES,
        _SHOWS_CLASS,
        """
import os
for folder, _, names in os.walk("@ROOT@"):
    if "secret" in names:
        print(open(os.path.join(folder, "secret")).read())
""",
    ),
    reading(
        "gradebook",
        "sqlite opens the gradebook, read-only",
        "everybody's points",
        FILES,
        _SHOWS_CLASS,
        """
import sqlite3
book = sqlite3.connect("file:@BOOK@?immutable=1", uri=True)
print(book.execute("select * from grade").fetchall())
""",
    ),
    Attack(
        id="link-in-the-submission",
        mechanism="a symbolic link in the submission's folder leads to the secret",
        tries="to have the grader copy a file of its own into the sandbox",
        defence=FILES,
        off=_SHOWS_CLASS,
        succeeded=canary,
        cells=("print(open('notes.txt').read())",),
        files={"notes.txt": "-> @SECRET@"},
    ),
    Attack(
        id="shared-memory-file",
        mechanism="POSIX shared memory is a file in /dev/shm",
        tries="another process's shared memory",
        defence=FILES,
        off=Off(walls=("files",), writable=("/dev/shm",)),
        succeeded=canary,
        cells=("print(open('/dev/shm/@TOKEN@', 'rb').read())",),
        made=("shared",),
    ),
    Attack(
        id="open-descriptors",
        mechanism="descriptor 0 is the line on which the grader asks for kernels",
        tries="to answer the grader in the name of the warm parent",
        defence="the descriptors wall: a kernel inherits none",
        off=Off(walls=("descriptors",)),
        succeeded=says("A SOCKET OF THE GRADER"),
        cells=(
            """
import os, socket, stat
if stat.S_ISSOCK(os.fstat(0).st_mode):
    peer = socket.socket(fileno=os.dup(0))
    print("A SOCKET " + "OF THE GRADER", peer.family)
""",
        ),
    ),
    answered(
        "library-answer",
        "the library's own module is imported",
        "from synthlab.models.gan import minimax_loss, non_saturating_loss" + _ADAPT + _KEEP,
        _NO_LIBRARY,
    ),
    answered(
        "library-source",
        "the module's file is found by importlib's machinery and its source run",
        """
import importlib.util, pathlib, re, synthlab
spec = importlib.util.find_spec("synthlab.models")
source = pathlib.Path(spec.origin).with_name("gan.py").read_text()
exec(compile(source, "gan", "exec"), globals())
"""
        + _ADAPT
        + _KEEP,
        _NO_LIBRARY,
    ),
    answered(
        "library-by-the-back-door",
        "another module of the library imports the answer and is searched for it",
        """
import gc, types
import synthlab.experiments.gan
found = {o.__name__: o for o in gc.get_objects()
         if isinstance(o, types.FunctionType) and o.__module__ == "synthlab.models.gan"}
minimax_loss, non_saturating_loss = found["minimax_loss"], found["non_saturating_loss"]
"""
        + _ADAPT
        + _KEEP,
        _NO_LIBRARY,
    ),
    answered(
        "library-in-the-warm-parent",
        "what the warm parent once imported is still in the fork's memory",
        """
import sys
for name in [n for n in sys.modules if n.startswith("synthlab")]:
    vars(sys.modules[name]).get("x")
module = sys.modules.get("synthlab.models.gan") or __import__("synthlab.models.gan").models.gan
minimax_loss, non_saturating_loss = module.minimax_loss, module.non_saturating_loss
"""
        + _ADAPT
        + _KEEP,
        _NO_LIBRARY,
    ),
    answered(
        "repository",
        "the paths of an editable install lead to the repository, and solutions/ is read",
        """
import ast, pathlib, re, sys
places = [pathlib.Path(line.strip()) / "solutions" / "gan.py"
          for folder in sys.path for file in pathlib.Path(folder).glob("*.pth")
          for line in file.read_text().splitlines()]
places += [pathlib.Path("@SOLUTION@"), *pathlib.Path("/").glob("*/solutions/gan.py")]
text = next(p for p in places if p.is_file()).read_text()
cell = text.split('tags=["answer:gan.generator_loss"]')[1].split("# %%")[0]
exec(cell, globals())
"""
        + _KEEP,
        _SHOWS_CLASS,
        FILES,
    ),
]


# Knowing the inputs before they come.

#: A seed that an attack may know, and a student may guess.
KNOWN, GUESSED = 20_251_125, 4711


class _Recording:
    """A transport that remembers the replies."""

    def __init__(self, namespace: dict[str, object]) -> None:
        self._local = LocalTransport(namespace)
        self.replies: list[bytes] = []

    def request(self, frame: bytes, seconds: float) -> bytes:
        self.replies.append(self._local.request(frame, seconds))
        return self.replies[-1]


def _namespace(question: str) -> dict[str, object]:
    namespace: dict[str, object] = {}
    exec("import torch\nfrom torch import nn\nfrom torch.nn import functional as F", namespace)
    exec(read_source("gan").questions[question].answer, namespace)
    return namespace


@cache
def _replies(question: str, seed: int | None) -> list[str]:
    recording = _Recording(_namespace(question))
    run(find(question), recording, seed)
    return [reply.hex() for reply in recording.replies]


@cache
def _table(seed: int | None) -> list[tuple[list[str], str]]:
    """What a right answer returned for each of the check's inputs."""
    rows: list[tuple[list[str], str]] = []
    namespace = _namespace("gan.optimal_discriminator")

    def recorded(function: Any) -> Any:
        def call(*arguments: Any) -> Any:
            value = function(*arguments)
            rows.append(
                ([a.numpy().tobytes().hex() for a in arguments], value.numpy().tobytes().hex())
            )
            return value

        return call

    targets = {n: recorded(namespace[n]) for n in ("optimal_discriminator", "jensen_shannon")}
    run(find("gan.optimal_discriminator"), LocalTransport(targets), seed)
    return rows


def _looked_up() -> str:
    return f"""
import numpy as np, torch
TABLE = {{tuple(key): value for key, value in {_table(KNOWN)!r}}}
def optimal_discriminator(*arguments):
    key = tuple(a.numpy().tobytes().hex() for a in arguments)
    value = np.frombuffer(bytes.fromhex(TABLE[key]))
    return torch.tensor(value if len(arguments) == 2 else value[0])
jensen_shannon = optimal_discriminator
"""


def _replayed() -> str:
    return f"""
from synthlab.checks.executor import Executor
handle, REPLIES = Executor.handle, {_replies(TARGET, KNOWN)!r}
def replay(self, frame):
    if b'["generator_loss"]' in frame and b'"open"' in frame:
        self.replies = iter(REPLIES)
    if not hasattr(self, "replies"):
        return handle(self, frame)
    reply = bytes.fromhex(next(self.replies))
    if b'"close"' in frame:
        del self.replies
    return reply
Executor.handle = replay
generator_loss = None
"""


def _public() -> str:
    seed = stable_seed("learner's side", str(learner_seed(TARGET)))
    return f"""
import random
REPLIES, seeds = {_replies(TARGET, None)!r}, random.seed
from synthlab.checks.executor import Executor
handle = Executor.handle
def answer(self, frame):
    if b"{seed}" in frame:
        self.replies = iter(REPLIES)
    if not hasattr(self, "replies"):
        return handle(self, frame)
    reply = bytes.fromhex(next(self.replies))
    if b'"close"' in frame:
        del self.replies
    return reply
Executor.handle = answer
"""


def _as_learner(*words: str) -> int:
    return learner_seed(words[1]) if words[0] == "grade" else stable_seed(*words)


_GUESSING = """
import hashlib, random
def stable_seed(*words):
    digest = hashlib.blake2b("\\0".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
seen, seed = [], random.seed
def listen(value=None, *rest):
    seen.append(value)
    return seed(value, *rest)
random.seed = listen
"""
_TRYING = """
for guess in range(6000):
    own = stable_seed("grade", "gan.prediction", str(guess))
    if stable_seed("learner's side", str(own)) in seen:
        print("THE SEED" + " IS", guess)
random.seed = seed
"""


def _trying() -> str:
    return _TRYING + read_source("gan").questions["gan.discriminator_loss"].answer


def _whole(outcome: Any, scene: Any) -> bool:
    return bool(outcome.points[TARGET] == PRIZE)


def _optimal(outcome: Any, scene: Any) -> bool:
    return bool(outcome.points["gan.optimal_discriminator"])


READING += [
    Attack(
        id="precomputed-answers",
        mechanism="a table from the check's inputs to right outputs",
        tries="points without knowing how",
        defence=SEED,
        off=Off(seed=KNOWN),
        succeeded=_optimal,
        answers={"gan.optimal_discriminator": _looked_up},
    ),
    Attack(
        id="replayed-replies",
        mechanism="the kernel's own Executor is patched and replays the frames of a right answer",
        tries="points for frames that were recorded elsewhere",
        defence=SEED,
        off=Off(seed=KNOWN),
        succeeded=_whole,
        answers={TARGET: _replayed},
    ),
    Attack(
        id="public-seed",
        mechanism="frames recorded with the learner's own check, whose seed everybody knows",
        tries="points for what check(...) showed at home",
        defence="the seed: a grade is drawn with another one than the learner's check",
        off=Off(patches={"synthlab.checks.run.stable_seed": _as_learner}),
        succeeded=prize,
        answers={TARGET: _public},
    ),
    Attack(
        id="guessed-seed",
        mechanism="the kernel's own seed is a hash of the judge's, and a loop tries seeds",
        tries="the inputs of every check, before they come",
        defence=SEED,
        off=Off(seed=GUESSED),
        succeeded=says("THE SEED IS"),
        cells=(_GUESSING,),
        answers={"gan.discriminator_loss": _trying},
    ),
]
