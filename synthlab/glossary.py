"""``course/glossary.toml``: the course's terms in all its languages."""

from __future__ import annotations

import tomllib

from synthlab import locate
from synthlab.errors import SynthlabError


def terms() -> list[dict[str, str]]:
    """Every term, by language code; ``also`` is another word for it that is in use.

    Raises:
        SynthlabError: When the file cannot be read.
    """
    path = locate.course() / "glossary.toml"
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["term"]
        return [{str(key): str(value) for key, value in row.items()} for row in rows]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise SynthlabError(
            "{file} cannot be read: {reason}.", file=path.name, reason=error
        ) from None
