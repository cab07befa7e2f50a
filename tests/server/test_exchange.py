"""A class's exchange: a real folder, released to by nbgrader, and what the routes do with it."""

from __future__ import annotations

import hashlib
import json
import shutil

import nbformat
import pytest

from synthlab.server.exchange import Exchange
from tests.server.conftest import Server, running
from tests.teacher import enrol, give_feedback, release, teacher


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    return release(tmp_path_factory.mktemp("class"))


@pytest.fixture(scope="module")
def student(classroom, tmp_path_factory):
    """A server of a student, whose nbgrader knows the exchange."""
    home, root = tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("root")
    enrol(home / "config", classroom)
    with running(home, root) as found:
        yield found


def act(server: Server, action: str, assignment: str = "gan", course: str = "my-class"):
    answer = server.post("exchange", action=action, course=course, assignment=assignment)
    [gan] = answer["assignments"]
    return gan


def test_without_an_exchange_there_is_nothing(server):
    assert server.get("exchange") == {"assignments": None}
    found = server.ask(
        "POST", "exchange", json={"action": "fetch", "course": "my-class", "assignment": "gan"}
    )
    assert found.status_code == 400
    assert "not configured" in found.json()["message"]


def test_fetch_submit_with_a_receipt_and_feedback(student, classroom):
    [gan] = student.get("exchange")["assignments"]
    assert gan == {
        "course": "my-class", "id": "gan", "title": "Two networks, one game",
        "fetched": False, "notebooks": [], "submissions": [],
    }  # fmt: skip
    early = student.ask(
        "POST", "exchange", json={"action": "submit", "course": "my-class", "assignment": "gan"}
    )
    assert early.status_code == 400
    assert "not found" in early.json()["message"]

    gan = act(student, "fetch")
    assert (gan["fetched"], gan["notebooks"]) == (True, ["gan/gan.ipynb"])
    file = student.root / "gan" / "gan.ipynb"
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("synthlab", {}).get("role") == "answer":
            cell.source = cell.source.replace("predicted_modes = None", "predicted_modes = 5")
    nbformat.write(notebook, file)

    gan = act(student, "submit")
    [submission] = gan["submissions"]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert submission["receipt"] == digest[:12]
    assert (submission["pages"], submission["waiting"]) == ([], False)
    # what the teacher collects is what the receipt is for
    assert teacher(classroom).collect("gan")["success"]
    [handed_in] = (classroom / "submitted").glob("*/gan/gan.ipynb")
    assert hashlib.sha256(handed_in.read_bytes()).hexdigest() == digest

    give_feedback(classroom, handed_in.parents[1].name)
    [gan] = student.get("exchange")["assignments"]
    assert gan["submissions"][0]["waiting"] is True
    gan = act(student, "feedback")
    [submission] = gan["submissions"]
    assert submission["waiting"] is False
    [page] = submission["pages"]
    assert "How many modes will it find?" in (student.root / page).read_text()


@pytest.mark.parametrize(
    ("action", "course", "assignment"),
    [
        ("fetch", "my-class", "../../etc"),
        ("fetch", "..", "gan"),
        ("submit", "my-class", "*"),
        ("remove", "my-class", "gan"),
    ],
)
def test_what_was_not_released_is_refused(student, classroom, action, course, assignment):
    before = sorted(classroom.parent.joinpath("exchange").rglob("*"))
    found = student.ask(
        "POST", "exchange", json={"action": action, "course": course, "assignment": assignment}
    )
    assert found.status_code == 400, found.text
    assert json.loads(found.text)["message"]
    assert sorted(classroom.parent.joinpath("exchange").rglob("*")) == before


def test_assignments_outside_of_what_is_served_are_refused(tmp_path, monkeypatch):
    from synthlab.server.places import Outside

    (tmp_path / "exchange").mkdir()
    (tmp_path / "served").mkdir()
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        f"c.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
        "c.Exchange.assignment_dir = '..'\n"
    )
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    with pytest.raises(Outside):
        Exchange.configured(tmp_path / "served")
    shutil.rmtree(tmp_path / "exchange")
    assert Exchange.configured(tmp_path / "served") is None


def test_a_configuration_in_the_served_folder_is_not_run(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    served = tmp_path / "served"
    served.mkdir()
    (tmp_path / "exchange").mkdir()
    (served / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.Exchange.root = {str(tmp_path / 'exchange')!r}\n"
        f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    )
    monkeypatch.chdir(served)
    assert Exchange.configured(served) is None
    assert not (tmp_path / "ran").exists()
