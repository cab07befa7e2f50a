"""Captions: what a figure says stands in the lesson, in the reader's language, with its numbers."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from synthlab import figure, plots, words
from synthlab.authoring.lesson import parse_lesson
from synthlab.errors import SynthlabError

BLOCK = """```figure
id = "gan.x"
title = "{modes} of 8 modes, off by {by:.1f}"
panels = "step {step}"
x = "step"
labels = { own = "its own samples" }
```
"""
ARABIC = {
    "{modes} of 8 modes, off by {by:.1f}": "{modes} من 8 أنماط، بفارق {by:.1f}",
    "its own samples": "عيّناته",
}


@pytest.fixture
def lesson(monkeypatch):
    """A lesson with one caption, and Arabic for it."""
    kept = {c.id: c for c in figure.captions(BLOCK, "lesson.md")}
    monkeypatch.setattr(figure, "find", kept.__getitem__)
    monkeypatch.setattr(
        words,
        "_lookup",
        lambda _, message, *others: (
            ARABIC.get(message, message) if words.language() == "ar" else message
        ),
    )
    yield
    words.set_language(None)
    plt.close("all")


def test_a_caption_titles_panels_axes_and_legend(lesson):
    words.set_language("en")
    drawn, axes = plt.subplots(1, 2)
    axes[1].plot([0, 1], label="own")
    axes[1].plot([1, 0], label="$H$")
    plots.caption(axes, "gan.x", modes=7, by=-2, step=[1, 100])
    assert drawn.get_suptitle() == "7 of 8 modes, off by -2.0"
    assert [ax.get_title() for ax in axes] == ["step 1", "step 100"]
    assert {ax.get_xlabel() for ax in axes} == {"step"}
    assert axes[0].get_legend() is None
    assert [t.get_text() for t in axes[1].get_legend().get_texts()] == ["its own samples", "$H$"]


def test_a_legend_that_is_there_keeps_its_place_and_alt_text_says_the_title(lesson):
    words.set_language("en")
    _, ax = plt.subplots()
    ax.plot([0, 1], label="own")
    legend = ax.legend(loc="lower center")
    plots.caption(ax, "gan.x", modes=7, by=0.5, step=1)
    assert ax.get_legend() is legend
    assert legend.get_texts()[0].get_text() == "its own samples"
    assert plots.alt_text(ax) == "7 of 8 modes, off by 0.5."


def test_numbers_are_isolated_from_arabic(lesson):
    words.set_language("ar")
    drawn, ax = plt.subplots()
    plots.caption(ax, "gan.x", modes=7, by=-2, step=1)
    # U+200F: the sentence runs from right to left whatever it begins with; U+2066 … U+2069: the
    # sign stays before its number
    assert ax.get_title() == "\u200f7 من 8 أنماط، بفارق \u2066-2.0\u2069"
    drawn.canvas.draw()  # a glyph that no font has would warn, and a warning is an error here


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ('```figure\nid = "gan.x"\n```\n', "needs 'title', as text"),
        ('```figure\nid = "gan.x"\ntitle = "a"\nlegend = "b"\n```\n', "legend"),
        ('```figure\nid = "gan.x"\ntitle = "$x$"\n```\n', "as letters, without"),
        ('```figure\nid = "gan.x"\ntitle = "a"\nx = 3\n```\n', "3 is no text"),
    ],
)
def test_a_damaged_caption_is_told_in_a_sentence(block: str, says: str):
    with pytest.raises(SynthlabError, match=says) as caught:
        parse_lesson(f"# A\n\nText.\n\n{block}", "lesson.md")
    assert "lesson.md" in str(caught.value)


def test_the_notebook_does_not_show_the_block():
    (cell,) = parse_lesson(f"# A\n\nText.\n\n{BLOCK}\nMore.\n", "lesson.md")
    assert cell.text == "# A\n\nText.\n\nMore."
