"""`synthlab doctor` names what is missing and what to do."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from synthlab.authoring import doctor

LISTING = """\
JupyterLab v4.6.6
/venv/share/jupyter/labextensions
        anywidget v0.11.0 \x1b[32menabled\x1b[0m \x1b[32mOK\x1b[0m
        @jupyter-widgets/jupyterlab-manager v5.0.16 {state} (python, jupyterlab_widgets)
        synthlab-course v0.1.0 enabled OK
"""


@pytest.mark.parametrize(
    ("state", "problem", "says"),
    [
        ("enabled OK", False, "5.0.16"),
        ("disabled OK", True, "jupyter labextension enable @jupyter-widgets/jupyterlab-manager"),
        ("enabled X", True, "not made for this JupyterLab"),
    ],
)
def test_labextensions(state: str, problem: bool, says: str) -> None:
    findings = {f.subject: f for f in doctor.labextensions(LISTING.format(state=state))}
    manager = findings.pop("labextension @jupyter-widgets/jupyterlab-manager")
    assert manager.problem is problem
    assert says in manager.detail
    assert [f.state for f in findings.values()] == ["ok", "ok"]


def test_a_labextension_that_is_not_there() -> None:
    findings = list(doctor.labextensions("JupyterLab v4.6.6\n"))
    assert [f.problem for f in findings] == [True, True, True]


def test_packages() -> None:
    version = importlib.metadata.version("pytest")
    assert str(doctor.package("pytest", f">={version}")) == f"ok        pytest: {version}"
    old = doctor.package("pytest", f"<{version}")
    assert old.problem
    assert f'-m pip install "pytest<{version}"' in old.detail
    assert doctor.package("no-such-distribution", "").detail.startswith("not installed; run:")


def test_bundles(tmp_path: Path) -> None:
    (tmp_path / "gan_arena.js").write_text("export default {}")
    (tmp_path / "flow_warp.js").write_text("")  # an interrupted build
    found = {f.subject: f.problem for f in doctor.bundles(tmp_path, ["GanArena", "FlowWarp", "X"])}
    assert found == {"widget GanArena": False, "widget FlowWarp": True, "widget X": True}


def test_folders(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    places = {tmp_path: False, tmp_path / "new" / "deep": False, tmp_path / "file": True}
    found = {place: finding.problem for place in places for finding in doctor.writable(place)}
    assert found == places


def test_the_font_of_the_figures_draws_arabic() -> None:
    # matplotlib ships DejaVu Sans, which draws Arabic; no font draws a private-use letter
    assert [f.state for f in doctor.arabic_font()] == ["ok"]
    assert [f.state for f in doctor.arabic_font("\ue000")] == ["optional"]


def test_the_whole_examination_is_told_line_by_line(tmp_path: Path) -> None:
    findings = doctor.examine(tmp_path)
    subjects = [finding.subject for finding in findings]
    assert {"Python", "torch", "Python kernel", "course", "Arabic in figures"} <= set(subjects)
    assert all(finding.detail for finding in findings)
