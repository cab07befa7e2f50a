"""Setting up: what ``make lab`` installs beyond torch and JupyterLab, in seconds and megabytes.

Three fresh virtual environments get, from the same index and cache: torch and JupyterLab alone,
then synthlab on top (editable, as ``make lab`` does it, which builds the front end, and from a
wheel). pip must reach an index; where torch comes from is pip's own setting
(``PIP_INDEX_URL``, ``PIP_EXTRA_INDEX_URL``, …).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks._report import Row, row
from synthlab import locate
from synthlab.errors import SynthlabError

#: What any such course needs; its cost is not ours.
PEERS = ("torch", "jupyterlab")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--repeats``."""
    parser.add_argument("--repeats", type=int, default=1, help="fresh environments for each way")


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield seconds and megabytes of each part."""
    root = locate.repository()
    if root is None:
        raise SynthlabError("This benchmark installs synthlab from a clone of the repository.")
    seconds: dict[str, list[float]] = {}
    megabytes: dict[str, list[float]] = {}
    for _ in range(options.repeats):
        with tempfile.TemporaryDirectory(prefix="synthlab-setup-") as folder:
            for name, took, size in once(root, Path(folder)):
                seconds.setdefault(name, []).append(took)
                megabytes.setdefault(name, []).append(size)
    for name in seconds:
        yield row(name, seconds[name], "s")
        yield row(name, megabytes[name], "MB")


def once(root: Path, folder: Path) -> Iterator[tuple[str, float, float]]:
    """Install everything once; yield the name of each part, its seconds, its megabytes."""
    editable, wheel = folder / "editable", folder / "wheel"
    for environment in (editable, wheel):
        took = timed([sys.executable, "-m", "venv", str(environment)], root)
        empty = size(environment)
        took += pip(environment, root, *PEERS)
        base = size(environment)
        if environment is editable:
            yield "torch and jupyterlab", took, base - empty

    took = pip(editable, root, "--editable", str(root))
    yield "synthlab beyond them, editable", took, size(editable) - base

    wheels = folder / "wheels"
    command = [python(wheel), "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    took = timed([*command, str(wheels), str(root)], root)
    built = list(wheels.glob("synthlab-*.whl"))
    yield "synthlab's wheel, built", took, megabytes_of(built[0])
    took = pip(wheel, root, str(built[0]))
    yield "synthlab beyond them, from the wheel", took, size(wheel) - base


def pip(environment: Path, root: Path, *packages: str) -> float:
    """Install packages at the pinned versions; return the seconds."""
    command = [python(environment), "-m", "pip", "install", "--quiet", "--constraint"]
    return timed([*command, str(root / "constraints.txt"), *packages], root)


def python(environment: Path) -> str:
    """The interpreter of a virtual environment."""
    return str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")


def timed(command: Sequence[str], folder: Path) -> float:
    """Run a command; return the seconds that it took."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise SynthlabError(f"{' '.join(command[1:4])} failed: {last}")
    return time.perf_counter() - start


def size(environment: Path) -> float:
    """Megabytes of the files in a folder and below; links are not followed."""
    return sum(
        megabytes_of(Path(folder) / name)
        for folder, _, names in os.walk(environment)
        for name in names
    )


def megabytes_of(path: Path) -> float:
    """Megabytes (10**6 bytes) of one file."""
    return path.lstat().st_size / 1e6
