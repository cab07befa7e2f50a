"""Released exercise notebooks: nbgrader's metadata, ids, languages, bytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from synthlab.authoring.build import Difference, build, compare, generated
from synthlab.authoring.exercise import exercise_notebook, grade_id
from synthlab.authoring.notebooks import cell_id
from synthlab.authoring.project import Project
from synthlab.errors import SynthlabError

Edit = Callable[[Path, str, str], None]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nbgrader_accepts_the_metadata(tiny: Project, language: str) -> None:
    notebook = exercise_notebook("tiny", language, project=tiny)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    cells = {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}
    kinds = {
        name: (c.cell_type, m.grade, m.solution, m.locked, m.get("points"))
        for name, c in cells.items()
        for m in [c.metadata.nbgrader]
    }
    # points as in the fixture's manifest
    assert kinds == {
        "answer-tiny-guess": ("code", False, True, False, None),
        "check-tiny-guess": ("code", True, False, True, 1),
        "answer-tiny-double": ("code", False, True, False, None),
        "check-tiny-double": ("code", True, False, True, 15),
        "written-tiny-why": ("markdown", True, True, False, 4),
    }
    assert all("checksum" not in c.metadata.nbgrader for c in cells.values())


def test_prose_has_no_grade_id_and_nothing_of_jupytext_remains(tiny: Project) -> None:
    notebook = exercise_notebook("tiny", project=tiny)
    prose = [c for c in notebook.cells if c.id in ("exercise-title", "exercise-why")]
    assert [dict(c.metadata) for c in prose] == [
        {"synthlab": {"key": "title"}},
        {"synthlab": {"key": "why"}},
    ]
    assert set(notebook.metadata) == {"kernelspec", "language_info", "synthlab"}
    assert dict(notebook.metadata.synthlab) == {"unit": "tiny", "language": "en"}


def test_answers_take_the_place_of_stubs(tiny: Project) -> None:
    answers = {"tiny.double": "def double(x): return 2 * x", "tiny.why": "Because."}
    notebook = exercise_notebook("tiny", answers=answers, project=tiny)
    sources = {c.id: c.source for c in notebook.cells}
    assert sources["exercise-answer-tiny-double"] == answers["tiny.double"]
    assert sources["exercise-written-tiny-why"] == "Because."
    assert sources["exercise-answer-tiny-guess"] == "guess = None"


def test_an_answer_to_no_question_is_refused(tiny: Project) -> None:
    with pytest.raises(SynthlabError, match=r"Did you mean 'tiny\.double'"):
        exercise_notebook("tiny", answers={"tiny.duble": ""}, project=tiny)


def test_code_and_ids_are_the_same_in_every_language(tiny: Project) -> None:
    english, arabic = (exercise_notebook("tiny", code, project=tiny) for code in ("en", "ar"))
    assert [c.id for c in english.cells] == [c.id for c in arabic.cells]
    pairs = list(zip(english.cells, arabic.cells, strict=True))
    assert all(e == a for e, a in pairs if e.cell_type == "code" or "nbgrader" in e.metadata)
    assert any(e != a for e, a in pairs)  # untranslated prose is marked


def test_ids_are_valid_however_long_the_key() -> None:
    assert grade_id("check", "a.b_c") == "check-a-b_c"
    names = {cell_id("exercise", "k" * n + end) for n in (1, 54, 55, 90) for end in "xy"}
    assert len(names) == 8  # four lengths, two endings: all different
    assert all(len(name) <= 64 for name in names)


def test_building_again_writes_nothing(tiny: Project) -> None:
    before = {path: path.read_bytes() for path in generated(tiny)}
    assert build(tiny) == []
    assert {path: path.read_bytes() for path in before} == before


def test_bytes_do_not_depend_on_the_hash_seed(tiny: Project) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from synthlab.authoring.build import generated;"
        "from synthlab.authoring.project import Project;"
        "import json;"
        "files = generated(Project.at(Path(sys.argv[1])));"
        "print(json.dumps({str(path): text for path, text in files.items()}))"
    )
    texts = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(tiny.course_dir.parent)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        texts.append(done.stdout)
    assert texts[0] == texts[1]
    assert json.loads(texts[0]) == {str(k): v for k, v in generated(tiny).items()}


def test_every_difference_is_told_in_a_sentence(tiny: Project, edit: Edit) -> None:
    unit = tiny.course.unit("tiny")
    assert compare(tiny) == []
    tiny.exercise(unit, "en").unlink()
    edit(tiny.exercise(unit, "ar"), "double", "treble")
    (tiny.exercises_dir / "en" / "old.ipynb").write_text("{}")
    assert compare(tiny) == [
        Difference("exercises/en/tiny.ipynb", "missing"),
        Difference("exercises/ar/tiny.ipynb", "different"),
        Difference("exercises/en/old.ipynb", "unexpected"),
    ]
    assert [str(d).partition(" ")[2] for d in compare(tiny)] == [
        "is missing; run 'synthlab build'.",
        "differs from what its source gives; run 'synthlab build'.",
        "is made from nothing in course.toml; delete it or add its unit.",
    ]
    assert build(tiny) == ["exercises/en/tiny.ipynb", "exercises/ar/tiny.ipynb"]


def test_nothing_is_written_when_a_source_is_damaged(tiny: Project, edit: Edit) -> None:
    unit = tiny.course.unit("tiny")
    before = tiny.exercise(unit, "en").read_bytes()
    edit(tiny.solution(unit), "Double a number.", "Double any number.")
    edit(tiny.solution(unit), "return total", "return (")
    with pytest.raises(SynthlabError):
        build(tiny)
    assert tiny.exercise(unit, "en").read_bytes() == before
    assert not [p for p in tiny.exercises_dir.rglob("*") if p.name.startswith(".")]


def test_published_only_grows(tiny: Project, edit: Edit) -> None:
    edit(tiny.course_dir / "course.toml", "tiny.guess", "tiny.bet")
    edit(tiny.solution(tiny.course.unit("tiny")), "tiny.guess", "tiny.bet")
    again = Project.at(tiny.course_dir.parent)  # the manifest is read once per project
    build(again)
    text = again.published.read_text("utf-8")
    assert text.index('"tiny.guess"') < text.index('"tiny.why"') < text.index('"tiny.bet"')
