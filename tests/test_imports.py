"""Who may import whom: an arrow only points down."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Top to bottom; what stands in one row may import its own row, without going in circles.
LAYERS = (
    ("cli", "server"),
    ("authoring", "grading"),
    ("checks",),
    ("plots", "metrics"),
    ("experiments",),
    ("training",),
    ("models",),
    ("data",),
    (
        "words",
        "progress",
        "guide",
        "quiz",
        "figure",
        "blocks",
        "glossary",
        "manifest",
        "locate",
        "files",
        "errors",
        "sentence",
    ),
)
#: The rooms of grading, top to bottom; what stands beside them is the way in.
ROOMS = ("results", "gradebook", "judging", "intake", "untrusted", "sandbox")
HEIGHT = {name: -row for row, names in enumerate(LAYERS) for name in names}

#: The package's own `__init__` offers names of every layer, lazily.
LIBRARY = [
    p for p in sorted((ROOT / "synthlab").rglob("*.py")) if p != ROOT / "synthlab/__init__.py"
]
WIDGETS = sorted((ROOT / "widgets" / "synthlab_widgets").rglob("*.py"))
CONTENT = {"course", "exercises", "solutions"}


def nodes(path: Path, typing: bool) -> Iterator[ast.AST]:
    """Every node of a file; without ``typing`` none that only a type checker looks at."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        yield node
        checked = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        waiting += node.orelse if checked and not typing else ast.iter_child_nodes(node)


def imported(path: Path, typing: bool = True) -> Iterator[str]:
    """The absolute dotted name of every import in a file, those inside functions included."""
    package = path.relative_to(ROOT / "widgets" if "widgets" in path.parts else ROOT).parts[:-1]
    for node in nodes(path, typing):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            argument = node.args[0]
            if isinstance(argument, ast.Constant):
                yield str(argument.value)
            elif isinstance(argument, ast.JoinedStr):  # f"synthlab.checks.{unit}"
                yield ast.unparse(argument.values[0]).strip("'")


def layers_of(path: Path) -> set[str]:
    """The layers of synthlab that a file imports."""
    names = [name.split(".") for name in imported(path)]
    return {name[1] for name in names if name[0] == "synthlab" and len(name) > 1} & HEIGHT.keys()


def layer(path: Path) -> str:
    """The layer that a file of synthlab belongs to."""
    first = path.relative_to(ROOT / "synthlab").parts[0]
    return first.removesuffix(".py")


def test_every_module_has_a_layer() -> None:
    assert {layer(path) for path in LIBRARY} <= HEIGHT.keys()


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_library_imports_downwards(path: Path) -> None:
    own = layer(path)
    above = {name for name in layers_of(path) if HEIGHT[name] > HEIGHT[own]}
    assert not above, f"{own} may not import {above}"


def module(path: Path) -> str:
    """The dotted name of a file; of a package, for its ``__init__``."""
    root = ROOT / "widgets" if path in WIDGETS else ROOT
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def test_no_file_goes_in_circles() -> None:
    """Imports inside functions count; those that only a type checker follows do not."""
    files = {module(path): path for path in [ROOT / "synthlab/__init__.py", *LIBRARY, *WIDGETS]}
    arrows: dict[str, set[str]] = {}
    for name, path in files.items():
        targets = (n if n in files else n.rpartition(".")[0] for n in imported(path, typing=False))
        arrows[name] = {target for target in targets if target in files and target != name}
    list(graphlib.TopologicalSorter(arrows).static_order())  # raises CycleError


def test_the_rooms_of_grading_import_downwards() -> None:
    for path in LIBRARY:
        own = module(path).split(".")
        if own[1] != "grading" or own[2:3] == [] or own[2] not in ROOMS:
            continue
        names = [name.split(".") for name in imported(path, typing=False)]
        rooms = {name[2] for name in names if name[:2] == ["synthlab", "grading"] and name[2:]}
        below = ROOMS[ROOMS.index(own[2]) :]
        assert rooms <= {*below}, f"{module(path)} imports {rooms - {*below}}"


@pytest.mark.parametrize("path", WIDGETS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_widgets_import_from_plots_down(path: Path) -> None:
    above = {name for name in layers_of(path) if HEIGHT[name] > HEIGHT["plots"]}
    assert not above


def test_nobody_imports_widgets_or_content() -> None:
    for path in [*LIBRARY, *WIDGETS, ROOT / "synthlab" / "__init__.py"]:
        first = {name.split(".")[0] for name in imported(path)}
        assert not first & CONTENT, path
        if path not in WIDGETS:
            assert "synthlab_widgets" not in first, path


def test_imports_inside_functions_are_seen() -> None:
    path = ROOT / "synthlab" / "authoring" / "proof.py"  # imports its judge when it is needed
    assert "synthlab.checks.run.evaluate" in set(imported(path))
