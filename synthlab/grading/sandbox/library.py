"""The library that a sandbox shows: synthlab without its answers, its checks and its judge.

Not the repository and not the installed package, but a copy of the modules that a learner's
code may use. What the exercise at hand asks for (``withheld`` in ``course.toml``) is replaced by
a module that says so when it is imported.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import synthlab
from synthlab import locate
from synthlab.manifest import Unit

_PACKAGE = Path(synthlab.__file__).resolve().parent

#: Folders of the package that are not shown, but for the files below.
_HIDDEN = ("authoring", "checks", "grading", "progress", "server", "_share", "__pycache__")
_HIDDEN_FILES = ("cli.py",)
#: What runs on the learner's side of a check, and what makes a kernel of a process.
_SHOWN = (
    "checks/__init__.py",
    "checks/arguments.py",
    "checks/capture.py",
    "checks/executor.py",
    "checks/faults.py",
    "checks/wire.py",
    "grading/__init__.py",
    "grading/sandbox/__init__.py",
    "grading/sandbox/calls.py",
    "grading/sandbox/joining.py",
    "grading/sandbox/zygote.py",
    "grading/sandbox/inside/__init__.py",
    "grading/sandbox/inside/kernel.py",
)
_STAND_IN = "grading/sandbox/inside/notebook.py"

_WITHHELD = '''\
"""Withheld while an exercise is graded."""

raise ImportError(
    "{module} holds the answer to the exercise {unit!r}, "
    "so it cannot be imported while that exercise is graded."
)
'''

#: What a warm parent imports before any submission is there.
WARM = (
    "numpy",
    "torch",
    "torch.nn.functional",
    "torch.optim",
    "torch._dynamo",  # the first optimizer imports it, in a second and a half
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "IPython.core.completer",
    "IPython.core.interactiveshell",
    "ipykernel.datapub",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "synthlab.data",
    "synthlab.training",
    "synthlab.metrics",
    "synthlab.plots",
    "synthlab.checks.notebook",
    "synthlab.grading.sandbox.inside.kernel",
)


def build(folder: Path, unit: Unit | None) -> Path:
    """Copy what may be shown into ``folder/synthlab``; returns ``folder``.

    Args:
        folder: A new, empty folder.
        unit: The unit whose answers are withheld; None withholds nothing, for tests.
    """
    target = folder / "synthlab"
    shutil.copytree(_PACKAGE, target, ignore=_ignored)
    for name in _SHOWN:
        _copy(_PACKAGE / name, target / name)
    _copy(_PACKAGE / _STAND_IN, target / "checks" / "notebook.py")
    share = target / "_share" / "course"
    share.mkdir(parents=True)
    shutil.copy(locate.course() / "course.toml", share)
    if (locate.course() / "locale").is_dir():
        shutil.copytree(locate.course() / "locale", share / "locale")
    if unit is not None:
        for module in unit.withheld:
            _withhold(folder, module, unit.id)
    return folder


def _ignored(folder: str, names: Sequence[str]) -> Iterable[str]:
    if Path(folder).resolve() == _PACKAGE:
        return [n for n in names if n in _HIDDEN or n in _HIDDEN_FILES]
    return [n for n in names if n == "__pycache__"]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def _withhold(folder: Path, module: str, unit: str) -> None:
    path = folder.joinpath(*module.split("."))
    if path.is_dir():
        shutil.rmtree(path)
    path.with_suffix(".py").write_text(_WITHHELD.format(module=module, unit=unit), encoding="utf-8")
