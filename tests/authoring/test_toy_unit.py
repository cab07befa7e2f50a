"""A unit with a live widget, from `synthlab new unit` and three lines: its parts are found by name.

It is made in a copy of the repository, and everything runs there.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [sys.executable, "-m"]

#: The three lines: one of prose, one of Python, one of TypeScript.
LINES = {
    "course/*-toy-warp/lesson.md": (
        "Ask a question worth an answer, in two sentences. Show a picture.",
        "How soon does a Gaussian find its data? Watch its mean.",
    ),
    "widgets/synthlab_widgets/toy_warp/subject.py": ("mean=1, std=0.5", "mean=2, std=0.25"),
    "widgets/js/src/toy_warp/index.ts": ("fixed(mean, 2)", "fixed(mean, 3)"),
}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files that git tracks, committed, with the front end's tools beside them."""
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    for name in filter(None, tracked.stdout.decode().split("\0")):
        if (ROOT / name).is_file() and not name.endswith(".png"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "widgets" / "node_modules").symlink_to(ROOT / "widgets" / "node_modules")
    (tmp_path / ".git" / "info").mkdir(parents=True)
    (tmp_path / ".git" / "info" / "exclude").write_text("node_modules\n")
    author = ["-c", "user.name=t", "-c", "user.email=t@localhost"]
    for command in (["init", "-q"], ["add", "-A"], [*author, "commit", "-qm", "before"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


@pytest.fixture
def run(copy: Path) -> Run:
    """Run a command in the copy, with the copy's packages; it must succeed."""
    paths = os.pathsep.join([str(copy), str(copy / "widgets")])
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PYTHONPATH": paths, "PATH": path}

    def command(*words: str, at: str = ".") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(words, cwd=copy / at, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    return command


def shared_files() -> set[str]:
    """The shared files that a unit touches, as CONTRIBUTING lists them."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.split("## Add a unit", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE))


def test_a_unit_with_a_widget_touches_only_the_shared_files_that_are_listed(
    copy: Path, run: Run
) -> None:
    synthlab = [*PYTHON, "synthlab.cli"]
    run(*synthlab, "new", "unit", "toy-warp", "--widget", "ToyWarp", "--title", "A toy")
    for place, (old, new) in LINES.items():
        [path] = copy.glob(place)
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    run(*synthlab, "build")
    run("node", "build.mjs", at="widgets")
    run("node_modules/.bin/biome", "ci", "js/src/toy_warp", at="widgets")
    run("node_modules/.bin/tsc", "--noEmit", "-p", "js", at="widgets")
    run(*PYTHON, "ruff", "check", ".")
    run(*PYTHON, "ruff", "format", "--check", ".")
    run(*synthlab, "verify", "toy-warp")
    run(*PYTHON, "pytest", "-q", "tests/units/toy_warp")

    assert '"toy-warp"' in (copy / "widgets/synthlab_widgets/static/toy_warp.js").read_text("utf-8")
    status = run("git", "status", "--porcelain", "-uall").stdout.splitlines()
    touched = {line[3:] for line in status if line[:2] != "??"}
    added = {line[3:] for line in status if line[:2] == "??"}
    assert touched == shared_files()
    assert len(touched) <= 6
    assert [name for name in added if not re.search("toy[-_]warp", name)] == []
