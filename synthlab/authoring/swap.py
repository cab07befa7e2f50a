"""``synthlab language ar FILE``: another language for the prose of a notebook in use.

Cells are found by their ids. Answers, outputs, cells that the learner added and prose that the
learner edited stay as they are.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthlab.authoring.project import Project
from synthlab.authoring.prose import undirected
from synthlab.authoring.released import Part, load_notebook, released_text
from synthlab.errors import SynthlabError
from synthlab.files import write_atomically
from synthlab.manifest import Unit
from synthlab.words import LANGUAGES, N_, check_language, translate


@dataclass(frozen=True)
class Swap:
    """What a swap did.

    Attributes:
        language: The language that the notebook now has.
        swapped: How many prose cells changed.
        edited: How many prose cells stay because the learner edited them.
    """

    file: Path
    language: str
    swapped: int
    edited: int

    def sentence(self) -> str:
        """What happened, in the reader's language."""
        text = N_("{file} is now in {language}.")
        if self.edited:
            text = N_(
                "{file} is now in {language}; the text cells that you edited ({edited}) stay."
            )
        return translate(
            "cli",
            text,
            file=self.file,
            language=LANGUAGES[self.language],
            edited=self.edited,
        )


def swap(project: Project, file: Path, language: str) -> Swap:
    """Give a notebook's prose another language, in place; doing it twice changes nothing more.

    Args:
        project: The course whose prose it is.
        file: A lesson or exercise notebook, as released or in use.
        language: The language to give it.

    Raises:
        SynthlabError: When the language does not exist, or the file is damaged or not a
            notebook of this course. The file is then as it was.
    """
    check_language(language)
    notebook = load_notebook(file)
    unit, part = origin(project, notebook, file)
    wanted = _prose(released_text(project, unit, part, language))
    known = [_prose(released_text(project, unit, part, code)) for code in project.course.languages]
    swapped = edited = 0
    for cell in notebook["cells"]:
        name = cell.get("id")
        if name not in wanted or cell.get("cell_type") != "markdown":
            continue
        text = _text(cell)
        if text == wanted[name]:
            continue
        if undirected(text) in [undirected(prose.get(name, "")) for prose in known]:
            cell["source"] = wanted[name].splitlines(keepends=True)
            swapped += 1
        else:
            edited += 1
    notebook["metadata"]["synthlab"]["language"] = language
    write_atomically(file, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    return Swap(file, language, swapped, edited)


def origin(project: Project, notebook: dict[str, Any], file: Path) -> tuple[Unit, Part]:
    """Which notebook of the course a file was released as.

    Raises:
        SynthlabError: When it is none.
    """
    metadata = notebook.get("metadata")
    ours = metadata.get("synthlab") if isinstance(metadata, dict) else None
    name = ours.get("unit") if isinstance(ours, dict) else None
    ids = [cell.get("id") for cell in notebook["cells"]]
    parts: tuple[Part, ...] = ("lesson", "exercise")
    part = next((p for p in parts if any(str(i).startswith(f"{p}-") for i in ids)), None)
    if not isinstance(name, str) or part is None:
        raise SynthlabError(
            "{file} is not a notebook of this course, so it has no translation.", file=file
        )
    return project.course.unit(name), part


def _prose(text: str) -> dict[str, str]:
    """The prose cells of a released notebook, by cell id; answers are not prose."""
    return {
        cell["id"]: _text(cell)
        for cell in json.loads(text)["cells"]
        if cell["cell_type"] == "markdown" and "nbgrader" not in cell["metadata"]
    }


def _text(cell: dict[str, Any]) -> str:
    """A cell's source; notebooks store it as text or as a list of lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)
