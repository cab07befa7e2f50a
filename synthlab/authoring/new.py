"""``synthlab new unit``: the first version of every part of a unit, and its row in the manifest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from synthlab import manifest
from synthlab.authoring.home import Part, parts
from synthlab.authoring.project import Project
from synthlab.authoring.source import parse_source
from synthlab.authoring.translate import merged
from synthlab.errors import SynthlabError
from synthlab.files import write_atomically
from synthlab.manifest import Question, Unit, widget_module

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
#: Imports whose order depends on the widget's name.
_IMPORTS = re.compile(r"(?:^from synthlab_widgets\..*\n)+", re.MULTILINE)
_CLASS = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")

#: First versions, mirroring the repository; ``@NAME@`` is filled in, in texts and in paths.
_ROOMS = Path(__file__).with_name("rooms")

_ROW = """
[[unit]]
id = "{id}"
folder = "{folder}"
title = "{title}"
minutes = 35
prerequisites = []
widgets = [{widgets}]
question = [
  {{ id = "{id}.prediction", kind = "prediction", points = 1, target = "predicted", \
title = "What will happen?" }},
  {{ id = "{id}.first_part", kind = "formula", points = 16, title = "The first part" }},
  {{ id = "{id}.explanation", kind = "written", points = 3, title = "Why does it happen?" }},
]
"""

_SHOWN = """
```python
from synthlab_widgets import {widget}

{widget}()
```
"""


def new_unit(
    project: Project, name: str, title: str | None = None, widget: str | None = None
) -> list[str]:
    """Write every part that a unit lacks; its row in ``course.toml``, too, when it has none.

    Returns:
        The names of the files that were written.

    Raises:
        SynthlabError: When a name is not well formed or taken, or the unit lacks nothing.
    """
    files: dict[Path, str] = {}
    unit = next((unit for unit in project.course.units if unit.id == name), None)
    if unit is None:
        path = project.course_dir / "course.toml"
        row = _row(project, name, title or name.replace("-", " ").capitalize(), widget)
        files[path] = path.read_text(encoding="utf-8").rstrip("\n") + "\n" + row
        unit = manifest.parse(files[path]).unit(name)
        for part in parts(project, unit):
            _refuse_taken(project, unit, part)
    elif widget is not None and widget not in unit.widgets:
        raise SynthlabError(
            "Name {widget} among the widgets of unit {unit!r} in course.toml first.",
            widget=widget,
            unit=name,
        )
    lacking = [p for p in parts(project, unit) if not p.file.exists() and p.command != "make front"]
    if not lacking:
        raise SynthlabError(
            "There is a unit {unit!r} already, and it has all of its parts; edit {file}.",
            unit=name,
            file=project.display(project.lesson(unit)),
        )
    for part in lacking:
        files |= _first_version(project, unit, part)
    for path, text in files.items():
        write_atomically(path, text)
    fresh = replace(project)  # a project that reads the manifest anew
    for part in lacking:
        if part.name == "catalogue":
            write_atomically(part.file, merged(fresh, name, part.file.parent.name) or "")
            files[part.file] = ""
    return [project.display(path) for path in files]


def _row(project: Project, name: str, title: str, widget: str | None) -> str:
    if not _ID.fullmatch(name):
        raise SynthlabError(
            "{name!r} is no id for a unit; use lower-case words joined by dashes, like 'gan'.",
            name=name,
        )
    if widget is not None and not _CLASS.fullmatch(widget):
        raise SynthlabError(
            "{name!r} is no name for a widget; write it like a class, as in 'GanArena'.",
            name=widget,
        )
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    listed = "" if widget is None else f'"{widget}"'
    return _ROW.format(id=name, folder=_folder(project, name), title=quoted, widgets=listed)


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


def _refuse_taken(project: Project, unit: Unit, part: Part) -> None:
    """Refuse a name that something else bears: a file of that name, a package or a module."""
    packaged = part.file.name in ("__init__.py", "index.ts")
    taken = part.file.parent if packaged else part.file
    for path in (taken, taken.with_suffix(".py")):
        if path.exists():
            raise SynthlabError(
                "The name {name!r} is taken: {file} is already there; "
                "give 'synthlab new unit' another.",
                name=part.widget or unit.id,
                file=project.display(path),
            )


def _first_version(project: Project, unit: Unit, part: Part) -> dict[Path, str]:
    """The files of a part, filled in; those that are there already are left out."""
    widget = part.widget or next(iter(unit.widgets), "")
    checked = [q for q in unit.questions if q.automatic and q.prediction is None]
    names = {
        "ID": unit.id,
        "MODULE": unit.module,
        "FOLDER": unit.folder,
        "TITLE": unit.title,
        "WIDGET": widget,
        "FOLDER_OF_WIDGET": widget_module(widget),
        "CSS": widget_module(widget).replace("_", "-"),
        "SHOWN": _SHOWN.format(widget=widget) if widget else "",
        "QUESTION": checked[0].id if checked else "",
    }
    if part.file == project.solution(unit):
        text = exercise_text(unit)
        parse_source(text, unit, part.file)  # what we write, we can read
        return {part.file: text}
    root = project.course_dir.parent
    written = {}
    for place in part.files:
        top = _ROOMS / place
        files = sorted(top.rglob("*.txt")) if top.is_dir() else [_ROOMS / f"{place}.txt"]
        for file in files:
            name = file.relative_to(_ROOMS).as_posix().removesuffix(".txt")
            written[root / _filled(name, names)] = _room(name, names)
    for question in checked if part.name == "package of checks" else ():
        path = part.file.with_name(f"{_python_name(question)}.py")
        of_question = {"QUESTION": question.id, "NAME": _python_name(question)}
        written[path] = _room("synthlab/checks/question.py", of_question)
    return {path: text for path, text in written.items() if not path.exists()}


def _room(name: str, names: Mapping[str, str]) -> str:
    text = _filled((_ROOMS / f"{name}.txt").read_text(encoding="utf-8"), names)
    return _IMPORTS.sub(lambda found: "".join(sorted(found[0].splitlines(keepends=True))), text)


def _filled(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"@([A-Z_]+)@", lambda found: names[found[1]], text)


def _python_name(question: Question) -> str:
    return re.sub(r"\W", "_", question.id.split(".", 1)[1])


def exercise_text(unit: Unit) -> str:
    """An exercise source with a cell for every question of a unit."""
    head = _room("solutions/head.py", {"TITLE": unit.title})
    return head + "".join(_question(q) for q in unit.questions)


def _question(question: Question) -> str:
    name = _python_name(question)
    kind, task = "automatic", f"Write `{name}(x)`. Give the contract: shapes, units, what holds."
    if question.kind == "written":
        kind, task = "written", "Ask the question. Give the rubric: three or four criteria."
    elif question.prediction is not None:
        name = question.prediction.target
        kind = "prediction"
        task = f"Say what to set `{name}` to. A prediction counts when it is made."
    key = re.sub(r"[^a-z0-9]+", "-", question.id.split(".", 1)[1].lower()).strip("-")
    names = {"KEY": key, "TITLE": question.title, "TASK": task}
    cells = _room(f"solutions/{kind}.py", {"ID": question.id, "NAME": name})
    return _room("solutions/prose.py", names) + cells
