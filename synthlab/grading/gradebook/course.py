"""One nbgrader course folder, seen from Python: its configuration, converters and gradebook.

nbgrader's converters are used as they are. This module loads the configuration that the
``nbgrader`` command would load, keeps the converters' log to itself, and turns a failure into
the sentence that explains it.
"""

from __future__ import annotations

import contextlib
import copy
import logging
import os
import sysconfig
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from synthlab import words
from synthlab.errors import SynthlabError
from synthlab.grading.gradebook.configuration import CONFIG, config_folders, load_config
from synthlab.grading.intake.recognition import ReleasedCell

_LOGGER = "synthlab.grading.nbgrader"

#: The steps of nbgrader's pipeline that run a notebook, and the one that stands for them when the
#: judge has seen it already.
_EXECUTE = ("Execute", "Judge", "JudgeNotebook")
_RECORDED = "synthlab.grading.gradebook.steps.JudgeNotebook"


@dataclass(frozen=True)
class Outcome:
    """What a converter did: whether it finished, and its warnings and errors."""

    success: bool
    log: tuple[str, ...]


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

    def generate(self, assignment: str) -> Outcome:
        """Run nbgrader's ``generate_assignment`` for one assignment."""
        from nbgrader.converters import GenerateAssignment

        return self._convert(GenerateAssignment, assignment, ".")

    def record(
        self,
        assignment: str,
        student: str,
        entry: Path,
        ignore: Sequence[str],
        instead: Path | None = None,
    ) -> Outcome:
        """Run nbgrader's ``autograde`` with what the judge found, in one transaction.

        Args:
            assignment: The assignment's id.
            student: The student's id.
            entry: The file of the ledger that holds what the judge found.
            ignore: Names of files of the submission that nbgrader must not copy.
            instead: A folder below the course's to read in the place of ``submitted``.
        """
        from nbgrader.converters import Autograde
        from traitlets.config import Config

        from synthlab.grading.gradebook.transaction import one_transaction

        steps = [_RECORDED if _name(p) in _EXECUTE else p for p in self._steps()]
        config = Config(
            {
                "Autograde": {"autograde_preprocessors": steps},
                "JudgeNotebook": {"file": str(entry)},
                "CourseDirectory": {"ignore": [*self._coursedir().ignore, *ignore]},
            }
        )
        if instead is not None:
            config.CourseDirectory.submitted_directory = str(instead.relative_to(self.root))
        try:
            with one_transaction(self._coursedir().db_url):
                outcome = self._convert(Autograde, assignment, student, config, force=True)
                if not outcome.success:
                    raise _UndoneError(outcome)
        except _UndoneError as undone:
            return undone.outcome
        return outcome

    def _steps(self) -> list[Any]:
        """What the classroom's configuration lets nbgrader do to a notebook, in order."""
        from nbgrader.converters import Autograde

        chosen = self.config.get("Autograde", {}).get("autograde_preprocessors")
        default: list[Any] = Autograde.autograde_preprocessors.default()
        return list(chosen or default)

    def _coursedir(self, **values: Any) -> Any:
        from nbgrader.coursedir import CourseDirectory

        return CourseDirectory(**{"config": self.config, "root": str(self.root), **values})

    def _convert(
        self, converter: Any, assignment: str, student: str, more: Any = None, **options: Any
    ) -> Outcome:
        config = copy.deepcopy(self.config)
        config.merge(more or {})
        with _captured() as (log, lines), _quiet(), _environment(self.language):
            coursedir = self._coursedir(
                assignment_id=assignment, student_id=student, log=log, config=config
            )
            try:
                converter(coursedir=coursedir, config=config, log=log, **options).start()
            except Exception as error:
                return Outcome(False, (*lines, f"{type(error).__name__}: {error}"))
        return Outcome(True, tuple(lines))


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


def _name(step: Any) -> str:
    """The class name of a preprocessor, which a configuration may give as text."""
    return step.rpartition(".")[2] if isinstance(step, str) else str(step.__name__)


class _UndoneError(Exception):
    """Nothing of a submission was written, because a converter failed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class _Lines(logging.Handler):
    """Collects warnings and errors as plain lines."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(record.getMessage())


@contextlib.contextmanager
def _captured() -> Iterator[tuple[logging.Logger, list[str]]]:
    """A logger whose warnings and errors land in a list and nowhere else."""
    logger = logging.getLogger(_LOGGER)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    lines: list[str] = []
    handler = _Lines(lines)
    logger.addHandler(handler)
    try:
        yield logger, lines
    finally:
        logger.removeHandler(handler)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Silence nbgrader's and nbformat's deprecations: they are not about the submission."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


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
