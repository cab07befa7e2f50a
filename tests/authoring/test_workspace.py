"""The learner's folder: laid out, upgraded, never overwritten."""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from synthlab.authoring import lab
from synthlab.authoring.build import build
from synthlab.authoring.project import Project
from synthlab.authoring.workspace import first_lesson, lay_out
from synthlab.errors import SynthlabError

Edit = Callable[[Path, str, str], None]

LESSON = "lessons/01-tiny.ipynb"
EXERCISE = "exercises/tiny.ipynb"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "my-course"


def improve(project: Project, edit: Edit) -> None:
    """A new version of the course: both notebooks differ."""
    unit = project.course.unit("tiny")
    edit(project.lesson(unit), "Two sentences", "Some sentences")
    edit(project.solution(unit), "Double a number.", "Double any number.")
    build(project)


def test_a_new_workspace(tiny: Project, place: Path) -> None:
    layout = lay_out(tiny, place, "ar")
    assert layout.added == [LESSON, EXERCISE]
    assert (place / "synthlab.toml").read_text() == 'language = "ar"\n'
    unit = tiny.course.unit("tiny")
    assert (place / EXERCISE).read_bytes() == tiny.exercise(unit, "ar").read_bytes()
    notebook = json.loads((place / LESSON).read_text("utf-8"))
    assert notebook["metadata"]["synthlab"] == {"unit": "tiny", "language": "ar"}
    assert (place / first_lesson(tiny)).is_file()


def test_again_without_news_says_nothing(tiny: Project, place: Path) -> None:
    lay_out(tiny, place)
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert list(lay_out(tiny, place).sentences()) == []
    assert {path: path.read_bytes() for path in before} == before


def test_an_upgrade_updates_what_the_learner_did_not_change(
    tiny: Project, place: Path, edit: Edit
) -> None:
    lay_out(tiny, place)
    edit(place / EXERCISE, "raise NotImplementedError", "return 2 * x")
    mine = (place / EXERCISE).read_bytes()
    improve(tiny, edit)
    layout = lay_out(tiny, place)
    assert (layout.added, layout.updated, layout.kept) == ([], [LESSON], [EXERCISE])
    assert (place / EXERCISE).read_bytes() == mine
    assert "Some sentences" in (place / LESSON).read_text("utf-8")
    assert any("newer version of exercises/tiny.ipynb" in line for line in layout.sentences())


def test_a_changed_file_is_no_news_while_the_course_is_the_same(
    tiny: Project, place: Path, edit: Edit
) -> None:
    lay_out(tiny, place)
    edit(place / EXERCISE, "raise NotImplementedError", "return 2 * x")
    assert list(lay_out(tiny, place).sentences()) == []


def test_after_renaming_the_new_version_stands_beside_it(
    tiny: Project, place: Path, edit: Edit
) -> None:
    lay_out(tiny, place)
    edit(place / EXERCISE, "raise NotImplementedError", "return 2 * x")
    improve(tiny, edit)
    (place / EXERCISE).rename(place / "exercises" / "tiny-mine.ipynb")
    assert lay_out(tiny, place).added == [EXERCISE]
    assert "Double any number." in (place / EXERCISE).read_text("utf-8")
    assert "return 2 * x" in (place / "exercises" / "tiny-mine.ipynb").read_text("utf-8")


@pytest.mark.parametrize("state", ["{", "[]", None])
def test_without_its_memory_it_overwrites_nothing(
    tiny: Project, place: Path, edit: Edit, state: str | None
) -> None:
    lay_out(tiny, place)
    memory = place / ".synthlab" / "files.json"
    memory.unlink() if state is None else memory.write_text(state)
    before = {name: (place / name).read_bytes() for name in (LESSON, EXERCISE)}
    improve(tiny, edit)
    layout = lay_out(tiny, place)
    assert sorted(layout.kept) == sorted(before)
    assert {name: (place / name).read_bytes() for name in before} == before


def test_another_language_for_what_is_untouched(tiny: Project, place: Path, edit: Edit) -> None:
    lay_out(tiny, place, "en")
    (place / "synthlab.toml").write_text('# mine\nlanguage = "en"\nother = 1\n')
    edit(place / EXERCISE, "raise NotImplementedError", "return 2 * x")
    layout = lay_out(tiny, place, "ar")
    assert (layout.updated, layout.foreign, layout.kept) == ([LESSON], [EXERCISE], [])
    assert (place / "synthlab.toml").read_text() == '# mine\nlanguage = "ar"\nother = 1\n'
    assert any("synthlab language ar FILE" in line for line in layout.sentences())
    # the next time, the workspace knows its language
    assert lay_out(tiny, place).language == "ar"


def test_what_cannot_be_written_is_told_in_a_sentence(tiny: Project, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("here")
    for place in (file, file / "below"):
        with pytest.raises(SynthlabError, match="cannot be written"):
            lay_out(tiny, place)
    assert file.read_text() == "here"
    with pytest.raises(SynthlabError, match="no language called 'fr'"):
        lay_out(tiny, tmp_path / "new", "fr")
    assert not (tmp_path / "new").exists()


def test_damaged_settings(tiny: Project, place: Path) -> None:
    lay_out(tiny, place)
    (place / "synthlab.toml").write_text("language = 3\nother = 1\n")
    assert lay_out(tiny, place).language == "en"
    assert (place / "synthlab.toml").read_text() == 'language = "en"\nother = 1\n'
    (place / "synthlab.toml").write_text('language = "fr"\n')
    with pytest.raises(SynthlabError, match="no language called 'fr'"):
        lay_out(tiny, place)
    (place / "synthlab.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SynthlabError, match=r"synthlab\.toml is damaged"):
        lay_out(tiny, place)
    assert (place / "synthlab.toml").read_bytes() == b"\xff\xfe"


def test_files_have_ordinary_permissions(tiny: Project, place: Path) -> None:
    mask = os.umask(0o022)
    try:
        lay_out(tiny, place)
    finally:
        os.umask(mask)
    # 0666 without the group's and the others' right to write
    assert stat.S_IMODE((place / LESSON).stat().st_mode) == 0o644


def test_the_lab_command(tmp_path: Path) -> None:
    command = lab.lab_command(tmp_path, LESSON, browser=False, port=8123)
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert f"--LabApp.default_url=/lab/tree/{LESSON}" in command
    assert {"--no-browser", "--ServerApp.port=8123", "--ServerApp.port_retries=0"} < set(command)


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(SynthlabError, match=f"Port {port} cannot be used.*--port"):
            lab.open_lab(tmp_path, LESSON, browser=False, port=port)


def test_without_a_browser_it_says_so_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[list[str]] = []

    class Process:
        def __init__(self, command: list[str], cwd: Path) -> None:
            assert cwd == tmp_path
            started.append(command)

        def wait(self) -> int:
            return 3

    monkeypatch.setattr(lab.subprocess, "Popen", Process)
    monkeypatch.setattr(lab, "has_browser", lambda: False)
    assert lab.open_lab(tmp_path, LESSON) == 3
    assert "--no-browser" in started[0]
    assert "No browser was found" in capsys.readouterr().out
