"""Several processes and threads write at once; a process that is killed loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from synthlab.errors import SynthlabError
from synthlab.progress import FOLDER, Progress, store

WRITER = """
import sys
from pathlib import Path
from synthlab.progress import Progress
kept = Progress(Path(sys.argv[1]))
sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
for i in range(int(sys.argv[3])):
    kept.checked("gan.shared", "partial", 0.5)
    kept.answered(f"{sys.argv[2]}.{i}", i)
"""


def writer(folder, name, count):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name, str(count)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def kept(tmp_path):
    (tmp_path / FOLDER).mkdir()
    return Progress(tmp_path)


def start(processes):
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()


def test_four_processes_lose_none_of_each_others_writes(kept):
    processes = [writer(kept.workspace, f"p{n}", 25) for n in range(4)]
    start(processes)
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    record = kept.read()
    assert record.tried("gan.shared").checks == 100
    assert set(record.answers) == {f"p{n}.{i}" for n in range(4) for i in range(25)}


def test_threads_of_one_process_do_not_either(kept):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: kept.answered(f"a.{i}", i), range(40)))
    assert len(kept.read().answers) == 40


def test_a_killed_writer_leaves_a_whole_file_and_no_lock(kept):
    process = writer(kept.workspace, "p", 100_000)
    start([process])
    while not kept.file.exists() or len(kept.read().answers) < 5:
        assert process.poll() is None
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    before = len(json.loads(kept.file.read_text())["answers"])
    assert before >= 5
    assert len(kept.answered("after", 1).answers) == before + 1


def test_a_lock_that_never_opens_is_told_in_one_sentence(kept, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr(store, "_WAIT", 0.05)
    with FileLock(kept.file.with_suffix(".lock")), pytest.raises(SynthlabError, match="in use"):
        kept.visited("lessons/02-gan.ipynb")


def test_an_interrupted_write_leaves_the_old_file(kept, monkeypatch):
    kept.answered("a", 1)
    before = kept.file.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("synthlab.files.os.fsync", full)
    with pytest.raises(SynthlabError, match="No space left"):
        kept.answered("b", 2)
    assert kept.file.read_bytes() == before
    assert [p.name for p in kept.file.parent.glob(".progress*")] == []
