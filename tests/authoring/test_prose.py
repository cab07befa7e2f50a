"""Prose is cut into translatable paragraphs and put together again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthlab.authoring.prose import (
    ALIGNED,
    UNTRANSLATED_CLOSE,
    UNTRANSLATED_OPEN,
    directed,
    messages,
    render,
    split,
    undirected,
)
from synthlab.sentence import LRI, PDI

CELL = """\
## A heading

A paragraph that
goes on.
$$
x = 1
$$
and then ends.

![A curve that falls](figures/curve.png)

- one item
  that goes on
- another

  with a second paragraph

| a | b |
|---|---|
| 1 | 2 |

```python
code = "not prose"

more
```

<details><summary>HTML</summary>
stays
</details>

> a quotation
> of two lines

    indented code

$$y = 2$$

---
The end."""

MESSAGES = [
    "## A heading",
    "A paragraph that goes on.",
    "and then ends.",
    "A curve that falls",
    "- one item that goes on\n- another",
    "with a second paragraph",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "> a quotation\n> of two lines",
    "The end.",
]


def test_what_is_translatable() -> None:
    assert messages(CELL) == MESSAGES


def test_rewrapping_leaves_the_message() -> None:
    assert messages("one two\nthree") == messages("one\ntwo three") == ["one two three"]
    # a hard break is part of the message
    assert messages("one  \ntwo") == ["one  \ntwo"]


def test_a_translation_stands_where_its_paragraph_stood() -> None:
    arabic = render(CELL, lambda message: f"«{message}»")
    assert "«## A heading»\n\n«A paragraph that goes on.»\n$$\nx = 1\n$$\n«and then" in arabic
    assert "![«A curve that falls»](figures/curve.png)" in arabic
    assert "\n  «with a second paragraph»\n" in arabic
    assert 'code = "not prose"' in arabic
    assert "«code" not in arabic


def test_a_translation_of_several_lines_keeps_the_indentation() -> None:
    text = "- a\n\n  - b\n  - c\n"
    translated = {"- a": "- A", "- b\n- c": "- B\n- C"}
    assert render(text, translated.get) == "- A\n\n  - B\n  - C\n"


def test_what_is_not_translated_is_marked_once() -> None:
    text = "# One\n\ntwo\n\n$$x$$\n\nthree\n\nfour"
    shown = render(text, {"three": "TROIS"}.get)
    assert shown == (
        f"{UNTRANSLATED_OPEN}# One\n\ntwo{UNTRANSLATED_CLOSE}\n\n$$x$$\n\nTROIS\n\n"
        f"{UNTRANSLATED_OPEN}four{UNTRANSLATED_CLOSE}"
    )


def test_words_in_display_mathematics_are_translated_where_they_stand() -> None:
    cell = "So\n\n$$\nu > 0 \\text{ for all } u, \\quad B_{\\text{all}} \\textbf{gap}\n$$\n"
    assert messages(cell) == ["So", "for all", "gap"]
    words = {"for all": "لكلّ", "gap": "فجوة"}
    # what has no translation stays; a frame inside a formula would break it
    assert render(cell, {**words, "So": "إذن"}.get) == (
        'إذن\n\n$$\nu > 0 \\ \\mmlToken{mtext}[fontfamily="inherit"]{لكلّ}\\  u, \\quad '
        'B_{\\text{all}} \\mmlToken{mtext}[fontfamily="inherit"]{فجوة}\n$$\n'
    )
    assert render(cell, words.get).count(UNTRANSLATED_OPEN) == 1


def test_what_reads_from_the_left_is_framed_in_a_cell_from_the_right() -> None:
    words = {"one": "واحد (3, 4)", "[1] Rubin": "[1] Rubin", "- two": "- اثنان"}
    cell = "one\n\n[1] Rubin\n\n```\ncode\n```\n\n- two\n\n  ```\n  x\n  ```\n\nthree\n"
    said = render(cell, words.get, from_right=True)
    assert said == (
        f'واحد {LRI}(3, 4){PDI}\n\n<div dir="ltr">\n\n[1] Rubin\n\n```\ncode\n```\n\n</div>\n\n'
        f"- اثنان\n\n  ```\n  x\n  ```\n\n{UNTRANSLATED_OPEN}three{UNTRANSLATED_CLOSE}\n"
    )
    # And it is the same cell for whoever looks whether somebody changed it.
    assert undirected(ALIGNED + directed(said, "ar")) == render(cell, words.get)


def test_the_source_language_is_unchanged() -> None:
    def same(message: str) -> str:
        return message

    assert render("# A\n\nb c", same) == "# A\n\nb c"


TEXT = ["", "text", "  text", "    text", "\ttab", "two  ", "# head", "- item", "1. item", "> q"]
OTHER = ["$$", "$$x$$", "```", "~~~ python", "<div>", "![a](b)", "![](b)", "| a |", "---"]
LINES = st.sampled_from(TEXT + OTHER)


@given(st.lists(LINES, max_size=12), st.sampled_from(["", "\n"]))
def test_pieces_are_the_cell(lines: list[str], end: str) -> None:
    text = "\n".join(lines) + end
    pieces = split(text)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        if piece.message is not None:
            assert piece.message.strip()


@pytest.mark.parametrize("text", ["```\nnever closed", "$$\nnever closed", ""])
def test_what_is_never_closed_is_not_prose(text: str) -> None:
    assert messages(text) == []
