"""``course/glossary.toml``: the course's terms in all its languages."""

from __future__ import annotations

import tomllib

from synthlab import locate
from synthlab.errors import SynthlabError

#: What is shown of a term; what else the file holds is for translators.
_SHOWN = ("en", "ar", "also")


def terms() -> list[dict[str, str]]:
    """The terms that readers look up, by language code; ``also`` is another word that is in use.

    Raises:
        SynthlabError: When the file cannot be read.
    """
    path = locate.course() / "glossary.toml"
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["term"]
        return [{key: str(row[key]) for key in _SHOWN if key in row} for row in rows]
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise SynthlabError(
            "{file} cannot be read: {reason}.", file=path.name, reason=error
        ) from None
