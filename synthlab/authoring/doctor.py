"""``synthlab doctor``: is everything here that the course needs, and if not, what to do."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from synthlab import manifest
from synthlab.errors import SynthlabError
from synthlab.words import N_, translate

State = Literal["ok", "optional", "problem"]

#: The labextensions that the lessons need, with what each is for.
_EXTENSIONS = ("synthlab-course", "anywidget", "@jupyter-widgets/jupyterlab-manager")
#: A few Arabic letters; a font that draws them draws the course.
_ARABIC = "بتنمدى"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: ``"problem"`` is something that the course needs; ``"optional"`` something that
            only graders or contributors miss.
    """

    subject: str
    state: State
    detail: str

    @property
    def problem(self) -> bool:
        """Whether it must be mended before the course works."""
        return self.state == "problem"

    def __str__(self) -> str:
        word = {
            "ok": translate("cli", "ok"),
            "optional": translate("cli", "optional"),
            "problem": translate("cli", "problem"),
        }[self.state]
        return f"{word:<9} {self.subject}: {self.detail}"


def examine(directory: Path) -> list[Finding]:
    """Look at everything; ``directory`` is where the learner wants to work."""
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _packages,
        _torch,
        _kernel,
        _labextensions,
        _bundles,
        _course,
        lambda: writable(directory),
        arabic_font,
        _browser,
    )
    return [finding for look in looks for finding in look()]


def _packages() -> Iterator[Finding]:
    """Everything that synthlab requires is installed in a version that it can use."""
    from packaging.requirements import Requirement

    yield Finding("Python", "ok", platform.python_version())
    try:
        lines = importlib.metadata.requires("synthlab") or []
    except importlib.metadata.PackageNotFoundError:
        detail = translate("cli", "not installed; run 'make lab' or pip install it.")
        yield Finding("synthlab", "problem", detail)
        return
    for requirement in map(Requirement, lines):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield package(requirement.name, str(requirement.specifier))


def package(name: str, specifier: str) -> Finding:
    """Whether a distribution is installed in a version that a specifier allows."""
    from packaging.specifiers import SpecifierSet

    advice = translate(
        "cli",
        "run: {command}",
        command=f'{Path(sys.executable).name} -m pip install "{name}{specifier}"',
    )
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        missing = translate("cli", "not installed")
        return Finding(name, "problem", f"{missing}; {advice}")
    if not SpecifierSet(specifier, prereleases=True).contains(version):
        unfit = translate("cli", "{version} does not fit", version=version)
        return Finding(name, "problem", f"{unfit}; {advice}")
    return Finding(name, "ok", version)


def _torch() -> Iterator[Finding]:
    """Torch loads: it is compiled code, and may be installed for another machine."""
    try:
        import torch
    except Exception as error:  # an ImportError, an OSError of the loader, a RuntimeError
        reason = translate("cli", "cannot be loaded ({error}); install it again.", error=error)
        yield Finding("torch", "problem", reason)
        return
    threads = translate("cli", N_("{n} thread", "{n} threads"), n=torch.get_num_threads())
    yield Finding("torch", "ok", threads)


def _kernel() -> Iterator[Finding]:
    from jupyter_client.kernelspec import KernelSpecManager

    folders: dict[str, str] = KernelSpecManager().find_kernel_specs()
    subject = translate("cli", "Python kernel")
    if "python3" in folders:
        yield Finding(subject, "ok", folders["python3"])
    else:
        command = f"{Path(sys.executable).name} -m ipykernel install --sys-prefix"
        advice = translate("cli", "not found; run: {command}", command=command)
        yield Finding(subject, "problem", advice)


def _labextensions() -> Iterator[Finding]:
    """JupyterLab finds our extension and the widgets' two, enabled and compatible."""
    command = [sys.executable, "-m", "jupyter", "labextension", "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    yield from labextensions(done.stdout + done.stderr)


def labextensions(listing: str) -> Iterator[Finding]:
    """The findings for what ``jupyter labextension list`` prints."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", listing)
    for name in _EXTENSIONS:
        subject = translate("cli", "labextension {name}", name=name)
        found = re.search(rf"^\s*{re.escape(name)} v(\S+) (.*)$", plain, re.MULTILINE)
        if found is None:
            detail = translate("cli", "not installed; install synthlab again.")
            yield Finding(subject, "problem", detail)
        elif "disabled" in found.group(2):
            command = f"jupyter labextension enable {name}"
            detail = translate("cli", "disabled; run: {command}", command=command)
            yield Finding(subject, "problem", detail)
        elif "OK" not in found.group(2).split():
            detail = translate("cli", "not made for this JupyterLab; install synthlab again.")
            yield Finding(subject, "problem", detail)
        else:
            yield Finding(subject, "ok", found.group(1))


def _bundles() -> Iterator[Finding]:
    spec = importlib.util.find_spec("synthlab_widgets")
    if spec is None or spec.origin is None:
        detail = translate("cli", "not installed; install synthlab again.")
        yield Finding("synthlab_widgets", "problem", detail)
        return
    names = {name for unit in manifest.load().units for name in unit.widgets}
    yield from bundles(Path(spec.origin).parent / "static", sorted(names))


def bundles(folder: Path, widgets: list[str]) -> Iterator[Finding]:
    """Whether the JavaScript of each widget was built."""
    for name in widgets:
        file = folder / f"{manifest.widget_module(name)}.js"
        subject = translate("cli", "widget {name}", name=name)
        if file.is_file() and file.stat().st_size:
            yield Finding(subject, "ok", file.name)
        else:
            detail = translate("cli", "{file} is missing; install synthlab again.", file=file.name)
            yield Finding(subject, "problem", detail)


def _course() -> Iterator[Finding]:
    subject = translate("cli", "course")
    try:
        n = len(manifest.load().units)
    except SynthlabError as error:
        yield Finding(subject, "problem", str(error))
        return
    yield Finding(subject, "ok", translate("cli", N_("{n} unit", "{n} units"), n=n))


def writable(directory: Path) -> Iterator[Finding]:
    """Whether a folder, or the nearest one above it that exists, can be written."""
    there = directory.resolve()
    while not there.exists():
        there = there.parent
    subject = translate("cli", "folder {folder}", folder=directory)
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        yield Finding(subject, "ok", translate("cli", "can be written"))
    else:
        detail = translate("cli", "cannot be written; choose another or change its permissions.")
        yield Finding(subject, "problem", detail)


def arabic_font(letters: str = _ARABIC) -> Iterator[Finding]:
    """Whether the font of the figures draws Arabic."""
    from matplotlib import font_manager

    path = font_manager.findfont(font_manager.FontProperties())
    glyphs = font_manager.get_font(path).get_charmap()
    subject = translate("cli", "Arabic in figures")
    if all(ord(letter) in glyphs for letter in letters):
        yield Finding(subject, "ok", Path(path).name)
    else:
        detail = translate(
            "cli",
            "{font} has no Arabic letters; use DejaVu Sans for figures.",
            font=Path(path).name,
        )
        yield Finding(subject, "optional", detail)


def _browser() -> Iterator[Finding]:
    """The browser that contributors' tests drive; learners need none of its kind."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found:
        yield Finding(names[0], "ok", found)
    else:
        missing = translate("cli", "not found")
        use = translate("cli", "runs the tests that need a browser")
        yield Finding(names[0], "optional", f"{missing}; {use}")
