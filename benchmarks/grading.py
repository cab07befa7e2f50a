"""Grading a class: ``synthlab grade`` in its sandbox beside stock ``nbgrader autograde``.

Both grade the same submissions in turns. What a submission costs beyond the student's own
computation is what the exercise costs as it is released, without answers. The processor time is
the whole machine's, so nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from benchmarks._report import Row, row
from synthlab.authoring.notebooks import dumps
from synthlab.authoring.source import read_source
from synthlab.errors import SynthlabError
from synthlab.files import write_atomically
from synthlab.grading.demo import STUDENTS, UNIT, fill
from synthlab.grading.gradebook.classroom import make_classroom
from synthlab.grading.gradebook.configuration import CONFIG
from synthlab.grading.gradebook.course import Course
from synthlab.grading.gradebook.steps import JudgeNotebook

_TICKS = os.sysconf("SC_CLK_TCK")
_IMPORT = "import torch"
#: Stands for a check, so that both have a score to write: the torch that it needs is there.
_SCORE = "float(torch.ones(1))"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the sizes of the classes."""
    parser.add_argument("--rounds", type=int, default=3, help="times that both grade the class")
    parser.add_argument("--small", type=int, default=60, help="submissions of the small class")
    parser.add_argument("--large", type=int, default=600, help="submissions of the large class")
    parser.add_argument("--stock", type=int, default=20, help="submissions that stock grades")


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds, processor seconds of all cores, the largest memory in MB."""

    seconds: float
    cpu: float
    memory: float


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield throughput, overhead, load, memory and growth."""
    with tempfile.TemporaryDirectory(prefix="synthlab-grading-") as folder:
        yield from _throughput(Path(folder), options)
        yield from _overhead(Path(folder), options)
        yield from _load(Path(folder), options.small)


def _throughput(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    """A notebook that only imports torch: seconds a submission, and the ratio."""
    room = _import_room(folder / "import")
    release = room / "release" / UNIT / f"{UNIT}.ipynb"
    stock = Path(shutil.copytree(room, folder / "stock"))
    config = (stock / CONFIG).read_text(encoding="utf-8")
    ours = f"{JudgeNotebook.__module__}.{JudgeNotebook.__name__}"
    config = config.replace(ours, "nbgrader.preprocessors.Execute")
    (stock / CONFIG).write_text(config, encoding="utf-8")
    _hand_in(room, [release.read_text(encoding="utf-8")] * options.small)
    _hand_in(stock, [release.read_text(encoding="utf-8")] * options.stock)
    seconds: dict[str, list[float]] = {"stock": [], "ours": []}
    for _ in range(options.rounds):
        cost = _run([sys.executable, "-m", "nbgrader", "autograde", UNIT, "--force"], stock)
        seconds["stock"].append(cost.seconds / options.stock)
        seconds["ours"].append(_grade(room, "--force").seconds / options.small)
    ratios = [s / o for s, o in zip(seconds["stock"], seconds["ours"], strict=True)]
    yield row("only torch, a submission: nbgrader autograde", seconds["stock"], "s")
    yield row("only torch, a submission: synthlab grade", seconds["ours"], "s")
    yield row("only torch: throughput, ours / stock", ratios, "", at_least=5)


def _overhead(folder: Path, options: argparse.Namespace) -> Iterator[Row]:
    """The exercise as it is released: processor time a submission, growth, and again."""
    room = make_classroom(folder / "released", "en", [UNIT]).root
    release = (room / "release" / UNIT / f"{UNIT}.ipynb").read_text(encoding="utf-8")
    _hand_in(room, [release] * options.small)
    small = _grade(room)
    _hand_in(room, [release] * options.large)
    large = _grade(room, "--force")
    more = options.large - options.small
    cpu = (large.cpu - small.cpu) / more
    yield row("GAN exercise without answers: processor time", [cpu], "s", at_most=0.6)
    yield row(
        f"time for {options.large} / for {options.small}, by their number",
        [large.seconds / small.seconds / (options.large / options.small)],
        "",
        at_most=1.1,
    )
    yield row("submissions an hour", [3600 * options.large / large.seconds])
    again = [_grade(room).seconds for _ in range(3)]
    yield row(f"{options.large} unchanged, graded again", again, "s", at_most=5)


def _load(folder: Path, small: int) -> Iterator[Row]:
    """The exercise with right answers: how busy the cores are, and the memory."""
    room = make_classroom(folder / "answers", "en", [UNIT]).root
    source = read_source(UNIT)
    amal = next(student for student in STUDENTS if student.id == "amal")
    release = room / "release" / UNIT / f"{UNIT}.ipynb"
    _hand_in(room, [dumps(fill(_read(release), amal, source))] * small)
    cores = os.cpu_count() or 1
    cost = _grade(room)
    yield row("GAN exercise with answers, a submission", [cost.seconds / small], "s")
    busy = 100 * cost.cpu / cost.seconds / cores
    yield row("GAN exercise with answers: the cores are busy", [busy], "%", at_least=90)
    yield row("memory for each of the workers, its kernel included", [cost.memory / cores], "MB")


def _import_room(folder: Path) -> Path:
    """A classroom whose exercise imports torch and has one graded cell."""
    room = make_classroom(folder, "en", [UNIT]).root
    source = room / "source" / UNIT / f"{UNIT}.ipynb"
    notebook = _read(source)
    make: Any = nbformat.v4  # untyped
    graded = make.new_code_cell(_SCORE, id="score")
    graded.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": "score",
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": 1,
        "cell_type": "code",
    }
    notebook.cells = [make.new_code_cell(_IMPORT, id="import"), graded]
    write_atomically(source, dumps(notebook))
    (room / "gradebook.db").unlink()
    shutil.rmtree(room / "release")  # nbgrader skips what is there
    Course.open(room).generate(UNIT)
    return room


def _read(path: Path) -> Any:
    read: Any = nbformat.read  # untyped
    return read(path, as_version=4)


def _hand_in(room: Path, notebooks: Sequence[str]) -> None:
    for number, text in enumerate(notebooks):
        path = room / "submitted" / f"student-{number:03}" / UNIT / f"{UNIT}.ipynb"
        if not path.exists():
            write_atomically(path, text)


def _grade(room: Path, *options: str) -> Cost:
    script = Path(sysconfig.get_path("scripts")) / "synthlab"
    return _run([str(script), "grade", str(room), UNIT, *options], room)


def _run(command: Sequence[str], folder: Path) -> Cost:
    scripts = sysconfig.get_path("scripts")
    environment = os.environ | {"PATH": os.pathsep.join([scripts, os.environ["PATH"]])}
    busy, start = _busy(), time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    peak = _Peak(process.pid)
    said, _ = process.communicate()
    seconds, cpu = time.perf_counter() - start, _busy() - busy
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise SynthlabError(f"{' '.join(command[:4])} failed: {last}")
    return Cost(seconds, cpu, peak.stop())


def _busy() -> float:
    """Seconds that all cores together were busy since the machine started."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _wait, irq, soft = (int(f) for f in fields[:7])
    return (user + nice + system + irq + soft) / _TICKS


class _Peak:
    """The largest proportional memory of a process and its descendants, without its own."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most, self._over = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._over.wait(0.5):
            self._most = max(self._most, sum(_memory(pid) for pid in _below(self._pid)))


def _below(pid: int) -> Iterator[int]:
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                for child in (task / "children").read_text(encoding="ascii").split():
                    yield int(child)
                    yield from _below(int(child))


def _memory(pid: int) -> float:
    with contextlib.suppress(OSError, ValueError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
