"""Fenced blocks of TOML in a lesson's text: data that a code cell names and the notebook hides.

What stands in a block is said where it is used: `synthlab.quiz` (``quiz`` and ``predict``) and
`synthlab.figure`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from synthlab.errors import SynthlabError

_BLOCK = re.compile(r"^```(quiz|predict|figure)\n(.*?)^```[ \t]*\n?", re.MULTILINE | re.DOTALL)


def strip(markdown: str) -> str:
    """A lesson's text without its blocks."""
    return re.sub(r"\n{3,}", "\n\n", _BLOCK.sub("", markdown)) if "```" in markdown else markdown


def read(
    text: str, name: str, fences: tuple[str, ...], needs: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The blocks with one of these fences: the fence, and what stands in the block.

    Args:
        text: The lesson's text.
        name: What messages call the file.
        fences: The words after the three backticks.
        needs: Entries that every such block has, as text; ``id`` among them.

    Raises:
        SynthlabError: Says what is wrong in which block.
    """
    seen: set[str] = set()
    for match in _BLOCK.finditer(text):
        fence, body = match.groups()
        if fence not in fences:
            continue
        try:
            data = tomllib.loads(body)
        except tomllib.TOMLDecodeError as error:
            raise SynthlabError(
                "{name}, a block {fence!r}: {reason}.", name=name, fence=fence, reason=error
            ) from None
        for key in needs:
            if not isinstance(data.get(key), str):
                raise SynthlabError(
                    "{name}, a block {fence!r} needs {key!r}, as text.",
                    name=name,
                    fence=fence,
                    key=key,
                )
        if data["id"] in seen:
            raise SynthlabError(
                "{name} has two blocks with the id {block!r}.", name=name, block=data["id"]
            )
        seen.add(data["id"])
        yield fence, data
