"""Prose in a reader's language, straight from the PO file.

`synthlab.words` falls back to English silently, which is right for a label; for prose we must
know whether a translation is current, so that what is not is shown as such.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from synthlab.errors import SynthlabError

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog


@dataclass(frozen=True)
class Wording:
    """The current translations of one domain, by (context, English message).

    The source language's wording says of every message that it is already right.
    """

    language: str = "en"
    entries: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, context: str, message: str) -> str | None:
        """The message in this language; None where no current translation is kept."""
        return message if self.language == "en" else self.entries.get((context, message))


def read_wording(path: Path, language: str) -> Wording:
    """The wording that a PO file gives; a missing file translates nothing.

    Fuzzy entries count as missing: the English has changed since they were written.

    Raises:
        SynthlabError: When the file is not a PO file.
    """
    if language == "en":
        return Wording()
    if not path.is_file():
        return Wording(language)
    catalogue = read_catalogue(path, language)
    return Wording(
        language,
        {
            (message.context or "", str(message.id)): str(message.string)
            for message in catalogue
            if message.id and message.string and not message.fuzzy
        },
    )


def read_catalogue(path: Path, language: str) -> Catalog:
    """A PO file; raises SynthlabError when it is not one."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        with path.open("rb") as file:
            return read_po(file, locale=language, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError) as error:
        raise SynthlabError(
            "{file} is not a valid PO file: {reason}.", file=path, reason=error
        ) from None
