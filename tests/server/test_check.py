"""The check of a whole notebook: streamed, cancelled, found again, and in nobody's way."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.server.conftest import EXERCISE, LESSON, RIGHT, Server, running, write_exercise


@pytest.fixture(params=["sandbox", pytest.param("ordinary kernel", marks=pytest.mark.full)])
def server(request) -> Server:
    """The cells run in a sandbox, and where there is none, in an ordinary kernel."""
    name = "sandboxed_server" if request.param == "sandbox" else "plain_server"
    found: Server = request.getfixturevalue(name)
    found.sandboxed = request.param == "sandbox"
    return found


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
    assert (job["state"], job["sandboxed"]) == ("done", server.sandboxed)
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
    mark = f"endless-{secrets.token_hex(3)}"
    endless = {
        "gan.prediction": (
            # a busy kernel says nothing, and a sandboxed one writes no file: it takes a name
            f"import ctypes\nctypes.CDLL(None).prctl(15, b'{mark}')\nwhile True: pass"
        )
    }
    path = write_exercise(server.root, "endless.ipynb", endless, ["gan.prediction"])
    server.post("check", path=path)
    deadline = time.monotonic() + 60
    while not _alive(mark):
        assert time.monotonic() < deadline
        assert server.get("course", path=path)["workspace"] == "my-course"
    assert server.post("check", path=path)["state"] == "running"  # joins the one that runs
    cancelled = server.ask("DELETE", "check", params={"path": path}).json()
    assert cancelled["state"] == "cancelled"
    _, job = follow(server, path)
    assert job["state"] == "cancelled"
    while _alive(mark):
        assert time.monotonic() < deadline


def _alive(name: str) -> bool:
    """Whether a process of this name runs; one that has ended and was not yet buried does not."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (folder / "comm").read_text().strip() == name:
                return (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def test_a_kernel_that_dies_is_told(server):
    answers = {**RIGHT, "gan.prediction": "import os\nos._exit(3)"}
    path = write_exercise(server.root, "dies.ipynb", answers, list(RIGHT))
    server.post("check", path=path)
    events, job = follow(server, path)
    if not server.sandboxed:
        assert job["state"] == "failed"
        assert "died" in job["message"]
        return
    # The judge starts another kernel: the loss costs the question that it happened in.
    assert job["state"] == "done"
    assert "kernel ended" in events[0]["outputs"][0]["evalue"]
    results = {e["question"]: e["status"] for e in events if e["kind"] == "result"}
    assert results == {"gan.prediction": "not-attempted", "gan.discriminator_loss": "correct"}


def test_what_a_cell_can_reach(server):
    """A sandbox shows the files beside the notebook, no others, and no answer."""
    (server.workspace / "exercises" / "beside.txt").write_text("beside")
    secret = server.workspace / "secret.txt"
    secret.write_text("secret")
    look = (
        "import pathlib\n"
        "found = [pathlib.Path('beside.txt').read_text()]\n"
        f"found += ['other'] * pathlib.Path({str(secret)!r}).exists()\n"
        "try:\n    import synthlab.models.gan\n"
        "except ImportError:\n    found += ['withheld']\n"
        "raise RuntimeError(' '.join(found))"
    )
    path = write_exercise(server.root, "reach.ipynb", {"gan.prediction": look}, ["gan.prediction"])
    server.post("check", path=path)
    events, _ = follow(server, path)
    [error] = [e for e in events if e["kind"] == "error"]
    reached = "beside withheld" if server.sandboxed else "beside other"
    assert error["outputs"][0]["evalue"] == reached


def test_an_exercise_in_view_has_its_judge_before_it_is_checked(tmp_path_factory):
    home, root = tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("root")
    with running(home, root) as server:
        assert server.get("check", path=LESSON)["state"] == "none"
        assert _judges(server) == set()
        assert server.get("check", path=EXERCISE)["state"] == "none"
        judges = _judges(server)
        assert len(judges) == 1
        path = write_exercise(server.root, "viewed.ipynb", RIGHT, ["gan.prediction"])
        server.post("check", path=path)
        assert follow(server, path)[1]["state"] == "done"
        assert _judges(server) == judges


def test_the_next_check_finds_the_judge_ready_and_another_kernel(server):
    first = write_exercise(
        server.root, "first.ipynb", {"gan.prediction": "left_over = predicted_modes = 5"},
        ["gan.prediction"],
    )  # fmt: skip
    second = write_exercise(
        server.root, "second.ipynb", {"gan.prediction": "predicted_modes = left_over"},
        ["gan.prediction"],
    )  # fmt: skip
    seen = []
    for path in (first, second):
        server.post("check", path=path)
        events, _ = follow(server, path)
        seen.append([e["status"] for e in events if e["kind"] == "result"])
        judges = _judges(server)
        assert len(judges) == server.sandboxed
    assert seen == [["correct"], ["not-attempted"]]
    assert _judges(server) == judges


def _judges(server) -> set[int]:
    """The processes that judge for a server."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return {int(c) for c in children if b"judging" in Path(f"/proc/{c}/cmdline").read_bytes()}


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
    # The judge does not ask what stands in the check cell.
    status = "not-attempted" if server.sandboxed else "error"
    assert [(e["question"], e["status"]) for e in events] == [("gan.prediction", status)]


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
    await run_cells(notebook, Path.cwd(), "en", {0: "gan.ring"}, report)
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
