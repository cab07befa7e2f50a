"""One Arabic word a term: what course/glossary.toml avoids stands in no catalogue."""

from __future__ import annotations

import re
import tomllib

import pytest

from synthlab import glossary, locate
from synthlab.authoring.wording import read_catalogue

DECIDED = {
    row["en"]: row
    for rows in tomllib.loads((locate.course() / "glossary.toml").read_text("utf-8")).values()
    for row in rows
    if "avoid" in row
}


@pytest.fixture(scope="module")
def messages():
    """English and Arabic of every current message, by its place."""
    return [
        (f"{path.stem}: {english[:60]}", english, arabic)
        for path in sorted(locate.course().glob("locale/ar/*.po"))
        for message in read_catalogue(path, "ar")
        for english in ([message.id] if isinstance(message.id, str) else message.id[:1])
        for arabic in ([message.string] if isinstance(message.string, str) else message.string)
        if english
    ]


@pytest.mark.parametrize("term", DECIDED)
def test_a_term_has_one_word(messages, term) -> None:
    row = DECIDED[term]
    refused = re.compile("|".join(row["avoid"]))
    assert not refused.search(row["ar"])
    about = [m for m in messages if re.search(row.get("of", ""), m[1])]
    assert about
    assert [place for place, _, arabic in about if refused.search(arabic)] == []


def test_the_sidebar_shows_terms_alone() -> None:
    assert glossary.terms()
    assert all({"en", "ar"} <= term.keys() <= {"en", "ar", "also"} for term in glossary.terms())
