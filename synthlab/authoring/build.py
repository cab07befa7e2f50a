"""``synthlab build``: write every generated file, or say which one is not what it should be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from synthlab.authoring.exercise import make_notebook
from synthlab.authoring.notebooks import dumps
from synthlab.authoring.project import Project
from synthlab.authoring.published import read_published, with_present
from synthlab.authoring.source import read_source
from synthlab.authoring.translate import complete_domains
from synthlab.authoring.wording import read_wording
from synthlab.files import write_atomically

State = Literal["missing", "different", "unexpected"]


@dataclass(frozen=True)
class Difference:
    """A generated file that is not, byte for byte, what its sources say."""

    name: str
    state: State

    @property
    def advice(self) -> str:
        """What is wrong with the file and what to do, to be read after its name."""
        return {
            "missing": "is missing; run 'synthlab build'.",
            "different": "differs from what its source gives; run 'synthlab build'.",
            "unexpected": "is made from nothing in course.toml; delete it or add its unit.",
        }[self.state]

    def __str__(self) -> str:
        return f"{self.name} {self.advice}"


def generated(project: Project) -> dict[Path, str]:
    """The path and the text of every file that is made from sources."""
    files: dict[Path, str] = {}
    for unit in project.course.units:
        source = read_source(unit, project)
        for language in project.course.languages:
            wording = read_wording(project.catalogue(unit.id, language), language)
            files[project.exercise(unit, language)] = dumps(
                make_notebook(source, language, wording)
            )
    published = with_present(read_published(project), project, complete_domains(project))
    files[project.published] = published.dumps()
    return files


def compare(project: Project) -> list[Difference]:
    """Every difference between what is on disk and what the sources give."""
    files = generated(project)
    differences = []
    for path, text in files.items():
        state: State | None = None
        if not path.is_file():
            state = "missing"
        elif path.read_bytes() != text.encode():
            state = "different"
        if state:
            differences.append(Difference(project.display(path), state))
    for path in sorted(project.exercises_dir.rglob("*")):
        if path.is_file() and path not in files and ".ipynb_checkpoints" not in path.parts:
            differences.append(Difference(project.display(path), "unexpected"))
    return differences


def build(project: Project) -> list[str]:
    """Write every generated file that is not as it should be; returns their names.

    Everything is generated before anything is written, and each file is replaced whole.
    """
    files = generated(project)
    written = []
    for path, text in files.items():
        if not path.is_file() or path.read_bytes() != text.encode():
            write_atomically(path, text)
            written.append(project.display(path))
    return written
