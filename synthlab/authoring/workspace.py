"""``synthlab lab``: a folder of the learner's own, with the course's notebooks in it.

What is laid out is remembered by its hash. A later ``synthlab lab``, with a newer course,
replaces the files that the learner has not touched and tells about the others; it never
overwrites a learner's work.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthlab.authoring.project import Project
from synthlab.authoring.released import load_notebook, released_text
from synthlab.authoring.swap import swap
from synthlab.errors import SynthlabError
from synthlab.files import write_atomically
from synthlab.words import (
    N_,
    SETTINGS,
    check_language,
    language,
    settings_language,
    translate,
)

#: What we remember of a workspace; relative to it.
STATE = Path(".synthlab") / "files.json"


@dataclass
class Layout:
    """What laying out did, by file name.

    Attributes:
        added: Files that were not there.
        updated: Files that the learner had not changed, now as in this course.
        kept: Files that the learner changed and of which this course has a newer version.
        foreign: Files that the learner changed and that are in another language.
    """

    directory: Path
    language: str
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def sentences(self) -> Iterator[str]:
        """What the learner should know, in the workspace's language."""
        if self.added:
            yield self._say(N_("New in {directory}: {files}."), self.added)
        if self.updated:
            yield self._say(N_("Updated in {directory}: {files}."), self.updated)
        if self.kept:
            yield self._say(
                N_(
                    "The course has a newer version of {files}. You changed yours, so it stays "
                    "as it is; rename it and run this command again to get the new one beside it."
                ),
                self.kept,
            )
        if self.foreign:
            yield self._say(
                N_(
                    "You changed {files}, so each keeps its language; "
                    "'synthlab language {language} FILE' changes the prose and keeps your answers."
                ),
                self.foreign,
            )

    def _say(self, text: str, files: list[str]) -> str:
        return translate(
            "cli",
            text,
            self.language,
            directory=self.directory,
            files=", ".join(files),
            language=self.language,
        )


def lay_out(project: Project, directory: Path, code: str | None = None) -> Layout:
    """Make or update a workspace.

    Args:
        project: The course.
        directory: A new folder, an empty one, or a workspace.
        code: The language of the notebooks; by default the workspace's own, or the reader's.

    Raises:
        SynthlabError: When the folder cannot be written or the language does not exist.
    """
    code = check_language(code) if code else _language_of(directory)
    files = {}
    for unit in project.course.units:
        files[unit.lesson_file] = released_text(project, unit, "lesson", code)
        files[unit.exercise_file] = released_text(project, unit, "exercise", code)
    layout = Layout(directory, code)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _settle(directory, code)
        known = _read_state(directory)
        for name, text in files.items():
            _place(layout, known, name, text)
        write_atomically(directory / STATE, json.dumps(known, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        raise SynthlabError(
            "{directory} cannot be written ({reason}); choose another folder or change its "
            "permissions.",
            directory=directory,
            reason=error.strerror,
        ) from None
    return layout


def speak(project: Project, directory: Path, code: str) -> Layout:
    """Give a whole workspace another language: its settings and all its notebooks.

    Notebooks that the learner changed get the prose of the language and keep their answers.

    Raises:
        SynthlabError: When the folder cannot be written or the language does not exist.
    """
    layout = lay_out(project, directory, code)
    for name in layout.foreign:
        swap(project, directory / name, code)
    layout.foreign.clear()
    return layout


def first_lesson(project: Project) -> str:
    """The notebook to open, relative to the workspace."""
    return project.course.units[0].lesson_file


def _place(layout: Layout, known: dict[str, str], name: str, text: str) -> None:
    """Put one file in its place, unless the learner's stands there; ``known`` is kept current."""
    path = layout.directory / name
    new = _hash(text.encode())
    if not path.exists():
        layout.added.append(name)
    else:
        present = _hash(path.read_bytes())
        if present == new:
            known[name] = new
            return
        if present != known.get(name):  # the learner's work
            if _language_in(path) not in (None, layout.language):
                layout.foreign.append(name)
            elif known.get(name) != new:
                layout.kept.append(name)
            return
        layout.updated.append(name)
    write_atomically(path, text)
    known[name] = new


def _language_in(path: Path) -> str | None:
    """The language of a notebook of ours; None when the learner's file says nothing of it."""
    try:
        return str(load_notebook(path)["metadata"]["synthlab"]["language"])
    except (SynthlabError, KeyError, TypeError):
        return None


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read_state(directory: Path) -> dict[str, str]:
    """The hash of every file as we wrote it; a damaged state means: all files are the learner's."""
    try:
        data: Any = json.loads((directory / STATE).read_text(encoding="utf-8"))
        return {str(name): str(value) for name, value in data.items()}
    except (FileNotFoundError, ValueError, AttributeError):
        return {}


def _language_of(directory: Path) -> str:
    code = settings_language(directory)
    return language() if code is None else check_language(code)


def _settle(directory: Path, code: str) -> None:
    """Write the language into the settings, leaving every other line as it is."""
    path = directory / SETTINGS
    line = f'language = "{code}"'
    if not path.exists():
        write_atomically(path, line + "\n")
        return
    try:
        before = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SynthlabError(
            "{file} is damaged: it is not text in UTF-8. Delete it, then run this command again.",
            file=path,
        ) from None
    after, count = re.subn(r"(?m)^language\s*=.*$", line, before, count=1)
    if not count:
        after = f"{line}\n{before}"
    if after != before:
        write_atomically(path, after)
