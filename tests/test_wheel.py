"""The wheel: what it holds, and that an installation of it finds its course."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from synthlab import locate, manifest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = (ROOT / "synthlab", ROOT / "widgets" / "synthlab_widgets")
SOURCES = [(package, path) for package in PACKAGES for path in sorted(package.rglob("*.py"))]
#: Every folder beside `core` is a widget.
WIDGETS = sorted({path.name for path in (ROOT / "widgets/js/src").iterdir()} - {"core"})


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), "."],
        cwd=ROOT,
        # The front end is built already; building it a second time would test nothing more.
        env=os.environ | {"HATCH_JUPYTER_BUILDER_SKIP_NPM": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = out.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_it_holds_the_library_the_widgets_and_the_labextension(names) -> None:
    labextension = ".data/data/share/jupyter/labextensions/synthlab-course/"
    for expected in (
        "synthlab/__init__.py",
        "synthlab/py.typed",
        *(f"synthlab_widgets/static/{name}.{kind}" for name in WIDGETS for kind in ("js", "css")),
        *(path.relative_to(package.parent).as_posix() for package, path in SOURCES),
    ):
        assert expected in names
    assert any(labextension + "package.json" in name for name in names)
    assert any(labextension + "static/remoteEntry" in name for name in names)


def test_it_enables_the_server_extension(wheel, names) -> None:
    """A path of shared data that is not there is skipped without a word."""
    [config] = [name for name in names if ".data/data/etc/jupyter/" in name]
    assert config.endswith("/jupyter_server_config.d/synthlab.json")
    with zipfile.ZipFile(wheel) as archive:
        enabled = json.loads(archive.read(config))["ServerApp"]["jpserver_extensions"]
    assert enabled == {"synthlab.server": True}
    assert "synthlab/server/__init__.py" in names


def test_it_holds_every_lesson_and_exercise_of_the_manifest_in_every_language(names) -> None:
    course = manifest.load()
    assert "synthlab/_share/course/course.toml" in names
    for unit in course.units:
        assert f"synthlab/_share/course/{unit.folder}/lesson.md" in names
        for language in course.languages:
            assert f"synthlab/_share/exercises/{language}/{unit.id}.ipynb" in names
            if language != "en":
                assert f"synthlab/_share/course/locale/{language}/{unit.id}.po" in names


def test_it_holds_no_answers_and_no_tests(names) -> None:
    strangers = ("solutions/", "tests/", "benchmarks/", "node_modules/")
    assert [n for n in names if any(s in n for s in strangers)] == []


def test_an_installed_wheel_finds_its_course_outside_the_repository(wheel, tmp_path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    code = (
        "from synthlab import locate, manifest, words\n"
        "assert locate.repository() is None\n"
        "unit = manifest.load().units[0]\n"
        "assert unit.lesson.is_file() and unit.exercise('ar').is_file()\n"
        "assert 'site' in str(unit.lesson)\n"
        "try:\n    locate.solutions()\n"
        "except Exception as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "clone of the repository" in done.stdout


def test_the_repository_is_found_when_editable() -> None:
    assert locate.repository() == ROOT
    assert locate.solutions() == ROOT / "solutions"
    assert locate.exercises() == ROOT / "exercises"
