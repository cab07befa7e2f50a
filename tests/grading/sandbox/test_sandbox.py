"""The box from outside: what it shows, and how its sockets are reached."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from synthlab import locate
from synthlab.errors import SynthlabError
from synthlab.grading.sandbox import bubblewrap
from synthlab.grading.sandbox.limits import Host, Limits, Walls
from synthlab.grading.sandbox.provisioner import SandboxProvisioner


def _words(command: list[str], option: str) -> list[str]:
    return [command[i + 1] for i, word in enumerate(command) if word == option]


def _command() -> list[str]:
    readable = bubblewrap.python_folders()
    return bubblewrap._command(Walls(), Limits(), Host(), readable, None)


@pytest.mark.parametrize("kind", ["wheel", "repository"])
def test_an_installed_library_is_covered_wherever_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    """In the system's Python too; and ``pip install -e git+…`` installs the answers with it."""
    package = tmp_path / "lib" / "synthlab"
    package.mkdir(parents=True)
    repository = package.parent if kind == "repository" else None
    monkeypatch.setattr("synthlab.__file__", str(package / "__init__.py"))
    monkeypatch.setattr(locate, "repository", lambda: repository)
    monkeypatch.setattr(bubblewrap, "_SYSTEM", (str(tmp_path),))
    hidden = package.parent if repository else package
    assert str(hidden) in _words(_command(), "--tmpfs")
    assert str(hidden) in _words(_command(), "--remount-ro")


def test_mounts_come_after_those_that_would_cover_them() -> None:
    command = _command()
    places = [
        (i, command[i + (1 if word == "--tmpfs" else 2)])
        for i, word in enumerate(command)
        if word in ("--tmpfs", "--ro-bind", "--bind")
    ]
    for i, outer in places:
        for j, inner in places:
            assert not (i > j and Path(inner) != Path(outer) and Path(inner).is_relative_to(outer))


def _provisioner() -> SandboxProvisioner:
    return SandboxProvisioner(kernel_id="k", kernel_spec=None, parent=None)


def _bind(path: Path) -> socket.socket:
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()
    return server


def test_sockets_are_held_whatever_their_names_lead_to_later(tmp_path: Path) -> None:
    servers = {n: _bind(tmp_path / f"kernel-{n}") for n in (1, 4)}
    provisioner = _provisioner()
    held = provisioner._hold_sockets(tmp_path)
    elsewhere = _bind(tmp_path / "elsewhere")
    elsewhere.settimeout(0.2)
    (tmp_path / "kernel-1").unlink()
    (tmp_path / "kernel-1").symlink_to(tmp_path / "elsewhere")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(f"{held}-1")
        servers[1].accept()[0].close()
    with pytest.raises(TimeoutError):
        elsewhere.accept()
    provisioner._take_away()
    assert not Path(f"{held}-1").exists()


def test_a_link_in_the_place_of_a_socket_is_refused(tmp_path: Path) -> None:
    _bind(tmp_path / "elsewhere")
    for number in (1, 4):
        (tmp_path / f"kernel-{number}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SynthlabError, match="something else than a socket"):
        _provisioner()._hold_sockets(tmp_path)
