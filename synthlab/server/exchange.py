"""A class's exchange in the sidebar: fetch, submit, feedback, all done by nbgrader's own classes.

What is here says which of them, with which configuration, and tells in plain data what came of it.
nbgrader's own server extension changes the working folder of the whole server while it does these
things. Ours gives every path absolutely instead, so that they can be done in a thread. nbgrader
also runs an ``nbgrader_config.py`` of the folder that it works in. Ours does not: to open a folder
must not run what lies in it, so only the user's and the machine's configuration count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthlab import manifest
from synthlab.errors import SynthlabError, unknown
from synthlab.grading.gradebook.configuration import config_folders, load_config
from synthlab.server.places import Outside, relative
from synthlab.words import translate

#: What can be done with an assignment, and nbgrader's class that does it.
ACTIONS = {"fetch": "FetchAssignment", "submit": "Submit", "feedback": "FetchFeedback"}
#: Digits of a receipt.
_RECEIPT = 12


@dataclass(frozen=True)
class Exchange:
    """The exchange that nbgrader is configured for.

    Args:
        root: The folder that the server serves.
        config: nbgrader's configuration, with absolute paths.
    """

    root: Path
    config: Any

    @classmethod
    def configured(cls, root: Path) -> Exchange | None:
        """The exchange; None where nbgrader is not configured for one that is there.

        Raises:
            SynthlabError: When the configuration cannot be loaded.
            Outside: When assignments would lie outside of what the server serves.
        """
        from nbgrader.exchange.default import Exchange as Folder

        top = root.resolve()
        found = cls(top, load_config(config_folders()))
        lister = found._make("List")
        if isinstance(lister, Folder) and not Path(lister.root).is_dir():
            return None
        place = (top / lister.assignment_dir).resolve()
        if not place.is_relative_to(top):
            raise Outside(
                "nbgrader's assignment_dir, {place}, is outside of what is served here.",
                place=place,
            )
        found.config.Exchange.assignment_dir = str(place)
        return found

    def assignments(self, language: str) -> list[dict[str, Any]]:
        """What was released, how far each is, and what was handed in, newest first.

        Raises:
            SynthlabError: When the exchange cannot be read.
        """
        submitted = {
            (row["course_id"], row["assignment_id"]): row["submissions"]
            for row in self._do("List", cached=True)
        }
        return [
            {
                "course": row["course_id"],
                "id": row["assignment_id"],
                "title": _title(row["assignment_id"], language),
                "fetched": row["status"] == "fetched",
                "notebooks": [self._relative(n["path"]) for n in row["notebooks"]]
                if row["status"] == "fetched"
                else [],
                "submissions": [
                    self._submission(found)
                    for found in reversed(
                        submitted.get((row["course_id"], row["assignment_id"]), [])
                    )
                ],
            }
            for row in self._do("List")
        ]

    def act(self, action: str, course: str, assignment: str) -> None:
        """Fetch an assignment, hand it in, or fetch its feedback.

        Raises:
            SynthlabError: When nothing like it was released, or nbgrader refuses.
        """
        if action not in ACTIONS:
            raise unknown("There is no action called {name}.", action, tuple(ACTIONS))
        released = [(row["course_id"], row["assignment_id"]) for row in self._do("List")]
        if (course, assignment) not in released:  # a name is part of a path from here on
            raise unknown(
                "There is no assignment called {name}.",
                assignment,
                tuple(name for _, name in released),
            )
        self._do(ACTIONS[action], course=course, assignment=assignment)

    def _make(self, name: str, course: str = "", assignment: str = "", **options: Any) -> Any:
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.exchange import ExchangeFactory

        config = self.config.copy()
        if course:
            config.CourseDirectory.course_id = course
        if assignment:
            config.CourseDirectory.assignment_id = assignment
        return getattr(ExchangeFactory(config=config), name)(
            coursedir=CourseDirectory(config=config),
            authenticator=Authenticator(config=config),
            config=config,
            **options,
        )

    def _do(self, name: str, **options: Any) -> Any:
        from nbgrader.exchange import ExchangeError

        try:
            return self._make(name, **options).start()
        except (ExchangeError, RuntimeError, OSError) as error:
            raise SynthlabError("nbgrader: {reason}", reason=error) from None

    def _submission(self, found: dict[str, Any]) -> dict[str, Any]:
        from dateutil.parser import parse  # type: ignore[import-untyped]

        notebooks: Sequence[dict[str, Any]] = found["notebooks"]
        pages = [n["local_feedback_path"] for n in notebooks if n["has_local_feedback"]]
        return {
            "at": parse(found["timestamp"]).isoformat(),
            "receipt": receipt([Path(n["path"]) for n in notebooks]),
            "pages": [self._relative(page) for page in pages],
            "waiting": found["has_exchange_feedback"]
            and (not found["has_local_feedback"] or found["feedback_updated"]),
        }

    def _relative(self, path: str) -> str:
        return relative(self.root, Path(path).resolve())


def receipt(notebooks: Sequence[Path]) -> str:
    """A few digits that tell what was handed in from anything else: of a SHA-256 of its notebooks.

    nbgrader keeps a copy of every submission, of which it is made; an instructor who has the
    submitted notebook finds the same digits with ``sha256sum`` where it is the only one.
    """
    digest = hashlib.sha256()
    for path in sorted(notebooks):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:_RECEIPT]


def _title(assignment: str, language: str) -> str:
    """A unit's title; an assignment that is none keeps its name."""
    units = {unit.id: unit.title for unit in manifest.load().units}
    return translate("course", units[assignment], language) if assignment in units else assignment
