"""A course of one tiny unit, whose checks need no torch: grading itself is what is tested here."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from synthlab import locate, manifest
from synthlab.authoring.exercise import grade_id
from synthlab.authoring.notebooks import dumps, new_cell, new_notebook
from synthlab.checks import core
from synthlab.checks.properties import same
from synthlab.grading.autograde import grade_class
from synthlab.grading.gradebook.classroom import make_classroom
from synthlab.grading.gradebook.configuration import CONFIG
from synthlab.grading.judging import pool
from synthlab.grading.results.records import ClassResult, SubmissionResult

MANIFEST = """
title = "A tiny course"
languages = ["en", "ar"]

[[unit]]
id = "tiny"
folder = "00-tiny"
title = "A tiny unit"
minutes = 1
question = [
  { id = "tiny.double", kind = "formula", points = 2, title = "Double it" },
  { id = "tiny.half", kind = "formula", points = 3, title = "Halve it" },
  { id = "tiny.why", kind = "written", points = 4, title = "Say why" },
]
"""

# Stands in for `from synthlab import check` where nbgrader itself runs the notebook: the same
# representations, in a kernel that starts in one second. The judge never calls it.
SETUP = """
class Result:
    def __init__(self, points, verdict):
        self.points, self.verdict = points, verdict

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": repr(self.points),
            "application/vnd.synthlab.verdict+json": self.verdict,
        }


def text(msgid, **params):
    return {"msgid": msgid, "params": params, "domain": "checks"}


def check(name, function, factor, points):
    summary = detail = passed = None
    try:
        value = function(3.0)
    except NotImplementedError:
        status, summary = "not-attempted", text("It is not written yet.")
    except Exception as error:
        status, summary = "error", text("It raised {type}.", type=type(error).__name__)
    else:
        passed = value == 3.0 * factor
        status = "correct" if passed else "incorrect"
        detail = text("Measured {a}, expected {b}.", a=str(value), b=str(3.0 * factor))
    verdict = {
        "check": name,
        "status": status,
        "score": 1.0 if passed else 0.0,
        "properties": [
            {
                "name": "value",
                "passed": passed,
                "weight": 1,
                "goal": text("The value is right."),
                "detail": detail,
                "nudge": text("Look."),
                "method": text("Do."),
            }
        ],
        "summary": summary,
        "error": None,
        "printed": "",
        "seed": 0,
    }
    return Result(float(points) if passed else 0.0, verdict)
"""

GOOD = {
    "tiny.double": "def double(x):\n    return 2 * x",
    "tiny.half": "def half(x):\n    return x / 2",
    "tiny.why": "Because multiplication undoes division.",
}


def _register() -> None:
    """The checks of the tiny course: they need no torch."""
    for name, factor in (("double", 2.0), ("half", 0.5)):
        value = core.Property("value", 1, "The value is right.", "Look.", "Do.")

        def function(student: Any, rng: Any, factor: float = factor) -> Iterator[Any]:
            x = float(rng.normal())
            yield same("value", student(x), factor * x)

        core.check(f"tiny.{name}", target=name, properties=[value], arrays="numpy")(function)


def grade(room: Path, students: Any = None, **options: Any) -> ClassResult:
    """`grade_class` in this process, which knows the tiny course."""
    return grade_class(room, "tiny", students, executor=pool.here, **options)


_POINTS = {"tiny.double": 2, "tiny.half": 3, "tiny.why": 4}


def tiny_notebook(language: str = "en", answers: Mapping[str, str] | None = None) -> Any:
    """The tiny exercise, released or with answers."""
    stubs = {
        "tiny.double": "def double(x):\n    raise NotImplementedError",
        "tiny.half": "def half(x):\n    raise NotImplementedError",
        "tiny.why": "…",
    } | dict(answers or {})
    cells = [new_cell("exercise", "setup", SETUP.strip(), markdown=False)]
    for name, call in (
        ("tiny.double", 'check("tiny.double", double, 2.0, 2)'),
        ("tiny.half", 'check("tiny.half", half, 0.5, 3)'),
    ):
        cells += [_cell("answer", name, stubs[name]), _cell("check", name, call)]
    cells.append(_cell("written", "tiny.why", stubs["tiny.why"]))
    return new_notebook("tiny", language, cells)


def _cell(role: str, name: str, text: str) -> Any:
    entry: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": grade_id(role, name),
        "grade": role != "answer",
        "solution": role != "check",
        "locked": role == "check",
        "task": False,
        "cell_type": "markdown" if role == "written" else "code",
    }
    if entry["grade"]:
        entry["points"] = _POINTS[name]
    markdown = role == "written"
    return new_cell(
        "exercise", entry["grade_id"], text, markdown=markdown, metadata={"nbgrader": entry}
    )


@contextlib.contextmanager
def tiny_course(root: Path) -> Iterator[None]:
    """Let synthlab's manifest and exercises be the tiny course's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locate, "course", lambda: root / "course")
        _register()
        patch.setattr(locate, "exercises", lambda: root / "exercises")
        manifest.load.cache_clear()
        try:
            yield
        finally:
            manifest.load.cache_clear()


@pytest.fixture(scope="session")
def tiny_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course on disk, in both languages."""
    root = tmp_path_factory.mktemp("tiny-course")
    (root / "course").mkdir()
    (root / "course" / "course.toml").write_text(MANIFEST, encoding="utf-8")
    (root / "course" / "locale").symlink_to(locate.course() / "locale")  # our sentences
    for language in ("en", "ar"):
        (root / "exercises" / language).mkdir(parents=True)
        path = root / "exercises" / language / "tiny.ipynb"
        path.write_text(dumps(tiny_notebook(language)), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def new_class(tiny_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classroom with nothing handed in; copy it before you change it."""
    with tiny_course(tiny_files):
        room = make_classroom(tmp_path_factory.mktemp("room") / "new-class")
    assert room.added == ("tiny",)
    return room.root


@pytest.fixture
def tiny(tiny_files: Path) -> Iterator[Path]:
    """The tiny course, for the length of one test."""
    with tiny_course(tiny_files):
        yield tiny_files


def hand_in(room: Path, student: str, notebook: Any, name: str = "tiny.ipynb") -> Path:
    """Put a submission where nbgrader looks for it."""
    folder = room / "submitted" / student / "tiny"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    path.write_text(text, encoding="utf-8")
    return path


def nbgrader(room: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """The stock command, as an instructor runs it."""
    scripts = sysconfig.get_path("scripts")
    environment = os.environ | {"PATH": os.pathsep.join([scripts, os.environ["PATH"]])}
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *args],
        cwd=room,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="session")
def nbgrader_command() -> Any:
    """`nbgrader`, for tests."""
    return nbgrader


@pytest.fixture
def grade_tiny(tiny: Path) -> Any:
    """Grade the tiny course, for tests."""
    return grade


@dataclass(frozen=True)
class Graded:
    """A classroom after grading, with each student's result."""

    root: Path
    result: ClassResult

    def __getitem__(self, student: str) -> SubmissionResult:
        return next(s for s in self.result.submissions if s.student == student)

    def status(self, student: str) -> dict[str, str]:
        return {q.question: q.status for q in self[student].questions}


def _without(notebook: Any, *grade_ids: str) -> Any:
    notebook.cells = [
        c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in grade_ids
    ]
    return notebook


def _copied() -> Any:
    notebook = tiny_notebook(answers=GOOD)
    notebook.cells += [notebook.cells[2], notebook.cells[1]]
    return notebook


def _edited() -> Any:
    """Points, flags and source of a check cell changed, as an attacker or an editor might."""
    notebook = tiny_notebook()
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "check-tiny-half":
            cell.metadata["nbgrader"].update(points=100, locked=False, grade=False)
            cell.source = "3.0"
    return notebook


def _stray() -> Any:
    """Cells of another assignment, and one whose metadata are no metadata."""
    notebook = tiny_notebook(answers=GOOD)
    stray = _cell("check", "tiny.half", "1 + 1")
    stray.metadata["nbgrader"]["grade_id"] = "check-other-question"
    odd = nbformat.v4.new_markdown_cell("x", id="odd")
    odd.metadata["nbgrader"] = "nonsense"
    notebook.cells += [stray, odd]
    return notebook


def _cell_of(notebook: Any, name: str) -> Any:
    entries = ((c, c.metadata.get("nbgrader", {})) for c in notebook.cells)
    return next(cell for cell, entry in entries if entry.get("grade_id") == name)


def _reordered() -> Any:
    """Each check in front of its answer, the last question first."""
    notebook = tiny_notebook(answers=GOOD)
    setup, *released = notebook.cells
    notebook.cells = [setup, *reversed(released)]
    return notebook


def _retyped() -> Any:
    notebook = tiny_notebook(answers=GOOD)
    for name, kind in (("answer-tiny-double", "markdown"), ("check-tiny-half", "raw")):
        cell = _cell_of(notebook, name)
        cell.cell_type = kind
        del cell["outputs"], cell["execution_count"]
    _cell_of(notebook, "written-tiny-why").cell_type = "raw"
    return notebook


def _old(version: int) -> Any:
    """The notebook as an editor of ten years ago would save it."""
    notebook = tiny_notebook(answers=GOOD)
    for cell in notebook.cells:
        cell.pop("id", None)
    notebook.nbformat_minor = 2
    return notebook if version == 4 else nbformat.convert(notebook, version)


def _sage() -> Any:
    notebook = tiny_notebook(answers=GOOD)
    notebook.metadata["kernelspec"] = {
        "name": "sagemath",
        "display_name": "SageMath 10",
        "language": "sage",
    }
    notebook.metadata["language_info"] = {"name": "sage"}
    return notebook


def _absurd() -> Any:
    """Metadata of types that the format forbids, deep ones, odd ids and half characters."""
    notebook = json.loads(json.dumps(tiny_notebook(answers=GOOD)))
    deep: Any = "x"
    for _ in range(200):
        deep = {"deeper": deep}
    notebook["metadata"] |= {"kernelspec": 7, "language_info": [], "title": {}, "deep": deep}
    for cell in notebook["cells"]:
        cell["id"] = "same"
        cell["metadata"] |= {"tags": {"a": 1}, "collapsed": "maybe", "name": 5}
        cell["attachments"] = "none"
    notebook["cells"][0]["source"] += "\n# \ud83d"
    notebook["cells"] += [None, 7, {"cell_type": "heading"}, {}]
    return notebook


def _pasted() -> Any:
    """The code of the exercise in a new notebook, without anything that the release had."""
    cells = [c for c in tiny_notebook(answers=GOOD).cells if c.cell_type == "code"]
    fresh = [nbformat.v4.new_code_cell(c.source, id=f"c{i}") for i, c in enumerate(cells)]
    return nbformat.v4.new_notebook(cells=fresh)


#: One submission for each thing that can be said about one.
SUBMISSIONS: Mapping[str, Any] = {
    "good": lambda: tiny_notebook(answers=GOOD),
    "arabic": lambda: tiny_notebook("ar", GOOD),
    "released": tiny_notebook,
    "wrong": lambda: tiny_notebook(answers=GOOD | {"tiny.half": "def half(x):\n    return x / 3"}),
    "raises": lambda: tiny_notebook(answers=GOOD | {"tiny.half": "import no_such_module"}),
    "warns": lambda: tiny_notebook(
        answers=GOOD
        | {"tiny.half": "import sys\nprint('careful', file=sys.stderr)\n" + GOOD["tiny.half"]}
    ),
    "copied": _copied,
    "no-check": lambda: _without(tiny_notebook(answers=GOOD), "check-tiny-double"),
    "no-pair": lambda: _without(
        tiny_notebook(answers=GOOD), "answer-tiny-double", "check-tiny-double"
    ),
    "no-cells": lambda: _without(
        tiny_notebook(),
        *(f"{role}-tiny-{name}" for role in ("answer", "check") for name in ("double", "half")),
        "written-tiny-why",
    ),
    "edited": _edited,
    "stray": _stray,
    "reordered": _reordered,
    "retyped": _retyped,
    "format-3": lambda: _old(3),
    "format-4-2": lambda: _old(4),
    "sage": _sage,
    "absurd": _absurd,
    "pasted": _pasted,
    "leaves": lambda: tiny_notebook(answers=GOOD | {"tiny.half": "import os\nos._exit(1)"}),
    "damaged": lambda: '{"cells": [',
    "deep": lambda: "[" * 100_000,
    "not-a-notebook": lambda: '{"a": 1}',
    "foreign": lambda: nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell("1 + 1", id="one")]
    ),
    "a[1]*?": lambda: tiny_notebook(answers=GOOD),
    "<b>eve<script>alert(1)<": lambda: tiny_notebook(
        answers=GOOD | {"tiny.half": "def half(x):\n    return '<script>alert(2)</script>'"}
    ),
}


@pytest.fixture(scope="session")
def handed_in(new_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class with everything in it, which nobody has graded; copy it before you change it."""
    room = Path(shutil.copytree(new_class, tmp_path_factory.mktemp("handed-in") / "class"))
    for student, make in SUBMISSIONS.items():
        hand_in(room, student, make())
    hand_in(room, "misnamed", tiny_notebook(answers=GOOD), "tiny (1).ipynb")
    hand_in(room, "one-below", tiny_notebook(answers=GOOD), "work/tiny-amal.ipynb")
    hand_in(room, "two-names", tiny_notebook(answers=GOOD), "tiny (1).ipynb")
    hand_in(room, "two-names", tiny_notebook(), "tiny (2).ipynb")
    hand_in(room, "no-time", tiny_notebook(answers=GOOD))
    (room / "submitted" / "no-time" / "tiny" / "timestamp.txt").write_text("yesterday-ish")
    (room / "submitted" / "nothing" / "tiny").mkdir(parents=True)
    return room


@pytest.fixture(scope="session")
def tiny_class(
    tiny_files: Path, handed_in: Path, tmp_path_factory: pytest.TempPathFactory
) -> Graded:
    """The class, graded by us."""
    room = Path(shutil.copytree(handed_in, tmp_path_factory.mktemp("tiny-class") / "class"))
    with tiny_course(tiny_files):
        return Graded(room, grade(room))


#: Those that nbgrader's own command grades too; each costs a kernel.
STOCK = ("good", "wrong", "warns", "copied", "no-pair", "edited")


@pytest.fixture(scope="session")
def stock_class(handed_in: Path, new_class: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the same submissions, graded by nbgrader's own command."""
    room = Path(shutil.copytree(new_class, tmp_path_factory.mktemp("stock-class") / "class"))
    config = (room / CONFIG).read_text(encoding="utf-8")
    ours, stock = "synthlab.grading.gradebook.steps.JudgeNotebook", "nbgrader.preprocessors.Execute"
    assert ours in config
    (room / CONFIG).write_text(config.replace(ours, stock), encoding="utf-8")
    for student in STOCK:
        shutil.copytree(handed_in / "submitted" / student, room / "submitted" / student)
    for command in (["generate_assignment", "tiny", "--force"], ["autograde", "tiny"]):
        done = nbgrader(room, *command)
        assert done.returncode == 0, done.stderr
    return room
