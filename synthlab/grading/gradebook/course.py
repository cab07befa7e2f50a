"""One nbgrader course folder, seen from Python: its configuration, converters and gradebook.

nbgrader's converters are used as they are, with the configuration that the ``nbgrader`` command
would load; their log is kept back, and explains a failure.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import sys
import sysconfig
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from logging.handlers import BufferingHandler
from pathlib import Path
from typing import Any

from synthlab import words
from synthlab.errors import SynthlabError
from synthlab.grading.gradebook.configuration import CONFIG, config_folders, load_config
from synthlab.grading.intake.recognition import ReleasedCell

#: The steps of nbgrader's pipeline that run a notebook, and ours, which takes over what the judge
#: has found already.
_EXECUTE = ("Execute", "Judge", "JudgeNotebook")
_JUDGE = "synthlab.grading.gradebook.steps.JudgeNotebook"


class NbgraderError(Exception):
    """A converter of nbgrader failed; what it had written in a transaction is undone.

    Args:
        log: Its warnings and errors, the last one being the reason.
    """

    def __init__(self, log: Sequence[str]) -> None:
        super().__init__(log[-1])
        self.log = tuple(log)


@dataclass(frozen=True)
class Course:
    """An nbgrader course folder.

    Args:
        root: The folder, absolute.
    """

    root: Path

    @staticmethod
    def open(directory: Path | str) -> Course:
        """The course in this folder; raise SynthlabError when there is none."""
        root = Path(directory).resolve()
        if not (root / CONFIG).is_file():
            raise SynthlabError(
                "{directory} is not a classroom: it holds no {config}. Make one with 'synthlab "
                "classroom DIR'.",
                directory=directory,
                config=CONFIG,
            )
        return Course(root)

    @property
    def language(self) -> str:
        """The classroom's language, from its ``synthlab.toml``; English where it says none."""
        code = words.settings_language(self.root)
        return code if code is not None and code in words.LANGUAGES else "en"

    @cached_property
    def config(self) -> Any:
        """The configuration that ``nbgrader`` would load here: the user's, then the course's."""
        return load_config([*config_folders(), self.root])

    def assignments(self) -> list[str]:
        """The ids of the assignments in the gradebook."""
        with self.gradebook() as gradebook:
            return [assignment.name for assignment in gradebook.assignments]

    def students(self, assignment: str) -> list[str]:
        """The ids of the students with a folder for this assignment, sorted."""
        submitted = self.root / self._coursedir().submitted_directory
        return sorted(path.parent.name for path in submitted.glob(f"*/{assignment}"))

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Where one step (``"submitted"``, ``"autograded"`` …) of a submission stands."""
        coursedir = self._coursedir()
        name = getattr(coursedir, f"{step}_directory")
        return Path(coursedir.format_path(name, student, assignment))

    def released_cells(self, notebook: str, assignment: str) -> tuple[ReleasedCell, ...]:
        """The cells that the gradebook keeps of a notebook, in the notebook's order."""
        with self.gradebook() as gradebook:
            return released_cells(gradebook, notebook, assignment)

    @contextlib.contextmanager
    def gradebook(self) -> Iterator[Any]:
        """The course's nbgrader gradebook, closed at the end."""
        from nbgrader.api import Gradebook

        coursedir = self._coursedir()
        with _environment(self.language):
            gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        with gradebook:
            yield gradebook

    def generate(self, assignment: str) -> None:
        """Run nbgrader's ``generate_assignment``; raises NbgraderError."""
        from nbgrader.converters import GenerateAssignment

        self._convert(GenerateAssignment, assignment, ".")

    def record(self, assignment: str, student: str, entry: Path, submitted: Path) -> None:
        """Run nbgrader's ``autograde`` with what the judge found, in one transaction.

        Args:
            assignment: The assignment's id.
            student: The student's id.
            entry: The file of the ledger that holds what the judge found.
            submitted: A folder below the course's that holds the repaired submission.

        Raises:
            NbgraderError: When nbgrader fails; nothing of the submission is written then.
        """
        from nbgrader.converters import Autograde
        from traitlets.config import Config

        usual = Autograde(coursedir=self._coursedir(), config=self.config)
        names = ("sanitize_preprocessors", "autograde_preprocessors")
        config = Config(
            {
                "Autograde": {name: _recording(getattr(usual, name)) for name in names},
                "JudgeNotebook": {"file": str(entry)},
                "CourseDirectory": {"submitted_directory": str(submitted.relative_to(self.root))},
            }
        )
        with one_transaction(self._coursedir().db_url):
            self._convert(Autograde, assignment, student, config, force=True)

    def _coursedir(self, **values: Any) -> Any:
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(**{"config": self.config, "root": str(self.root), **values})

    def _convert(
        self, converter: Any, assignment: str, student: str, more: Any = None, **options: Any
    ) -> None:
        config = copy.deepcopy(self.config)
        config.merge(more or {})
        log, kept = logging.Logger("nbgrader", logging.WARNING), BufferingHandler(sys.maxsize)
        log.addHandler(kept)
        with warnings.catch_warnings(), _environment(self.language):
            warnings.simplefilter("ignore")  # deprecations, which are not about the submission
            coursedir = self._coursedir(
                assignment_id=assignment, student_id=student, log=log, config=config
            )
            try:
                converter(coursedir=coursedir, config=config, log=log, **options).start()
            except Exception as error:
                lines = [record.getMessage() for record in kept.buffer]
                raise NbgraderError([*lines, f"{type(error).__name__}: {error}"]) from error


def released_cells(gradebook: Any, notebook: str, assignment: str) -> tuple[ReleasedCell, ...]:
    """Read a notebook's cells from an open gradebook, with their full schema-3 metadata."""
    found = gradebook.find_notebook(notebook, assignment)
    points = {cell.name: float(cell.max_score) for cell in found.grade_cells}
    answers = {cell.name for cell in found.solution_cells}
    return tuple(
        ReleasedCell(
            cell.name, cell.cell_type, cell.source, _metadata(cell, points.get(cell.name), answers)
        )
        for cell in found.source_cells
    )


def _metadata(cell: Any, points: float | None, answers: set[str]) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": cell.name,
        "grade": points is not None,
        "solution": cell.name in answers,
        "locked": bool(cell.locked),
        "task": False,
        "cell_type": cell.cell_type,
    }
    if points is not None:
        metadata["points"] = points
    if cell.checksum is not None:
        metadata["checksum"] = cell.checksum
    return metadata


def _recording(steps: Sequence[Any]) -> list[Any]:
    """Steps of a pipeline for a notebook that is repaired and judged already."""
    names = [s.rpartition(".")[2] if isinstance(s, str) else s.__name__ for s in steps]
    return [
        _JUDGE if name in _EXECUTE else step
        for name, step in zip(names, steps, strict=True)
        if name != "RestoreCells"
    ]


@contextlib.contextmanager
def _environment(language: str) -> Iterator[None]:
    """What nbgrader and its kernels inherit: the classroom's language and this Python's tools.

    nbgrader sets ``NBGRADER_EXECUTION`` and, when a notebook fails, leaves it set; so the
    whole environment is put back.
    """
    before = dict(os.environ)
    os.environ["SYNTHLAB_LANGUAGE"] = language
    # For a new gradebook nbgrader calls `alembic` by its name alone, which a Python that was
    # started by its path (.venv/bin/synthlab) would not find.
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), before.get("PATH", "")])
    # The debugger's remark about frozen modules would land on our own stderr.
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextlib.contextmanager
def one_transaction(db_url: str) -> Iterator[None]:
    """Let everything that opens this gradebook in the block write all of it or nothing.

    nbgrader opens its gradebook a dozen times for a submission and commits after every cell, so
    that an interruption leaves half of the scores. It does so through
    ``nbgrader.api.create_engine``; in the block that gives everybody the same connection, on
    which a commit of a session takes effect only when the whole submission is written.
    (SQLAlchemy: "joining a session into an external transaction".)
    """
    import sqlalchemy
    from nbgrader import api

    engine = sqlalchemy.create_engine(db_url)
    original = api.create_engine
    try:
        with engine.connect() as connection:
            ours: Any = connection
            ours.dispose = lambda: None  # what a gradebook calls when it is closed

            def shared(url: str, **options: Any) -> Any:
                return ours if url == db_url else original(url, **options)

            with connection.begin():
                api.create_engine = shared
                try:
                    yield
                finally:
                    api.create_engine = original
    finally:
        engine.dispose()
