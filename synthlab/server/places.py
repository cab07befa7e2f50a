"""Which files a request may speak of: those below the server's folder, and their workspace."""

from __future__ import annotations

from pathlib import Path

from synthlab.errors import SynthlabError
from synthlab.progress import FOLDER, Progress, of_folder


class Outside(SynthlabError):  # noqa: N818 - a place, not a fault
    """A path that leads out of the folder that the server serves."""


def confined(root: Path, name: str) -> Path:
    """The file or folder that a request names, relative to the server's folder.

    Links are followed before the place is judged.

    Raises:
        Outside: When it is not below ``root``.
    """
    top = root.resolve()
    try:
        found = (top / name.lstrip("/")).resolve()
        found.exists()  # raises for a name that no file can have
    except (ValueError, OSError, RuntimeError):  # a null byte, a loop of links, too long a name
        raise Outside("This path names no file.") from None
    if not found.is_relative_to(top):
        raise Outside("{name} is outside of the folder that this server serves.", name=name)
    return found


def workspace(root: Path, name: str | None) -> Progress | None:
    """The workspace in which a file lies; without a file, the server's own or its first.

    A workspace above the server's folder is not touched.
    """
    top = root.resolve()
    if name:
        place = confined(root, name)
        found = of_folder(place if place.is_dir() else place.parent)
        if found is not None and found.workspace.is_relative_to(top):
            return found
    for folder in (top, *sorted(path for path in top.glob("*") if path.is_dir())):
        if (folder / FOLDER).is_dir():
            return Progress(folder)
    return None


def relative(root: Path, path: Path) -> str:
    """A path as the browser names it: relative to the server's folder, with ``/``."""
    return path.relative_to(root.resolve()).as_posix()
