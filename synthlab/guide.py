"""Guided pages: short prose beside a unit's widget, tied to its picture.

They stand in ``guide.md`` beside the unit's lesson, one ``## Title`` a page. A page's paragraphs
may hold `code` and *emphasis*. A block fenced as ``toml`` before them says what the page does::

    ```toml
    layers = ["field", "real"]                # what the picture shows
    light = "discriminator"                   # what is pointed at
    act = [{ command = "step", parts = ["discriminator"] }]   # what "Show me" does
    ```

Their words are in the unit's catalogue, with the context ``guide/<page key>``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synthlab import locate, manifest
from synthlab.errors import SynthlabError, unknown
from synthlab.words import translate

#: The name of the file beside the lesson.
FILE = "guide.md"
#: Where a page's messages stand in the unit's catalogue.
PART = "guide"

LAYERS = ("field", "real", "fake", "manifold", "pull", "ideal")
LIGHTS = (
    "noise", "generator", "fake", "real", "discriminator", "loss",
    "plane", "meters", "charts", "timeline", "settings", "twin", "references",
)  # fmt: skip
COMMANDS = ("run", "pause", "step", "reset", "rewind", "set", "branch", "load")

_PAGE = re.compile(r"^## +(.+)$", re.MULTILINE)
_BLOCK = re.compile(r"\A\s*```toml\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        key: The title in small letters with hyphens; part of its messages' context.
        title: Its heading.
        text: Its paragraphs.
        layers: What the picture shows; None to leave it as it is.
        light: What is pointed at; None for nothing.
        act: The commands of its button, in order.
    """

    key: str
    title: str
    text: tuple[str, ...]
    layers: tuple[str, ...] | None = None
    light: str | None = None
    act: tuple[Mapping[str, Any], ...] = ()


def pages(unit: str) -> tuple[Page, ...]:
    """The pages of a unit, in English; none when it has no guide.

    Raises:
        SynthlabError: When there is no such unit, or its guide cannot be read.
    """
    path = locate.course() / manifest.load().unit(unit).folder / FILE
    return read(path) if path.is_file() else ()


def read(path: Path) -> tuple[Page, ...]:
    """The pages of a file.

    Raises:
        SynthlabError: Says what is wrong on which page.
    """
    titles = [*_PAGE.finditer(path.read_text(encoding="utf-8"))]
    parsed = []
    for here, after in zip(titles, [*titles[1:], None], strict=True):
        body = here.string[here.end() : after.start() if after else None]
        parsed.append(_page(here[1].strip(), body, path))
    keys = [page.key for page in parsed]
    for key in keys:
        if keys.count(key) > 1:
            raise SynthlabError(
                "{file} has two pages called {key!r}: give each its own.", file=path.name, key=key
            )
    return tuple(parsed)


def _page(title: str, body: str, path: Path) -> Page:
    where = {"file": path.name, "page": title}
    block = _BLOCK.match(body)
    try:
        does = tomllib.loads(block[1]) if block else {}
    except tomllib.TOMLDecodeError as error:
        raise SynthlabError(
            "{file}, page {title!r}: {reason}.", file=path.name, title=title, reason=error
        ) from None
    for name in does:
        if name not in ("layers", "light", "act"):
            raise unknown(
                "There is no entry of a page called {name} (in {file}, page {page!r}).",
                name,
                ("layers", "light", "act"),
                **where,
            )
    for layer in does.get("layers", ()):
        if layer not in LAYERS:
            raise unknown(
                "There is no layer called {name} (in {file}, page {page!r}).",
                str(layer),
                LAYERS,
                **where,
            )
    if "light" in does and does["light"] not in LIGHTS:
        raise unknown(
            "There is no part of the picture called {name} (in {file}, page {page!r}).",
            str(does["light"]),
            LIGHTS,
            **where,
        )
    for act in does.get("act", ()):
        if act.get("command") not in COMMANDS:
            raise unknown(
                "There is no command called {name} (in {file}, page {page!r}).",
                str(act.get("command")),
                COMMANDS,
                **where,
            )
    text = (body[block.end() :] if block else body).strip()
    paragraphs = tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part)
    if not paragraphs:
        raise SynthlabError(
            "{file}, page {title!r}: a page needs at least one paragraph.",
            file=path.name,
            title=title,
        )
    key = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    layers = tuple(does["layers"]) if "layers" in does else None
    return Page(key, title, paragraphs, layers, does.get("light"), tuple(does.get("act", ())))


def messages(page: Page) -> tuple[str, ...]:
    """What there is to translate."""
    return (page.title, *page.text)


def translated(unit: str, language: str) -> list[dict[str, Any]]:
    """The pages in a language, as the browser takes them."""
    entries = []
    for page in pages(unit):
        title, *text = (
            translate(unit, message, language, f"{PART}/{page.key}") for message in messages(page)
        )
        entry: dict[str, Any] = {"title": title, "text": text}
        if page.layers is not None:
            entry["layers"] = list(page.layers)
        if page.light is not None:
            entry["light"] = page.light
        if page.act:
            entry["act"] = [dict(act) for act in page.act]
        entries.append(entry)
    return entries
