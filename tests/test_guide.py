"""Guided pages: read, translated, and refused in a sentence when something is wrong."""

from __future__ import annotations

import pytest

from synthlab import guide, manifest
from synthlab.errors import SynthlabError
from synthlab.experiments import read

PAGES = """\
# A walk

## First page

```toml
layers = ["field", "real"]
light = "plane"
act = [{ command = "step", parts = ["generator"] }]
```

One paragraph
over two lines.

Another with `code`.

## Second page

Text.
"""


@pytest.fixture
def write(tmp_path):
    def write_(text: str):
        path = tmp_path / "guide.md"
        path.write_text(text, encoding="utf-8")
        return path

    return write_


def test_pages_are_read_as_they_stand(write):
    first, second = guide.read(write(PAGES))
    assert first == guide.Page(
        "first-page",
        "First page",
        ("One paragraph over two lines.", "Another with `code`."),
        ("field", "real"),
        "plane",
        ({"command": "step", "parts": ["generator"]},),
    )
    assert (second.layers, second.light, second.act) == (None, None, ())


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"real"', '"reel"', "no layer called 'reel' .* Did you mean 'real'"),
        ('"plane"', '"plain"', "no part of the picture .* Did you mean 'plane'"),
        ('"step"', '"stepp"', "no command .* Did you mean 'step'"),
        ("light =", "lights =", "entry of a page .* 'lights'"),
        ("layers = [", "layers = ", "page 'First page'"),
        ("\nText.\n", "", "'Second page': a page needs at least one paragraph"),
        ("Second page", "First page", "two pages called 'first-page'"),
    ],
)
def test_what_is_wrong_is_told_with_its_page(write, old, new, sentence):
    with pytest.raises(SynthlabError, match=sentence):
        guide.read(write(PAGES.replace(old, new)))


GUIDED = [unit.id for unit in manifest.load().units if guide.pages(unit.id)]


@pytest.mark.parametrize("unit", GUIDED)
def test_a_guide_is_there_in_both_languages(unit):
    english, arabic = (guide.translated(unit, code) for code in ("en", "ar"))
    for page, other in zip(english, arabic, strict=True):
        assert page["title"] != other["title"]
        assert len(page["text"]) == len(other["text"])
        assert all(a != b for a, b in zip(page["text"], other["text"], strict=True))
        assert page.get("act") == other.get("act")


def test_the_states_that_the_guides_load_exist():
    acts = [act for unit in GUIDED for page in guide.pages(unit) for act in page.act]
    texts = [act["text"] for act in acts if act["command"] == "load"]
    assert texts
    for text in texts:
        read(text)
