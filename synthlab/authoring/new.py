"""``synthlab new``: the first version of a lesson or an exercise, and its row in the manifest."""

from __future__ import annotations

import re
from pathlib import Path

from synthlab import manifest
from synthlab.authoring.project import Project
from synthlab.authoring.source import parse_source
from synthlab.errors import SynthlabError
from synthlab.files import write_atomically
from synthlab.manifest import Question, Unit

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

_ROW = """
[[unit]]
id = "{id}"
folder = "{folder}"
title = "{title}"
minutes = 35
prerequisites = []
widgets = []
question = [
  {{ id = "{id}.prediction", kind = "prediction", points = 1, target = "predicted", \
title = "What will happen?" }},
  {{ id = "{id}.first_part", kind = "formula", points = 16, title = "The first part" }},
  {{ id = "{id}.explanation", kind = "written", points = 3, title = "Why does it happen?" }},
]
"""

_LESSON = """\
# {title}

Ask a question worth an answer, in two sentences. Show a picture.

```python
import torch
```


## Predict

Let the reader commit to an answer before running anything.


## Run

Ten lines of code, or a widget.


## Look closer

Two or three looks, each ending in a measurement against the truth.


## Modify

Change one thing, say what will happen, see.


## Make

The exercise notebook of this lesson is `exercises/{id}.ipynb`.


## What goes wrong in practice


## References
"""

_HEAD = """\
# %% [markdown] key="title"
# # {title}: exercises
#
# Say in two sentences what the learner will build.

# %% key="setup"
import torch

from synthlab import check, hint
"""

_PROSE = """
# %% [markdown] key="{key}"
# ## {title}
#
# {task}
"""

_AUTOMATIC = """
# %% tags=["answer:{id}"]
{answer}


# %% tags=["check:{id}"]
check("{id}")


# %% tags=["alternative:{id}:written-differently"]
{answer}


# %% tags=["mistake:{id}:name-the-mistake"] fails="value"
{mistake}
"""

_PREDICTION = """
# %% tags=["answer:{id}"]
{name} = 0

# %% tags=["check:{id}"]
check("{id}")
"""

_WRITTEN = """
# %% [markdown] tags=["written:{id}"]
# The model answer that a person grades against.
"""


def new_lesson(project: Project, name: str, title: str | None = None) -> list[str]:
    """Write a unit's first ``lesson.md``, and its row in ``course.toml`` when it has none.

    Returns:
        The names of the files that were written.

    Raises:
        SynthlabError: When the id is not well formed or the lesson is already there.
    """
    return _create(project, name, title, "lesson")


def new_exercise(project: Project, name: str, title: str | None = None) -> list[str]:
    """Write a unit's first exercise source with all questions of its row in ``course.toml``.

    Returns:
        The names of the files that were written.

    Raises:
        SynthlabError: When the id is not well formed or the source is already there.
    """
    return _create(project, name, title, "exercise")


def _create(project: Project, name: str, title: str | None, what: str) -> list[str]:
    if not _ID.fullmatch(name):
        raise SynthlabError(
            "{name!r} is no id for a unit; use lower-case words joined by dashes, like 'gan'.",
            name=name,
        )
    files: dict[Path, str] = {}
    units = {unit.id: unit for unit in project.course.units}
    unit = units.get(name)
    if unit is None:
        path = project.course_dir / "course.toml"
        row = _row(project, name, title or name.replace("-", " ").capitalize())
        files[path] = path.read_text(encoding="utf-8").rstrip("\n") + "\n" + row
        unit = manifest.parse(files[path]).unit(name)
    target = project.lesson(unit) if what == "lesson" else project.solution(unit)
    if target.exists():
        raise SynthlabError("{file} is already there; edit it.", file=project.display(target))
    if what == "lesson":
        files[target] = _LESSON.format(title=unit.title, id=unit.id)
    else:
        files[target] = exercise_text(unit)
        parse_source(files[target], unit, target)  # what we write, we can read
    for path, text in files.items():
        write_atomically(path, text)
    return [project.display(path) for path in files]


def _row(project: Project, name: str, title: str) -> str:
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return _ROW.format(id=name, folder=_folder(project, name), title=quoted)


def _folder(project: Project, name: str) -> str:
    """``NN-name`` after the last numbered lesson; case studies in ethics have no number."""
    if name.startswith("ethics-"):
        return name
    numbers = [
        int(match.group(1))
        for unit in project.course.units
        if (match := re.match(r"(\d+)-", unit.folder))
    ]
    return f"{max(numbers, default=-1) + 1:02d}-{name}"


def exercise_text(unit: Unit) -> str:
    """An exercise source with a cell for every question of a unit."""
    return _HEAD.format(title=unit.title) + "".join(_question(q) for q in unit.questions)


def _question(question: Question) -> str:
    short = question.id.split(".", 1)[1]
    name = re.sub(r"\W", "_", short)
    key = re.sub(r"[^a-z0-9]+", "-", short.lower()).strip("-")
    if question.kind == "written":
        task = "Ask the question. Give the rubric: three or four criteria with anchors."
        return _prose(key, question, task) + _WRITTEN.format(id=question.id)
    if question.prediction is not None:
        name = question.prediction.target
        task = f"Say what to set `{name}` to. A prediction counts when it is made."
        return _prose(key, question, task) + _PREDICTION.format(id=question.id, name=name)
    task = f"Write `{name}(x)`. Give the contract: shapes, units, what must hold."
    return _prose(key, question, task) + _AUTOMATIC.format(
        id=question.id,
        answer=f"def {name}(x):  # (B,) -> (B,)\n    return 2 * x",
        mistake="# - return 2 * x\n# + return x",
    )


def _prose(key: str, question: Question, task: str) -> str:
    return _PROSE.format(key=key, title=question.title, task=task)
