"""Judge an attack, with its defence and without, and say what came of it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
import nbgrader.server_extensions.formgrader as formgrader
from nbconvert.exporters import HTMLExporter
from nbgrader.utils import determine_grade, is_grade
from traitlets.config import Config

from synthlab import locate, manifest
from synthlab.authoring.exercise import grade_id
from synthlab.authoring.source import read_source
from synthlab.checks.verdict import MIMETYPE, Verdict
from synthlab.grading.gradebook.steps import NeutralNotebook
from synthlab.grading.intake.reading import Reading, read
from synthlab.grading.intake.recognition import ReleasedCell
from synthlab.grading.intake.repair import repair
from synthlab.grading.judging.job import Job, Judged
from synthlab.grading.judging.judge import judge
from synthlab.grading.sandbox import warm
from synthlab.grading.sandbox.limits import Limits, Walls
from synthlab.grading.untrusted.notebook import id_of

from .attack import HONEST, Attack, Off
from .corpus import ATTACKS
from .scene import Scene, processes

#: A seed as a course has it: nobody's to guess.
SECRET_SEED = 0x5EED_0F_A_C0A75E
#: Limits of every run, unless an attack needs lower ones.
LIMITS = Limits(cell=60.0, total=180.0)
#: Seconds beyond its own limits that a run may take: interrupts, and starting kernels again.
SLACK = 40.0


@dataclass
class Outcome:
    """What came of one run.

    Attributes:
        points: By question, as nbgrader counts them; None where a person must look.
        graded: How many cells nbgrader takes points from, and the points of all of them.
        statuses: By question, the word of its verdict.
        shown: Everything that stands in the outputs.
        printed: What was printed, as text.
        changed: Files of the scene that are not as they were.
        left: Files and processes of the run that are still there.
        heard: Whether a listener of the scene was spoken to.
        page: The page that formgrader shows of it, where the attack is in there.
        invalid: What is wrong with the judged notebook; nothing when it is valid.
        seconds: How long it took.
        succeeded: Whether the attack got what it is after.
        words: For a reader: the notes of the grader.
    """

    points: dict[str, float | None] = field(default_factory=dict)
    graded: tuple[int, float] = (0, 0.0)
    statuses: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    printed: str = ""
    changed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    heard: bool = False
    page: str = ""
    invalid: str = ""
    seconds: float = 0.0
    succeeded: bool = False
    words: list[str] = field(default_factory=list)


def attempt(name: str, defended: bool) -> dict[str, Any]:
    """Judge one attack; a plain function of plain data, for a pool."""
    os.environ.setdefault("SYNTHLAB_TEST_TOKEN", secrets.token_hex(16))
    attack = ATTACKS[name]
    off = Off() if defended else attack.off
    warm_parent(off)  # its library is no file of this run's
    scene = Scene(attack.made)
    try:
        outcome = _attempt(attack, off, scene)
        return asdict(outcome)
    finally:
        scene.close()


def walls(off: Off) -> Walls:
    """The walls that stand."""
    return replace(Walls(), **dict.fromkeys(off.walls, False))


def warm_parent(off: Off) -> warm.Warm:
    """The warm parent of a run."""
    return warm.parent("gan", walls(off))


def _attempt(attack: Attack, off: Off, scene: Scene) -> Outcome:
    path = scene.submission / "gan.ipynb"
    path.write_text(json.dumps(notebook_of(attack, scene)), encoding="utf-8")
    for name, content in attack.files.items():
        file = scene.submission / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if content.startswith("-> "):
            file.symlink_to(scene.fill(content[3:]))
        else:
            file.write_text(scene.fill(content), encoding="utf-8")
    before = scene.snapshot()
    if off.repaired:
        reading = read(path)
        assert isinstance(reading, Reading)
        cells, _ = repair(reading.notebook.cells, released())
        notebook = json.loads(json.dumps({**reading.notebook, "cells": cells}))
    else:
        notebook = json.loads(json.dumps(nbformat.read(path, as_version=4)))
    _as_stock(notebook, off)
    limits = asdict(LIMITS) | dict(attack.limits) | dict(off.limits)
    job = Job(
        notebook=notebook,
        unit="gan",
        seed=SECRET_SEED if off.seed is None else off.seed,
        submission=str(scene.submission),
        limits=limits,
        walls=dict.fromkeys(off.walls, False),
        host={
            "readable": tuple(scene.fill(p) for p in off.shown),
            "writable": tuple(scene.fill(p) for p in off.writable),
        },
        in_kernel=off.in_kernel,
    )
    started = time.monotonic()
    with patched({**attack.patches, **off.patches}):
        judged = judge(Job(**json.loads(json.dumps(asdict(job)))))
    outcome = _read(notebook, judged)
    if attack.page:
        outcome.page = _page(notebook, off)
    outcome.seconds = time.monotonic() - started
    outcome.heard = scene.heard
    after = scene.snapshot()
    outcome.changed = sorted(k for k in before | after if before.get(k) != after.get(k))
    outcome.left = _left(scene)
    outcome.succeeded = attack.succeeded(outcome, scene)
    return outcome


# The notebook.


@cache
def released() -> tuple[ReleasedCell, ...]:
    """The cells that a gradebook would keep of the exercise."""
    cells = nbformat.read(locate.exercises() / "en" / "gan.ipynb", as_version=4).cells
    return tuple(
        ReleasedCell(id_of(cell) or "", cell.cell_type, cell.source, cell.metadata.nbgrader)
        for cell in cells
        if id_of(cell) is not None
    )


def notebook_of(attack: Attack, scene: Scene) -> dict[str, Any]:
    """The exercise as a hostile student hands it in."""
    notebook: dict[str, Any] = json.loads(
        (locate.exercises() / "en" / "gan.ipynb").read_text(encoding="utf-8")
    )
    honest = {q: read_source("gan").questions[q].answer for q in HONEST}
    answers: dict[str, Any] = {**honest, **attack.answers}
    cells = []
    for cell in notebook["cells"]:
        about = cell["metadata"].get("synthlab", {})
        if about.get("role") == "answer" and about["question"] in answers:
            answer = answers[about["question"]]
            cell["source"] = scene.fill(answer() if callable(answer) else answer)
        cells.append(cell)
        if about.get("key") == "setup":
            cells += [_code(scene.fill(code), i) for i, code in enumerate(attack.cells)]
    notebook["cells"] = cells
    if attack.edit is not None:
        attack.edit(notebook)
    return notebook


def _code(source: str, index: int) -> dict[str, Any]:
    cell = nbformat.v4.new_code_cell(source, id=f"attack-{index}")
    plain: dict[str, Any] = json.loads(json.dumps(cell))
    return plain


def _as_stock(notebook: dict[str, Any], off: Off) -> None:
    sources = {grade_id("check", question): code for question, code in off.stock.items()}
    for cell in notebook["cells"]:
        cell["source"] = sources.get(id_of(cell) or "", cell["source"])


# What came of it.


def _read(notebook: dict[str, Any], judged: Judged) -> Outcome:
    outcome = Outcome()
    told = json.loads(json.dumps(asdict(judged)))
    assert told == asdict(judged)
    for found in told["cells"]:
        cell = notebook["cells"][found["index"]]
        cell["outputs"], cell["execution_count"] = found["outputs"], found["execution_count"]
    try:
        node = nbformat.from_dict(notebook)
        nbformat.validate(node)
        nbformat.writes(node).encode("utf-8")
    except (nbformat.ValidationError, UnicodeError, TypeError, ValueError) as error:
        outcome.invalid = f"{type(error).__name__}: {str(error)[:300]}"
    outputs = [o for c in node.cells if c.cell_type == "code" for o in c.outputs]
    outcome.shown = json.dumps(outputs)
    outcome.printed = "".join(o.text for o in outputs if o.output_type == "stream")
    outcome.words = [o.evalue for o in outputs if o.get("ename") == "GraderNote"]
    questions = {grade_id("check", q.id): q.id for q in manifest.load().unit("gan").questions}
    graded = []
    for cell in node.cells:
        question = questions.get(id_of(cell) or "")
        if question is None or not is_grade(cell):
            continue
        with contextlib.suppress(ValueError):  # more points than the cell has
            outcome.points[question], _ = determine_grade(cell)
            graded.append(outcome.points[question] or 0.0)
        for output in cell.get("outputs", []):
            if MIMETYPE in output.get("data", {}):
                verdict = Verdict.from_dict(output.data[MIMETYPE])
                outcome.statuses[question] = str(verdict.status)
    outcome.graded = (len(graded), sum(graded))
    return outcome


def _page(notebook: dict[str, Any], off: Off) -> str:
    """The page that formgrader makes of a judged notebook."""
    node = nbformat.from_dict(notebook)
    if off.neutral:
        node, _ = NeutralNotebook().preprocess(node, {})
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    folder = Path(formgrader.__file__).parent / "templates"
    config.HTMLExporter.extra_template_basedirs = [str(folder)]
    resources = {"base_url": "", "index": 0, "total": 1}
    html, _ = HTMLExporter(config=config).from_notebook_node(node, resources)
    return str(html)


def _left(scene: Scene) -> list[str]:
    """What a run left behind; a process that is on its way out gets two seconds."""
    parents = {p.library: p for p in warm._parents.values()}
    deadline = time.monotonic() + 2.0
    while True:
        left = [f"process {pid}" for pid in scene.strays()]
        for library, parent in parents.items():
            left += [
                f"kernel {pid}"
                for pid, line in processes()
                if os.fsencode(library) in line and pid != parent._process.pid
            ]
        if not left or time.monotonic() > deadline:
            return left + scene.litter()
        time.sleep(0.05)


@contextlib.contextmanager
def patched(values: Mapping[str, Any]) -> Iterator[None]:
    """Give names in modules other values, for one run."""
    before = []
    for dotted, value in values.items():
        module, _, name = dotted.rpartition(".")
        target = import_module(module)
        before.append((target, name, getattr(target, name)))
        setattr(target, name, value)
    try:
        yield
    finally:
        for target, name, value in reversed(before):
            setattr(target, name, value)


#: Where Python finds this package, by the name that pytest gave it.
ROOT = Path(__file__).resolve().parents[__name__.count(".")]
