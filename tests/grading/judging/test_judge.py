"""The judge: it never runs a check cell, and a loss costs the question that it happened in."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import pytest

from synthlab import locate, manifest
from synthlab.authoring.exercise import grade_id
from synthlab.authoring.source import read_source
from synthlab.checks import declaration
from synthlab.checks.registry import find
from synthlab.checks.verdict import MIMETYPE
from synthlab.errors import SynthlabError
from synthlab.grading.judging.job import Job
from synthlab.grading.judging.judge import judge
from synthlab.grading.sandbox import bubblewrap
from synthlab.grading.sandbox.limits import Limits

QUESTIONS = [q.id for q in manifest.load().unit("gan").questions if q.automatic]
LOSS = "gan.generator_loss"
#: Right answers before and behind the question that something happens in.
BEFORE, BEHIND = "gan.discriminator_loss", "gan.optimal_discriminator"


@dataclass(frozen=True)
class Found:
    """What came of a notebook.

    Attributes:
        points: By question.
        summaries: By question, the sentence above its verdict, where there is one.
        printed: What was printed.
        notes: What the grader wrote into cells.
        restarts: How often the kernel was started again.
    """

    points: Mapping[str, float]
    summaries: Mapping[str, str]
    printed: str
    notes: tuple[str, ...]
    restarts: int


def graded(
    answers: Mapping[str, str],
    *,
    first: Sequence[str] = (),
    last: Sequence[str] = (),
    limits: Limits | None = None,
    **job: Any,
) -> Found:
    """Judge the exercise with answers and with cells at its beginning and its end."""
    text = (locate.exercises() / "en" / "gan.ipynb").read_text(encoding="utf-8")
    notebook = json.loads(json.dumps(nbformat.reads(text, as_version=4)))
    for cell in notebook["cells"]:
        about = cell["metadata"].get("synthlab", {})
        if about.get("role") == "answer" and about["question"] in answers:
            cell["source"] = answers[about["question"]]
    cells = [
        [json.loads(json.dumps(nbformat.v4.new_code_cell(c))) for c in g] for g in (first, last)
    ]
    notebook["cells"] = [*cells[0], *notebook["cells"], *cells[1]]
    if limits is not None:
        job["limits"] = asdict(limits)
    judged = judge(Job(notebook, "gan", seed=7, **job))
    by_id = {grade_id("check", q): q for q in QUESTIONS}
    points, summaries, printed, notes = {}, {}, "", []
    for found in judged.cells:
        about = notebook["cells"][found["index"]]["metadata"].get("nbgrader", {})
        question = by_id.get(about.get("grade_id", ""))
        for output in found["outputs"]:
            if question is not None and MIMETYPE in output.get("data", {}):
                points[question] = float(output["data"]["text/plain"])
                summary = output["data"][MIMETYPE]["summary"]
                summaries[question] = "" if summary is None else summary["msgid"]
            printed += output.get("text", "")
            if output.get("ename") == "GraderNote":
                notes.append(output["evalue"])
    return Found(points, summaries, printed, tuple(notes), judged.restarts)


def right(*questions: str) -> dict[str, str]:
    """Right answers to some questions."""
    return {q: read_source("gan").questions[q].answer for q in questions}


FULL = {BEFORE: 2.0, BEHIND: 2.0}

#: Keeps the text of every cell that the kernel is asked to run, and every call of check.
_RECORD = """
shell, SOURCES, CALLS = get_ipython(), [], []
execute = shell.kernel.do_execute
async def recorded(code, *args, **kwargs):
    SOURCES.append(code)
    return await execute(code, *args, **kwargs)
shell.kernel.do_execute = recorded
import synthlab, synthlab.checks.notebook
stand_in = synthlab.checks.notebook.check
def counted(question):
    CALLS.append(question)
    return stand_in(question)
synthlab.checks.notebook.check = counted
try:
    synthlab.check = counted
except Exception:
    pass
"""
_REPORT = "import json\nprint(json.dumps([SOURCES, CALLS]))"


@pytest.mark.parametrize("in_kernel", [False, True])
def test_no_check_cell_ever_ran_in_the_kernel(in_kernel: bool) -> None:
    found = graded(
        right(BEFORE, LOSS, BEHIND), first=[_RECORD], last=[_REPORT], in_kernel=in_kernel
    )
    sources, calls = json.loads(found.printed.splitlines()[-1])
    assert any("def generator_loss" in source for source in sources), "the answers did run"
    checked = [source for source in sources if re.match(r'check\("gan\.', source)]
    if in_kernel:  # as nbgrader does: the record would show it
        assert len(checked) == len(calls) == len(QUESTIONS)
    else:
        assert checked == calls == []
        assert found.points[LOSS] == 3.0


_LEAVES = "import os\nos._exit(0)"
_CASES = {
    "a process that ends itself": (_LEAVES, Limits(), "The kernel ended while this ran"),
    "a crash": ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", Limits(), "ended"),
    "a loop": ("while True: pass", Limits(cell=2.0), "did not finish within 2 seconds"),
    "too much memory": (
        "x = b'x' * (900 << 20)",
        Limits(memory=700 << 20),
        "needed more memory than a submission may use",
    ),
    "too many processes": (
        "import subprocess\np = [subprocess.Popen(['sleep', '9']) for _ in range(99)]",
        Limits(processes=60),
        "more processes or threads than a submission may have",
    ),
    "a flood": (
        "while True: print('x' * 1000)",
        Limits(output=100_000),
        "printed more than a cell may print",
    ),
}


@pytest.mark.parametrize("case", _CASES)
def test_a_lost_kernel_costs_its_question_and_says_so(case: str) -> None:
    code, limits, words = _CASES[case]
    found = graded({**right(BEFORE, BEHIND), LOSS: code}, limits=limits)
    assert found.points == {q: FULL.get(q, 0.0) for q in QUESTIONS}
    assert len(found.notes) == 1
    assert words in found.notes[0]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (_LEAVES.replace("\n", "; "), "The kernel ended"),
        ("import time; time.sleep(99)", "did not finish within"),
    ],
)
def test_a_check_during_which_the_kernel_is_lost_costs_that_check(
    code: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty = replace(find(LOSS), seconds=4.0)
    monkeypatch.setitem(declaration.registered, LOSS, hasty)
    answer = f"def generator_loss(*args, **kwargs):\n    {code}\n"
    found = graded({**right(BEFORE, BEHIND), LOSS: answer})
    assert found.points == {q: FULL.get(q, 0.0) for q in QUESTIONS}
    assert words in found.summaries[LOSS]


#: Messages of a kernel, with every field of another type than it should have.
_MESSAGES = """
kernel = get_ipython().kernel
for content in CONTENTS:
    for kind in ("error", "stream", "display_data", "execute_result", "update_display_data",
                 "clear_output", "status", "execute_input", "comm_open", "nonsense"):
        kernel.session.send(kernel.iopub_socket, kind, content, kernel.get_parent("shell"))
"""


@pytest.mark.parametrize(
    "content",
    [
        *(b"[]", b'"x"', b"7", b"null", b"{", b"\xff\xfe", b"[" * 3000),
        *(b'{"data": 7, "metadata": []}', b'{"name": [], "text": {}}'),
        *(b'{"ename": {}, "evalue": 7, "traceback": "x"}', b'{"transient": [1]}'),
        b'{"transient": {"display_id": []}, "data": {}, "metadata": {}}',
    ],
)
def test_whatever_a_message_holds_the_rest_is_graded(content: bytes) -> None:
    found = graded(
        {**right(BEFORE, BEHIND), LOSS: f"CONTENTS = [{content!r}]{_MESSAGES}"},
        limits=Limits(cell=20.0),
    )
    assert found.points == {q: FULL.get(q, 0.0) for q in QUESTIONS}


def test_a_reply_to_a_check_that_is_no_message_costs_that_check() -> None:
    answer = """
kernel = get_ipython().kernel
send = kernel.session.send
def torn(stream, message, *args, **kwargs):
    if message == "synthlab_reply" and generator_loss is not None:
        return stream.send_multipart([*kwargs["ident"], b"<IDS|MSG>", b"no", b"{", b"[", b"", b""])
    return send(stream, message, *args, **kwargs)
kernel.session.send = torn
generator_loss = lambda *args, **kwargs: 0.0
"""
    found = graded({**right(BEFORE, BEHIND), LOSS: answer})
    assert found.points[BEFORE] == 2.0
    assert found.points[LOSS] == 0.0


def test_shapes_that_do_not_fit_are_not_computed_with() -> None:
    """Parameters of shapes (n, 1) and (1, n) would make a difference of n times n."""
    answer = """
import numpy as np
requests, turn = get_ipython().kernel._executor._requests, [0]
call = requests["call"]
def lying(request):
    value = call(request)
    if isinstance(value, dict) and "2.bias" in value.get("parameters", ()):
        turn[0] += 1
        shape = (40_000, 1) if turn[0] % 2 else (1, 40_000)
        value["parameters"] = {name: np.zeros(shape) for name in value["parameters"]}
    return value
requests["call"] = lying
"""
    answers = right(BEFORE, BEHIND, "gan.training_step")
    answers["gan.training_step"] += answer
    found = graded(answers)
    assert found.points["gan.training_step"] == 0.0
    assert "memory" not in found.summaries["gan.training_step"], "no array of n times n"
    assert found.points[BEHIND] == 2.0


# The submission's own files.


def test_files_of_a_submission_are_there_and_none_runs_by_itself(tmp_path: Path) -> None:
    startup = tmp_path / ".ipython" / "profile_default" / "startup" / "00.py"
    startup.parent.mkdir(parents=True)
    marks = "open('/tmp/ran', 'a').write(__file__)\n"
    startup.write_text(marks, encoding="utf-8")
    for name in ("ipython_config.py", "debugpy.py", "sitecustomize.py", "comm.py", "decorator.py"):
        (tmp_path / name).write_text(marks, encoding="utf-8")
    (tmp_path / "points.txt").write_text("three", encoding="utf-8")
    look = "import os\nprint(open('points.txt').read(), os.path.exists('/tmp/ran'))"
    found = graded(right(BEFORE), first=[look], submission=str(tmp_path))
    assert found.printed == "three False\n"
    assert found.points[BEFORE] == 2.0


def test_a_file_that_cannot_be_copied_costs_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "points.txt").write_text("three", encoding="utf-8")
    (tmp_path / "locked.txt").write_text("x", encoding="utf-8")
    (tmp_path / "locked.txt").chmod(0)
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "large.bin").write_bytes(bytes(3 << 20))
    found = graded(
        right(BEFORE),
        first=["print(open('points.txt').read())"],
        submission=str(tmp_path),
        limits=Limits(disk=2 << 20),
    )
    assert found.points[BEFORE] == 2.0


# Without a sandbox.


@pytest.fixture
def no_memory() -> Any:
    """What is known about this machine is forgotten, before and after."""
    bubblewrap.refusal.cache_clear()
    yield
    bubblewrap.refusal.cache_clear()


def test_without_bubblewrap_grading_refuses_in_one_sentence(
    no_memory: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SynthlabError) as refused:
        graded({})
    said = str(refused.value)
    assert said.startswith("The sandbox needs bubblewrap, which is not installed")
    assert "--unsandboxed" in said
    assert "\n" not in said


def test_without_user_namespaces_grading_refuses_with_what_bubblewrap_said(
    no_memory: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "bwrap"
    program.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(SynthlabError, match="No permissions to create new namespace"):
        graded({})
