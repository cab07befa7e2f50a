r"""Captions of figures: sentences in a lesson's text that `synthlab.plots.caption` sets.

A code cell holds identifiers alone; what a figure says stands in ``lesson.md`` as a fenced block of
TOML, which the notebook does not show, and is translated like prose::

    ```figure
    id = "gan.trained"
    title = "After {last} steps {modes} of 8 modes have fakes"
    panels = "step {step}"
    x = "step"
    y = ["loss (nats)", ""]
    labels = { held_out = "new samples" }
    ```

The title states the finding, and its fields in braces are measured values. ``panels`` are the
titles of several axes, ``x`` and ``y`` their labels: one for all, or one for each ("" for none).
``rows`` stand beside the axes of a grid's first column. ``labels`` name the things drawn: the key
is the ``label`` that the code gives to an artist.

Symbols are written as letters, ``β = 0.9``, not as ``$\beta$``: matplotlib's mathematics does not
join Arabic letters. Their words are in the unit's catalogue, with the context ``figure/<id>``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from synthlab import blocks, manifest
from synthlab.errors import SynthlabError, unknown

#: Where the messages stand in the unit's catalogue.
PART = "figure"

_ENTRIES = ("id", "title", "panels", "x", "y", "rows", "labels")


@dataclass(frozen=True)
class Caption:
    """What a figure says, in English, with ``str.format`` fields.

    Attributes:
        id: ``<unit>.<name>``, as the code cell names it.
        title: A sentence that states the finding.
        panels: The titles of several axes; a single one is for all of them.
        x: The labels of the horizontal axes, likewise.
        y: The labels of the vertical axes, likewise.
        rows: The labels of a grid's rows.
        labels: The entries of the legend, by the label that the code gives.
    """

    id: str
    title: str
    panels: Sequence[str] = ()
    x: Sequence[str] = ()
    y: Sequence[str] = ()
    rows: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def messages(self) -> list[str]:
        """What there is to translate, in reading order."""
        said = [self.title, *self.panels, *self.x, *self.y, *self.rows, *self.labels.values()]
        return [message for message in said if message != ""]


def captions(text: str, name: str) -> Iterator[Caption]:
    """The captions in a lesson's text; ``name`` is what messages call the file.

    Raises:
        SynthlabError: Says what is wrong in which block.
    """
    for _, data in blocks.read(text, name, ("figure",), ("id", "title")):
        yield _caption(data, f"{name}, figure {data['id']!r}")


def _caption(data: dict[str, Any], where: str) -> Caption:
    for key in data:
        if key not in _ENTRIES:
            raise unknown("There is no entry called {name} ({where}).", key, _ENTRIES, where=where)
    for key in ("panels", "x", "y", "rows"):
        if key in data and not isinstance(data[key], list):
            data[key] = [data[key]]
    caption = Caption(**data)
    for message in caption.messages:
        if not isinstance(message, str):
            raise SynthlabError("{where}: {message!r} is no text.", where=where, message=message)
        if "$" in message:
            raise SynthlabError(
                "{where}: write the symbols of {message!r} as letters, without '$'; "
                "matplotlib's mathematics does not join Arabic letters.",
                where=where,
                message=message,
            )
    return caption


def find(name: str) -> Caption:
    """The caption with this id; an unknown one raises with the nearest."""
    path = manifest.load().unit(name.split(".", 1)[0]).lesson
    kept = {c.id: c for c in captions(path.read_text(encoding="utf-8"), path.name)}
    if name not in kept:
        raise unknown("There is no figure called {name}.", name, kept)
    return kept[name]
