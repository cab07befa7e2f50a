"""Where the course's files are: in the repository when editable, in the wheel otherwise.

Nothing imports ``course/``, ``exercises/`` or ``solutions/``. They are read as files, and
every path to them comes from here.
"""

from __future__ import annotations

from pathlib import Path

from synthlab.errors import SynthlabError

_PACKAGE = Path(__file__).resolve().parent
_SHARE = _PACKAGE / "_share"


def repository() -> Path | None:
    """The root of the repository, or None when synthlab runs from an installed wheel."""
    if _SHARE.is_dir():
        return None
    root = _PACKAGE.parent
    return root if (root / "course" / "course.toml").is_file() else None


def _root() -> Path:
    root = repository() or _SHARE
    if not (root / "course" / "course.toml").is_file():
        raise SynthlabError(
            "The course's files are missing from this installation of synthlab; "
            "install it again from its wheel or from a clone of the repository."
        )
    return root


def course() -> Path:
    """The folder with ``course.toml``, the lessons and ``locale/``."""
    return _root() / "course"


def exercises() -> Path:
    """The folder with the generated student notebooks, one subfolder a language."""
    return _root() / "exercises"


def solutions() -> Path:
    """The folder with the exercise sources; it exists in the repository alone.

    Raises:
        SynthlabError: When synthlab was installed from a wheel, which holds no answers.
    """
    root = repository()
    if root is None:
        raise SynthlabError(
            "This command reads the exercise sources in solutions/, which are not part of an "
            "installed synthlab; run it in a clone of the repository with an editable install."
        )
    return root / "solutions"
