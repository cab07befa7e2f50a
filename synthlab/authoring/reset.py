"""``synthlab reset FILE``: an exercise as it was released; the old work is kept, dated."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from synthlab.authoring.project import Project
from synthlab.authoring.released import load_notebook, released_text
from synthlab.authoring.swap import origin
from synthlab.errors import unknown
from synthlab.files import write_atomically
from synthlab.words import translate

#: The folder of old work, beside the notebook.
KEPT = "kept"


@dataclass(frozen=True)
class Reset:
    """What a reset did.

    Attributes:
        file: The notebook that is as released again.
        copy: Where the work until now is.
    """

    file: Path
    copy: Path

    def sentence(self, language: str | None = None) -> str:
        """What happened, in a language or the reader's."""
        return translate(
            "cli",
            "Started anew. Your work until now is in {copy}.",
            language,
            copy=f"{KEPT}/{self.copy.name}",
        )


def _now() -> datetime:
    return datetime.now().astimezone()


def reset(
    project: Project, file: Path, question: str | None = None, now: Callable[[], datetime] = _now
) -> Reset:
    """Put a notebook, or one question's answer in it, back to what was released.

    Args:
        project: The course.
        file: A lesson or exercise notebook in use.
        question: The question whose answer alone is put back; the whole notebook by default.
        now: The clock.

    Raises:
        SynthlabError: When the file is damaged or no notebook of this course, or has no such
            question. The file is then as it was.
    """
    notebook = load_notebook(file)
    unit, part = origin(project, notebook, file)
    ours = notebook["metadata"]["synthlab"]
    language = ours.get("language")
    code = language if language in project.course.languages else project.course.languages[0]
    text = released_text(project, unit, part, code)
    if question is not None:
        stubs = {
            cell["id"]: cell["source"]
            for cell in json.loads(text)["cells"]
            if cell["metadata"].get("synthlab", {}).get("question") == question
            and cell["metadata"]["synthlab"].get("role") != "check"
        }
        if not stubs:
            raise unknown(
                "There is no question called {name}.", question, [q.id for q in unit.questions]
            )
        for cell in notebook["cells"]:
            if cell.get("id") in stubs:
                cell["source"] = stubs[cell["id"]]
                if cell.get("cell_type") == "code":
                    cell["outputs"], cell["execution_count"] = [], None
        text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    copy = _beside(file, now())
    write_atomically(copy, file.read_text(encoding="utf-8"))
    write_atomically(file, text)
    return Reset(file, copy)


def _beside(file: Path, when: datetime) -> Path:
    """A name for the copy that no file has yet.

    It is in a folder of its own: beside the notebook, nbgrader would take it for a second one of
    the same assignment.
    """
    name = f"{file.stem} {when.strftime('%Y-%m-%d %H.%M.%S')}"
    copy = file.parent / KEPT / f"{name}{file.suffix}"
    count = 2
    while copy.exists():
        copy = copy.with_name(f"{name} ({count}){file.suffix}")
        count += 1
    return copy
