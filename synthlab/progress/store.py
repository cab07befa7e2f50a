"""The file: found from a folder, read, and changed under a lock so that no write is lost."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from synthlab.errors import SynthlabError
from synthlab.files import write_atomically
from synthlab.progress.record import Answer, Place, Record

#: The folder of a workspace that holds what synthlab remembers of it.
FOLDER = ".synthlab"

#: A process in whose environment this is set writes no progress: one that only runs a learner's
#: notebook for somebody else, who keeps the result.
QUIET = "SYNTHLAB_NO_PROGRESS"

_WAIT = 10.0  # seconds for the lock; a write holds it for some milliseconds


def _now() -> datetime:
    return datetime.now(UTC)


def allowed() -> bool:
    """Whether this process may write progress; one that grades may not."""
    return not (os.environ.get("NBGRADER_EXECUTION") or os.environ.get(QUIET))


def of_folder(start: Path | None = None, now: Callable[[], datetime] = _now) -> Progress | None:
    """The progress of the workspace that a folder is or lies in; None where it is in none.

    Args:
        start: The working folder by default.
        now: The clock.
    """
    try:
        here = (start or Path.cwd()).resolve()
    except OSError:
        return None
    for folder in (here, *here.parents):
        if (folder / FOLDER).is_dir():
            return Progress(folder, now)
    return None


class Progress:
    """The progress of one workspace.

    Args:
        workspace: Its folder.
        now: The clock.
    """

    def __init__(self, workspace: Path, now: Callable[[], datetime] = _now) -> None:
        self.workspace = workspace
        self.file = workspace / FOLDER / "progress.json"
        self._now = now

    def read(self) -> Record:
        """What is kept; an empty record where nothing is, or where the file is damaged.

        Raises:
            SynthlabError: When the file cannot be read, or a newer synthlab wrote it.
        """
        return self._read() or Record()

    def update(self, change: Callable[[Record], Record]) -> Record:
        """Change what is kept, as one step that no other process comes between.

        A damaged file is moved aside first, with the date in its name.

        Raises:
            SynthlabError: When it cannot be written, or a newer synthlab wrote it.
        """
        with self._alone():
            record = self._read()
            if record is None:
                self._set_aside()
                record = Record()
            record = change(record)
            text = json.dumps(record.to_dict(), indent=1, ensure_ascii=False, sort_keys=True)
            write_atomically(self.file, text + "\n")
        return record

    def checked(
        self, question: str, status: str, score: float, open_: Mapping[str, Any] | None = None
    ) -> Record:
        """Keep a verdict; ``open_`` as in `Tried.open`."""

        def change(record: Record) -> Record:
            before = record.tried(question)
            same = bool(open_ and before.open and open_["name"] == before.open["name"])
            return record.with_question(
                question,
                status=status,
                score=score,
                best=max(before.best, score),
                checks=before.checks + 1,
                open=dict(open_) if open_ else None,
                hinted=before.hinted if same else 0,
                at=self._time(),
            )

        return self.update(change)

    def hinted(self, question: str, level: int) -> Record:
        """Count a hint; ``level`` is how many of the open property's hints are now shown."""
        return self.update(
            lambda record: record.with_question(
                question, hints=record.tried(question).hints + 1, hinted=level
            )
        )

    def answered(self, name: str, value: Any, right: bool | None = None) -> Record:
        """Keep the answer to a prediction or a quiz question."""

        def change(record: Record) -> Record:
            before = record.answers.get(name)
            tries = before.tries + 1 if before else 1
            answer = Answer(value, right, tries, self._time())
            return replace(record, answers={**record.answers, name: answer})

        return self.update(change)

    def visited(self, notebook: str, cell: str | None = None) -> Record:
        """Keep where the learner is."""

        def change(record: Record) -> Record:
            opened = {**record.opened}
            opened.setdefault(notebook, self._time())
            return replace(record, opened=opened, place=Place(notebook, cell, self._time()))

        return self.update(change)

    def delete(self) -> bool:
        """Forget everything; returns whether there was something."""
        with self._alone():
            found = self.file.exists()
            self.file.unlink(missing_ok=True)
        return found

    def _time(self) -> str:
        return self._now().isoformat(timespec="seconds")

    def _read(self) -> Record | None:
        """What is kept; None where the file is damaged."""
        try:
            return Record.from_dict(json.loads(self.file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Record()
        except (ValueError, RecursionError):
            return None
        except OSError as error:
            raise SynthlabError(
                "{file} cannot be read ({reason}); change its permissions.",
                file=self.file,
                reason=error.strerror,
            ) from None

    def _set_aside(self) -> None:
        stamp = self._now().strftime("%Y%m%dT%H%M%S")
        self.file.replace(self.file.with_name(f"progress.damaged-{stamp}.json"))

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.file.with_suffix(".lock"), timeout=_WAIT):
                yield
        except Timeout:
            raise SynthlabError(
                "{file} has been in use for {wait:.0f} s, so your progress was not kept; end "
                "the process that holds it.",
                file=self.file,
                wait=_WAIT,
            ) from None
        except OSError as error:
            raise SynthlabError(
                "{file} cannot be written ({reason}), so your progress was not kept; make room "
                "or change its permissions.",
                file=self.file,
                reason=error.strerror,
            ) from None
