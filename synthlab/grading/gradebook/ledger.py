"""Ledger of what was judged already, and what came of it: one file a submission.

``.grading/<assignment>/<student>.json`` in the classroom holds what the judge found, under a key
made of everything that it depends on: the submitted files, the released cells, the checks and the
library, the limits. A file whose key still fits needs no judging again. It is written whole or
not at all, before the gradebook is, and says so once the gradebook has it too: an interruption,
whenever it comes, costs at most the submissions that were under way.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import synthlab
from synthlab.checks.core import stable_seed
from synthlab.files import write_atomically
from synthlab.grading.intake.recognition import ReleasedCell
from synthlab.grading.intake.submissions import entries
from synthlab.grading.judging.job import Judged

#: The folder of a classroom that holds the ledger and the course's secret.
FOLDER = ".grading"
_VERSION = 1


@dataclass(frozen=True)
class Entry:
    """One submission in the ledger.

    Attributes:
        key: Of what it was judged for.
        judged: What the judge found, as plain data.
        recorded: Whether the gradebook has it.
        result: The `SubmissionResult` as plain data, once it is recorded.
    """

    key: str
    judged: dict[str, Any]
    recorded: bool = False
    result: dict[str, Any] | None = None


class Ledger:
    """The ledger of one assignment of a classroom.

    Args:
        root: The classroom's folder.
        assignment: The assignment's id.
    """

    def __init__(self, root: Path, assignment: str) -> None:
        self._folder = root / FOLDER / assignment

    def file(self, student: str) -> Path:
        """Where a student's entry is."""
        return self._folder / f"{student}.json"

    def find(self, student: str, key: str) -> Entry | None:
        """The entry of a student, if it is one for this key."""
        try:
            data = json.loads(self.file(student).read_text(encoding="utf-8"))
            entry = Entry(**data["entry"]) if data["version"] == _VERSION else None
        except (OSError, ValueError, TypeError, KeyError):  # no file, or none of ours
            return None
        return entry if entry is not None and entry.key == key else None

    def judged(self, student: str, key: str, judged: Judged) -> Entry:
        """Keep what the judge found."""
        return self._write(student, Entry(key, asdict(judged)))

    def recorded(self, student: str, entry: Entry, result: dict[str, Any]) -> Entry:
        """Note that the gradebook has it."""
        return self._write(student, replace(entry, recorded=True, result=result))

    def _write(self, student: str, entry: Entry) -> Entry:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        text = json.dumps({"version": _VERSION, "entry": asdict(entry)})
        write_atomically(self.file(student), text)
        return entry


def secret(root: Path) -> str:
    """The classroom's secret, from which hidden inputs are drawn; made on first use."""
    path = root / FOLDER / "secret"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        made = secrets.token_hex(32)
        file.write(made + "\n")
    return made


def seed_for(root: Path, assignment: str, student: str) -> int:
    """The seed of a student's hidden inputs: the same at every grading, and nobody's to guess."""
    return stable_seed("submission", secret(root), assignment, student)


def key_of(
    folder: Path, cells: Sequence[ReleasedCell], settings: dict[str, Any], language: str
) -> str:
    """The key of one submission: it changes with everything that the judgement depends on."""
    digest = hashlib.sha256()
    about = [asdict(cell) | {"metadata": dict(cell.metadata)} for cell in cells]
    digest.update(json.dumps([about, settings, language, _code()], sort_keys=True).encode())
    for path in entries(folder):
        digest.update(f"\0{path.relative_to(folder)}\0".encode("utf-8", "surrogateescape"))
        if path.is_symlink():
            digest.update(os.fsencode(path.readlink()))
        elif path.is_file():
            digest.update(_digest(path))
    return digest.hexdigest()


def _digest(path: Path) -> bytes:
    """Of a file's content, whatever its size; of the reason where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        return f"unreadable: {error.strerror}".encode()


@cache
def _code() -> str:
    """The checks, the judge and the library, and the versions of what they compute with."""
    digest = hashlib.sha256()
    package = Path(synthlab.__file__).resolve().parent
    for path in sorted(package.rglob("*.py")):
        digest.update(f"\0{path.relative_to(package)}\0".encode() + path.read_bytes())
    for name in ("torch", "numpy", "scipy"):
        digest.update(f"\0{name} {metadata.version(name)}".encode())
    return digest.hexdigest()
