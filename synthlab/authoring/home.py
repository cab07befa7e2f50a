"""Home of a unit: its parts, each in a folder or a file that bears the unit's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from synthlab.authoring.findings import Finding
from synthlab.authoring.project import Project
from synthlab.manifest import Unit, widget_module

#: The parts that everything else is made from.
SOURCES = ("lesson", "exercise source")


@dataclass(frozen=True)
class Part:
    """A part of a unit, which is there when its file is.

    Attributes:
        name: Its name for people.
        file: The file that every unit has of it.
        files: What ``synthlab new unit`` writes of it, as folders and files of ``rooms/``.
        widget: The class of the widget that it belongs to; empty for all other parts.
        command: The command that makes it.
    """

    name: str
    file: Path
    files: tuple[str, ...] = ()
    widget: str = ""
    command: str = ""


def parts(project: Project, unit: Unit) -> Iterator[Part]:
    """Every part that a unit needs, in the repository that a project is."""
    root = project.course_dir.parent
    new = f"synthlab new unit {unit.id}"
    yield Part("lesson", project.lesson(unit), ("course/@FOLDER@/lesson.md",), command=new)
    yield Part("exercise source", project.solution(unit), command=new)
    if any(q.automatic and q.prediction is None for q in unit.questions):
        folder = f"synthlab/checks/{unit.module}"
        files: tuple[str, ...] = ("synthlab/checks/@MODULE@", "tests/units/@MODULE@/test_checks.py")
        yield Part("package of checks", root / folder / "__init__.py", files, command=new)
    for widget in unit.widgets:
        name, place = widget_module(widget), "@FOLDER_OF_WIDGET@"
        file = root / "widgets" / "synthlab_widgets" / name / "__init__.py"
        test = f"tests/units/@MODULE@/test_{place}.py"
        files = (f"widgets/synthlab_widgets/{place}", "course/@FOLDER@/guide.md", test)
        yield Part(f"Python folder of {widget}", file, files, widget, new)
        file = root / "widgets" / "js" / "src" / name / "index.ts"
        yield Part(f"view of {widget}", file, (f"widgets/js/src/{place}",), widget, new)
        file = root / "widgets" / "synthlab_widgets" / "static" / f"{name}.js"
        yield Part(f"built view of {widget}", file, (), widget, "make front")
    for language in project.course.languages:
        if language != "en":
            file = project.catalogue(unit.id, language)
            yield Part("catalogue", file, (), command=f"synthlab translate {language}")


def missing(project: Project, unit: Unit) -> Iterator[Finding]:
    """What a unit lacks, and the command that makes it."""
    for part in parts(project, unit):
        if not part.file.is_file():
            where = project.display(part.file)
            yield Finding(
                "parts",
                unit.id,
                f"it has no {part.name}: {where} is missing; run '{part.command}' to have it made.",
            )


def complete(project: Project, unit: Unit) -> bool:
    """Whether what everything else is made from is there."""
    return all(p.file.is_file() for p in parts(project, unit) if p.name in SOURCES)
