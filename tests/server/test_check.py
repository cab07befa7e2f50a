"""The check of a whole notebook: streamed, cancelled, found again, and in nobody's way."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from tests.server.conftest import EXERCISE, RIGHT, write_exercise


def follow(server, path, until=lambda job: job["state"] != "running"):
    """All events of a check, as a page takes them, and the last answer."""
    events, after = [], -1
    while True:
        job = server.get("check", path=path, after=after)
        events += job.get("events", [])
        after = job.get("version", -1)
        if until(job):
            return events, job


def test_results_arrive_one_by_one_with_what_stands_beside_the_cells(server):
    answers = {
        **RIGHT,
        "gan.generator_loss": "def generator_loss(f, saturating=False):\n    return 'no'",
    }
    path = write_exercise(server.root, "stream.ipynb", answers, [*RIGHT, "gan.generator_loss"])
    started = server.post("check", path=path)
    assert started["state"] == "running"
    assert started["questions"] == [*RIGHT, "gan.generator_loss"]
    events, job = follow(server, path)
    assert job["state"] == "done"
    results = [event for event in events if event["kind"] == "result"]
    assert [(r["question"], r["status"]) for r in results] == [
        ("gan.prediction", "correct"),
        ("gan.discriminator_loss", "correct"),
        ("gan.generator_loss", "incorrect"),
    ]
    assert [r["points"] for r in results] == [1.0, 2.0, 0.0]
    # each came in an answer of its own
    assert len({r["version"] for r in results}) == 3
    html = results[2]["outputs"][-1]["data"]["text/html"]
    assert "synthlab-verdict" in html
    record = server.kept.read()
    assert record.tried("gan.discriminator_loss").solved
    # the server kept it once; the kernel that ran the cells kept nothing
    assert record.tried("gan.generator_loss").checks == 1


def test_a_page_that_was_reloaded_finds_its_results(server):
    path = write_exercise(server.root, "reload.ipynb", RIGHT, ["gan.prediction"])
    server.post("check", path=path)
    first, _ = follow(server, path)
    again, job = follow(server, path)
    assert again == first
    assert job["state"] == "done"


def test_an_error_of_a_cell_is_told_beside_that_cell_and_the_rest_goes_on(server):
    answers = {"gan.prediction": "1 / 0", **{k: v for k, v in RIGHT.items() if "loss" in k}}
    path = write_exercise(server.root, "error.ipynb", answers, list(RIGHT))
    server.post("check", path=path)
    events, job = follow(server, path)
    assert job["state"] == "done"
    assert [(e["kind"], e["question"]) for e in events] == [
        ("error", "gan.prediction"),
        ("result", "gan.prediction"),
        ("result", "gan.discriminator_loss"),
    ]
    assert events[0]["outputs"][0]["ename"] == "ZeroDivisionError"
    assert events[1]["status"] == "not-attempted"
    assert events[2]["status"] == "correct"


def test_a_check_that_runs_answers_others_and_is_cancelled_with_its_kernel(server):
    endless = {
        "gan.prediction": (
            "import os, pathlib\npathlib.Path('pid').write_text(str(os.getpid()))\nwhile True: pass"
        )
    }
    path = write_exercise(server.root, "endless.ipynb", endless, ["gan.prediction"])
    server.post("check", path=path)
    pid = server.workspace / "exercises" / "pid"
    deadline = time.monotonic() + 60
    while not (pid.exists() and pid.read_text()):  # a busy kernel says nothing: look at its file
        assert time.monotonic() < deadline
        assert server.get("course", path=path)["workspace"] == "my-course"
    assert server.post("check", path=path)["state"] == "running"  # joins the one that runs
    cancelled = server.ask("DELETE", "check", params={"path": path}).json()
    assert cancelled["state"] == "cancelled"
    _, job = follow(server, path)
    assert job["state"] == "cancelled"
    while _alive(int(pid.read_text())):
        assert time.monotonic() < deadline


def _alive(pid: int) -> bool:
    from pathlib import Path

    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_kernel_that_dies_ends_the_check_with_a_sentence(server):
    answers = {"gan.prediction": "import os\nos._exit(3)"}
    path = write_exercise(server.root, "dies.ipynb", answers, ["gan.prediction"])
    server.post("check", path=path)
    _, job = follow(server, path)
    assert job["state"] == "failed"
    assert "died" in job["message"]


@pytest.mark.parametrize("text", ["{}", "[]", "not json", '{"nbformat": 4, "cells": 3}'])
def test_a_damaged_notebook_is_told_in_one_sentence(server, text):
    (server.workspace / "exercises" / "damaged.ipynb").write_text(text)
    found = server.ask("POST", "check", json={"path": "my-course/exercises/damaged.ipynb"})
    assert found.status_code == 400
    assert found.json()["message"]


def test_a_forged_verdict_counts_for_no_other_question(server):
    forged = (
        "from IPython.display import display\n"
        "def check(name):\n"
        "    display({'application/vnd.synthlab.verdict+json': {'check': 'gan.ring', 'score': 1}},"
        " raw=True)"
    )
    path = write_exercise(
        server.root, "forged.ipynb", {"gan.prediction": forged}, ["gan.prediction"]
    )
    server.post("check", path=path)
    events, _ = follow(server, path)
    assert [(e["question"], e["status"]) for e in events] == [("gan.prediction", "error")]


RUN_CELLS_AS_A_SERVER = """
import asyncio, signal
from pathlib import Path
from nbformat.v4 import new_code_cell, new_notebook
from synthlab.server.kernel import run_cells

async def report(*_):
    pass

async def serve():
    held = {s: signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)}
    notebook = new_notebook(cells=[new_code_cell("1 + 1")])
    await run_cells(notebook, Path.cwd(), "en", 0, report)
    print(notebook.cells[0].outputs[0]["data"]["text/plain"])
    print({s: signal.getsignal(s) for s in held} == held)

asyncio.run(serve())
"""


def test_a_server_that_has_checked_still_ends_when_it_is_told_to(tmp_path):
    """nbclient would take SIGTERM and SIGINT away from the process that runs a notebook.

    Signals belong to a main thread, which here is the tests': hence a process of its own.
    """
    run = subprocess.run(
        [sys.executable, "-c", RUN_CELLS_AS_A_SERVER],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["2", "True"]


def test_nothing_is_known_of_a_notebook_that_was_never_checked(server):
    assert server.get("check", path="my-course/exercises/never.ipynb")["state"] == "none"


def test_the_whole_exercise_as_released_is_not_attempted(server):
    server.post("check", path=EXERCISE)
    events, job = follow(server, EXERCISE)
    assert job["state"] == "done"
    results = [e for e in events if e["kind"] == "result"]
    assert len(results) == 7
    assert {r["status"] for r in results} == {"not-attempted"}
