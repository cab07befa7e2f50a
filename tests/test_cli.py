"""The command line: quick, and one sentence for what is wrong."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from synthlab import cli
from synthlab.errors import SynthlabError


def synthlab(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "synthlab.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", [["--help"], ["new", "--help"], ["verify", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys; from synthlab import cli\n"
        f"sys.argv = ['synthlab', *{arguments!r}]\n"
        "try: cli.main()\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'torch', 'numpy', 'matplotlib', 'nbformat', 'jupytext', 'nbgrader', 'babel'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Usage: synthlab" in done.stdout


def test_every_command_is_there() -> None:
    done = synthlab("--help")
    commands = {line.split()[0] for line in done.stdout.split("Commands:")[1].splitlines() if line}
    assert commands >= {
        "build", "verify", "language", "translate", "new", "doctor", "lab", "classroom", "grade",
        "demo",
    }  # fmt: skip


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`synthlab ARGUMENTS…` in this process."""

    def run(*arguments: str) -> None:
        monkeypatch.setattr(sys, "argv", ["synthlab", *arguments])
        cli.main()

    return run


def test_an_error_is_one_sentence_and_a_status(
    main: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main("verify", "gna")
    assert end.value.code == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "synthlab: There is no unit called 'gna'. Did you mean 'gan'?\n"


@pytest.mark.parametrize("arguments", [["--debug", "verify", "gna"], ["verify", "gna", "--debug"]])
def test_debug_lets_the_error_through(main: Callable[..., None], arguments: list[str]) -> None:
    with pytest.raises(SynthlabError):
        main(*arguments)


def test_an_error_of_the_system_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", str(tmp_path / "file"))

    monkeypatch.setattr(cli, "app", full)
    monkeypatch.setattr(cli.commands, "register", lambda _: None)
    monkeypatch.setattr(sys, "argv", ["synthlab", "build"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 1
    assert capsys.readouterr().err == f"synthlab: {tmp_path / 'file'}: No space left on device.\n"


def test_wrong_usage_is_told_by_the_parser() -> None:
    done = synthlab("lab", "--port", "0")
    assert done.returncode == 2
    assert "--port" in done.stderr
