"""``synthlab classroom DIR``: a normal nbgrader course, made from the released exercises.

The source tree comes from ``exercises/<language>/`` and therefore holds no answers. Making a
classroom again adds the assignments that are new and touches nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synthlab import manifest, words
from synthlab.errors import SynthlabError
from synthlab.files import write_atomically
from synthlab.grading.gradebook.configuration import CONFIG
from synthlab.grading.gradebook.course import Course, NbgraderError

_CONFIG = '''\
"""nbgrader's configuration of this classroom, written by `synthlab classroom`.

It is yours to edit: the command never writes it again.
"""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "{course_id}"

# The source tree holds the exercises as they are released, without answers. ClearSolutions
# would replace a stub, with its signature and docstring, by nbgrader's own.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# A submission with deleted, duplicated or foreign cells is put right before it is graded.
c.Autograde.sanitize_preprocessors = [
    "synthlab.grading.gradebook.steps.RestoreCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.OverwriteCells.add_missing_cells = True

# A notebook runs in a sandbox, its checks are decided outside of it, and what it holds does
# nothing in formgrader. NeutralNotebook stands behind everything that compares with the release.
c.Autograde.autograde_preprocessors = [
    "synthlab.grading.gradebook.steps.JudgeNotebook",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "synthlab.grading.gradebook.steps.NeutralNotebook",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# The late penalty is worked out again, because a person may have given points since.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.GetGrades",
    "synthlab.grading.gradebook.steps.NeutralFeedback",
    "synthlab.grading.gradebook.late.LateNotice",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# What late work costs: "none", "zero", or "percent" of the points for every day begun.
c.AssignLatePenalties.plugin_class = "synthlab.grading.gradebook.late.LatePolicy"
# c.LatePolicy.penalty_method = "percent"
# c.LatePolicy.percent_per_day = 10
# c.LatePolicy.cap_percent = 50
'''


@dataclass(frozen=True)
class Classroom:
    """What `make_classroom` found and made.

    Attributes:
        root: The course folder.
        added: Ids of the assignments that were added now.
        kept: Ids of the assignments that were there before.
    """

    root: Path
    added: tuple[str, ...]
    kept: tuple[str, ...]


def make_classroom(
    directory: Path | str, language: str = "en", units: Sequence[str] | None = None
) -> Classroom:
    """Make an nbgrader course of the exercises, or add new assignments to one.

    Args:
        directory: A new or empty folder, or a classroom made earlier.
        language: The language of the notebooks and of the verdicts.
        units: Ids of the units to hand out; all of the course by default.

    Returns:
        The classroom with what was added to it.

    Raises:
        SynthlabError: When the folder holds something else, has another language or cannot be
            written, or when a unit or language does not exist.
    """
    words.check_language(language)
    course = manifest.load()
    chosen = [course.unit(name) for name in units] if units is not None else list(course.units)
    root = Path(directory).resolve()
    try:
        _must_suit(root, directory, language)
        root.mkdir(parents=True, exist_ok=True)
        _write_new(root / words.SETTINGS, f'language = "{language}"\n')
        config = _CONFIG.format(course_id=_course_id(root))
        _write_new(root / CONFIG, config)
        added = [unit.id for unit in chosen if _add(Course(root), unit, language)]
    except OSError as error:
        raise SynthlabError(
            "{directory} cannot be written ({reason}); choose another folder or change its "
            "permissions.",
            directory=directory,
            reason=error.strerror,
        ) from error
    kept = [unit.id for unit in chosen if unit.id not in added]
    return Classroom(root, tuple(added), tuple(kept))


def _must_suit(root: Path, shown: Path | str, language: str) -> None:
    if root.exists() and not root.is_dir():
        raise SynthlabError("{folder} is a file; name a folder for the classroom.", folder=shown)
    if not root.is_dir():
        return
    names = {path.name for path in root.iterdir()}
    if CONFIG in names:
        before = Course(root).language
        if before != language:
            raise SynthlabError(
                "{folder} is a classroom in {before}; make the one in {language} in another "
                "folder.",
                folder=shown,
                before=words.LANGUAGES[before],
                language=words.LANGUAGES[language],
            )
    elif names - {words.SETTINGS}:
        raise SynthlabError(
            "{folder} is not empty and not a classroom; name a new or an empty folder.",
            folder=shown,
        )


def _course_id(root: Path) -> str:
    """A name that nbgrader's exchange takes: letters, digits, dashes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", root.name).strip("-") or "synthlab"


def _add(course: Course, unit: manifest.Unit, language: str) -> bool:
    """Add one assignment; False when the gradebook already knows it."""
    if unit.id in course.assignments():
        return False
    notebook = unit.exercise(language)
    if not notebook.is_file():
        raise SynthlabError(
            "The exercise {unit!r} has no notebook in {language} yet; run 'synthlab build' "
            "in a clone of the repository.",
            unit=unit.id,
            language=words.LANGUAGES[language],
        )
    source = course.folder("source", ".", unit.id)
    _write_new(source / notebook.name, notebook.read_text(encoding="utf-8"))
    try:
        course.generate(unit.id)
    except NbgraderError as error:
        raise SynthlabError(
            "nbgrader could not generate the assignment {unit!r}: {reason}",
            unit=unit.id,
            reason=error,
        ) from error
    return True


def _write_new(path: Path, text: str) -> None:
    """Write a whole file or none, and never over one that is there."""
    if not path.exists():
        write_atomically(path, text)
