"""The built front end: present, small, self-contained."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
import synthlab_widgets

PACKAGE = Path(synthlab_widgets.__file__).parent
#: Every style sheet that we write.
STYLES = sorted(
    path for path in PACKAGE.parent.rglob("*.css")
    if not {"node_modules", "static"} & set(path.parts)
)  # fmt: skip
BUILD = "npm --prefix widgets install && npm --prefix widgets run build"


def built(name: str) -> Path:
    path = PACKAGE / name
    if not path.exists():
        pytest.fail(f"{path} is missing; build the front end with: {BUILD}")
    return path


@pytest.mark.parametrize(
    ("name", "kilobytes"),
    [
        ("collapse_lab", 20),
        ("gan_arena", 20),
        ("gaussian_fit", 12),
        ("truth_explorer", 20),
        ("predict", 15),
        ("quiz", 15),
    ],
)
def test_a_widget_is_one_small_module(name, kilobytes):
    script = built(f"static/{name}.js").read_bytes()
    style = built(f"static/{name}.css").read_bytes()
    assert len(gzip.compress(script)) + len(gzip.compress(style)) <= 1000 * kilobytes
    text = script.decode()
    # Anywidget imports it from a blob: it can load nothing beside it.
    assert not re.search(r"\bimport\s*[({'\"]|\bfrom\s*['\"]", text)
    assert "export" in text


def test_the_labextension_names_its_script():
    folder = built("labextension/package.json").parent
    manifest = json.loads((folder / "package.json").read_text())
    assert manifest["name"] == "synthlab-course"
    script = folder / manifest["jupyterlab"]["_build"]["load"]
    assert script.is_file()
    assert len(gzip.compress(script.read_bytes())) < 60_000


@pytest.mark.parametrize(
    "name",
    [
        "static/collapse_lab.js",
        "static/collapse_lab.css",
        "static/gan_arena.js",
        "static/gan_arena.css",
        "static/truth_explorer.js",
        "static/truth_explorer.css",
        "static/predict.js",
        "static/quiz.js",
        "labextension",
    ],
)
def test_nothing_is_loaded_from_elsewhere(name):
    path = built(name)
    for file in [path] if path.is_file() else [p for p in path.rglob("*") if p.is_file()]:
        text = file.read_text().replace("http://www.w3.org/2000/svg", "")  # a name, not an address
        assert not re.search(r"https?://|//cdn", text), file


@pytest.mark.parametrize("path", STYLES, ids=lambda p: p.name)
def test_styles_follow_the_direction_of_the_text(path):
    """Logical properties alone: nothing has a left, a right, a width or a height."""
    sides = "left|right"
    physical = (
        rf"(?:margin|padding|border)-(?:{sides}|top|bottom)|align:\s*(?:{sides})|float:\s*(?:{sides})"
        rf"|(?<![\w-])(?:{sides}|top|bottom|(?:min-|max-)?(?:width|height)):"
    )
    assert re.findall(physical, path.read_text()) == []
