"""Another language for a notebook in use: prose changes, work stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from synthlab.authoring.build import build
from synthlab.authoring.lesson import lesson_notebook
from synthlab.authoring.notebooks import dumps
from synthlab.authoring.project import Project
from synthlab.authoring.prose import undirected
from synthlab.authoring.swap import swap
from synthlab.errors import SynthlabError

CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgctxt "exercise/title"
msgid "Double a number."
msgstr "ضاعِف عددًا."

msgctxt "lesson/look"
msgid "## Look"
msgstr "## انظر"
"""


@pytest.fixture
def bilingual(tiny: Project) -> Project:
    """The tiny course with two Arabic sentences."""
    path = tiny.catalogue("tiny", "ar")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CATALOGUE, encoding="utf-8")
    build(tiny)
    return tiny


def load(path: Path) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return notebook


@pytest.fixture
def used(bilingual: Project, tmp_path: Path) -> Path:
    """The exercise as a learner left it: answered, run, with a cell of their own."""
    path = tmp_path / "my.ipynb"
    text = bilingual.exercise(bilingual.course.unit("tiny"), "en").read_text("utf-8")
    notebook = json.loads(text)
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    answer = cells["exercise-answer-tiny-double"]
    answer["source"] = ["def double(x):\n", "    return 2 * x  # mine"]
    answer["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["printed"]}]
    answer["execution_count"] = 7
    cells["exercise-written-tiny-why"]["source"] = ["My own argument."]
    own = {"cell_type": "markdown", "id": "mine", "metadata": {}, "source": ["Double a number."]}
    notebook["cells"].insert(1, own)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def test_prose_changes_and_everything_else_stays(bilingual: Project, used: Path) -> None:
    before = load(used)
    done = swap(bilingual, used, "ar")
    after = load(used)
    # title and why: the two prose cells of the exercise
    assert (done.swapped, done.edited) == (2, 0)
    assert "ضاعِف عددًا." in "".join(after["cells"][0]["source"])
    assert after["metadata"]["synthlab"] == {"unit": "tiny", "language": "ar"}
    prose = {"exercise-title", "exercise-why"}
    kept = [[c for c in nb["cells"] if c["id"] not in prose] for nb in (before, after)]
    assert kept[0] == kept[1]


def test_doing_it_twice_changes_nothing_more(bilingual: Project, used: Path) -> None:
    swap(bilingual, used, "ar")
    once = used.read_bytes()
    assert swap(bilingual, used, "ar").swapped == 0
    assert used.read_bytes() == once


def test_there_and_back(bilingual: Project, used: Path) -> None:
    before = load(used)
    swap(bilingual, used, "ar")
    swap(bilingual, used, "en")
    after = load(used)
    for notebook in (before, after):  # a source is text or a list of lines
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
    assert after == before


def test_prose_that_the_learner_edited_stays_and_is_told(bilingual: Project, used: Path) -> None:
    notebook = load(used)
    notebook["cells"][0]["source"] = "My notes."
    used.write_text(json.dumps(notebook), encoding="utf-8")
    done = swap(bilingual, used, "ar")
    assert (done.swapped, done.edited) == (1, 1)
    assert load(used)["cells"][0]["source"] == "My notes."
    assert "(1)" in done.sentence()


def test_a_notebook_from_before_cells_told_their_direction(bilingual: Project, used: Path) -> None:
    before = load(used)
    swap(bilingual, used, "ar")
    notebook = load(used)
    for cell in notebook["cells"]:
        cell["source"] = undirected("".join(cell["source"]))
    used.write_text(json.dumps(notebook), encoding="utf-8")
    assert swap(bilingual, used, "en").edited == 0
    assert "".join(load(used)["cells"][0]["source"]) == "".join(before["cells"][0]["source"])


def test_lessons_too(bilingual: Project, tmp_path: Path) -> None:
    path = tmp_path / "lesson.ipynb"
    path.write_text(dumps(lesson_notebook("tiny", "en", bilingual)), encoding="utf-8")
    swap(bilingual, path, "ar")
    assert path.read_text("utf-8") == dumps(lesson_notebook("tiny", "ar", bilingual))


PROSE = {"id": "lesson-a", "cell_type": "markdown", "source": "Here.", "metadata": {}}


def written(cells: list[object], unit: object = None, version: int = 4) -> str:
    metadata = {} if unit is None else {"synthlab": {"unit": unit}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": version})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is damaged: it is not valid JSON"),
        ("[]", "not a Jupyter notebook"),
        ('{"cells": 3}', "not a Jupyter notebook"),
        ("[" * 100_000, "is damaged: it is not valid JSON"),
        (written([3]), "not a Jupyter notebook"),
        (written([PROSE | {"id": ["lesson-a"]}]), "not a Jupyter notebook"),
        (written([PROSE | {"source": [1, 2]}]), "not a Jupyter notebook"),
        (written([PROSE | {"source": None}]), "not a Jupyter notebook"),
        (written([PROSE], unit="tiny", version=3), "not a Jupyter notebook"),
        (written([]), "not a notebook of this course"),
        (written([PROSE], unit=3), "not a notebook of this course"),
        (written([PROSE], unit="tyny"), "Did you mean 'tiny'"),
    ],
)
def test_foreign_and_damaged_files_stay_as_they_are(
    bilingual: Project, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "foreign.ipynb"
    path.write_text(text)
    with pytest.raises(SynthlabError, match=says):
        swap(bilingual, path, "ar")
    assert path.read_text() == text


def test_a_missing_file_and_an_unknown_language(bilingual: Project, tmp_path: Path) -> None:
    with pytest.raises(SynthlabError, match="cannot be read"):
        swap(bilingual, tmp_path / "none.ipynb", "ar")
    with pytest.raises(SynthlabError, match=r"no language called 'arr'\. Did you mean 'ar'"):
        swap(bilingual, tmp_path / "none.ipynb", "arr")
