"""The built front end: present, small, self-contained."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
import synthlab_widgets

PACKAGE = Path(synthlab_widgets.__file__).parent
#: Every folder beside `core` is a widget.
WIDGETS = sorted({path.name for path in (PACKAGE.parent / "js" / "src").iterdir()} - {"core"})
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


@pytest.mark.parametrize("name", WIDGETS)
def test_a_widget_is_one_small_module(name):
    script = built(f"static/{name}.js").read_bytes()
    style = built(f"static/{name}.css").read_bytes()
    # 20 kB are 0.4 s on a slow mobile line of 400 kbit/s
    assert len(gzip.compress(script)) + len(gzip.compress(style)) <= 20_000
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


def test_what_is_built_is_what_has_a_folder():
    assert {path.stem for path in built("static").iterdir()} == set(WIDGETS)


@pytest.mark.parametrize("name", ["static", "labextension"])
def test_nothing_is_loaded_from_elsewhere(name):
    for file in [p for p in built(name).rglob("*") if p.is_file()]:
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
