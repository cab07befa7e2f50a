"""The folders that authoring reads and writes, as one value that a test can point elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from synthlab import locate, manifest
from synthlab.errors import SynthlabError
from synthlab.manifest import Course, Unit


@dataclass(frozen=True)
class Project:
    """A course on disk.

    Args:
        course_dir: Holds ``course.toml``, the lessons and ``locale/``.
        exercises_dir: Holds the generated student notebooks, one subfolder a language.
        solutions_dir: Holds the exercise sources; None in an installed wheel.
        code_dir: Holds the package ``synthlab``, whose messages are translated.
        widgets_dir: Holds the package ``synthlab_widgets``.
    """

    course_dir: Path
    exercises_dir: Path
    solutions_dir: Path | None = None
    code_dir: Path | None = None
    widgets_dir: Path | None = None

    @classmethod
    def here(cls) -> Project:
        """The course of this installation: the repository's when editable, else the wheel's."""
        root = locate.repository()
        return cls(
            course_dir=locate.course(),
            exercises_dir=locate.exercises(),
            solutions_dir=None if root is None else root / "solutions",
            code_dir=None if root is None else root / "synthlab",
            widgets_dir=None if root is None else root / "widgets" / "synthlab_widgets",
        )

    @classmethod
    def at(cls, root: Path) -> Project:
        """A course laid out like the repository, under any folder."""
        widgets = root / "widgets" / "synthlab_widgets"
        return cls(
            root / "course", root / "exercises", root / "solutions", root / "synthlab", widgets
        )

    @cached_property
    def course(self) -> Course:
        """The manifest."""
        path = self.course_dir / "course.toml"
        try:
            return manifest.parse(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SynthlabError(
                "{file} cannot be read: {reason}.", file=path, reason=error.strerror
            ) from None

    def lesson(self, unit: Unit) -> Path:
        """The lesson's Markdown notebook."""
        return self.course_dir / unit.folder / "lesson.md"

    def exercise(self, unit: Unit, language: str) -> Path:
        """The generated student notebook in one language."""
        return self.exercises_dir / language / f"{unit.id}.ipynb"

    def solution(self, unit: Unit) -> Path:
        """The exercise source.

        Raises:
            SynthlabError: When the sources are not here, as in an installed wheel.
        """
        folder = self.solutions_dir or locate.solutions()
        return folder / f"{unit.id}.py"

    def text(self, unit: Unit, path: Path) -> str:
        """The text of a unit's lesson or exercise source; raises SynthlabError without one."""
        try:
            return path.read_text(encoding="utf-8")
        except OSError as error:
            raise SynthlabError(
                "{file} cannot be read: {reason}. 'synthlab new unit {unit}' writes a first one.",
                file=self.display(path),
                reason=error.strerror,
                unit=unit.id,
            ) from None

    def owns(self, unit: Unit, path: Path) -> bool:
        """Whether a Python source stands in a folder of the unit: its checks, or a widget."""
        checks = [self.code_dir / "checks" / unit.module] if self.code_dir else []
        widgets = [self.widgets_dir / name for name in unit.widget_modules if self.widgets_dir]
        return any(folder in path.parents for folder in (*checks, *widgets))

    def catalogue(self, domain: str, language: str) -> Path:
        """The PO file of one domain in one language."""
        return self.course_dir / "locale" / language / f"{domain}.po"

    @property
    def published(self) -> Path:
        """The list of every id that was ever published."""
        return self.course_dir / "published.toml"

    def display(self, path: Path) -> str:
        """The path as people write it: relative to the folder that holds ``course/``."""
        try:
            return path.relative_to(self.course_dir.parent).as_posix()
        except ValueError:
            return path.as_posix()
