"""Markdown of unknown intent, as Markdown that holds one block of harmless HTML.

The text becomes HTML as nbconvert would make it, is cleaned, and is stored as one line in one
block. Markdown passes such a block on as it is, so formgrader, the feedback and JupyterLab show
what was cleaned, and there is nothing left in it for a Markdown parser to read otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from mistune.plugins.table import render_table_cell
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from synthlab.grading.untrusted.markup import (
    PICTURES,
    as_text,
    box,
    harmless_html,
    is_box,
    picture,
)
from synthlab.grading.untrusted.notebook import joined, mapping

#: Characters of the longest Markdown that is read as Markdown; five thousand words have some
#: 30,000. Hostile text of this length takes under 2 s.
MAX_MARKDOWN = 40_000

_PREFIX = "attachment:"


def harmless_markdown(source: str, attachments: object = None) -> str:
    """Markdown that shows what ``source`` says and does nothing; stable when applied again.

    Args:
        source: The Markdown.
        attachments: The cell's pictures, by name, as nbformat keeps them.
    """
    if is_box(source):  # cleaned before, or made to look like it
        return harmless_html(source)
    if len(source) > MAX_MARKDOWN:
        return box(as_text(source))
    renderer: Any = _Renderer(_pictures(attachments))
    return harmless_html(str(MarkdownWithMath(renderer=renderer).render(source)))


class _Renderer(IPythonRenderer):
    """nbconvert's renderer; a picture that is missing is left out instead of stopping it."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._pictures = pictures

    def _embed_image_or_attachment(self, src: str) -> str:
        if src.startswith(_PREFIX):
            return self._pictures.get(src[len(_PREFIX) :], "")
        return src

    def codespan(self, text: str) -> str:
        """Code reads from the left, whatever stands around it."""
        return f'<code dir="ltr">{escape(text)}</code>'

    def block_code(self, code: str, info: str | None = None) -> str:
        """A block of code, which reads from the left, too."""
        return f'<div dir="ltr">{super().block_code(code, info)}</div>'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """A cell of a table; bootstrap would put every head to the left."""
        return render_table_cell(self, text, align or ("start" if head else None), head)

    def block_mermaidjs(self, code: str) -> str:
        """A diagram in words: what draws it would have to be fetched."""
        return as_text(code)


def _pictures(attachments: object) -> dict[str, str]:
    """The addresses of a cell's attached pictures."""
    found: dict[str, str] = {}
    for name, kinds in mapping(attachments).items():
        for kind in PICTURES:
            data = picture(kind, joined(mapping(kinds).get(kind)))
            if isinstance(name, str) and data is not None:
                found.setdefault(name, f"data:{kind};base64,{data}")
    return found
