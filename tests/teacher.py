"""A teacher's side of nbgrader's exchange, for tests of a student's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synthlab.grading.autograde import grade_class
from synthlab.grading.gradebook.classroom import make_classroom


def release(folder: Path) -> Path:
    """A classroom of the GAN exercise, released into ``folder/exchange``; returns the classroom."""
    exchange = folder / "exchange"
    exchange.mkdir(parents=True)
    exchange.chmod(0o777)
    root = make_classroom(folder / "my-class", units=["gan"]).root
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"\nc.Exchange.root = {str(exchange)!r}\n")
    assert teacher(root).release_assignment("gan")["success"]
    return root


def teacher(root: Path) -> Any:
    """nbgrader's own programming interface, as formgrader uses it."""
    from nbgrader.apps.api import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config.loader import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    return NbGraderAPI(CourseDirectory(config=config, root=str(root)), config=config)


def enrol(folder: Path, classroom: Path) -> None:
    """Write the configuration of a student's nbgrader into a folder where it looks for one."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.course_id = 'my-class'\n"
        f"c.Exchange.root = {str(classroom.parent / 'exchange')!r}\n"
    )


def give_feedback(classroom: Path, student: str) -> None:
    """Grade what was collected, and give the feedback back."""
    grade_class(classroom, "gan", jobs=1)
    api = teacher(classroom)
    assert api.generate_feedback("gan", student)["success"]
    assert api.release_feedback("gan", student)["success"]
