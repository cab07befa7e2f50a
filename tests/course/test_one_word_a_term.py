"""One Arabic word a term: what the glossary has decided against stands in no catalogue."""

from __future__ import annotations

import re

import pytest

from synthlab import locate

#: English -> what is not to be written for it; the glossary has what is.
REFUSED = {
    "logit": "لوغاريتم(ات)? الأرجحية",  # which also names the likelihood
    "packs": "حُزَم",
    "to return": "[تي]ُرجع",
    "to interrupt a run": "قُ?وطع",
    "variational": "متغيِّري",
}


@pytest.mark.parametrize("english", REFUSED)
@pytest.mark.parametrize(
    "path", sorted(locate.course().glob("locale/ar/*.po")), ids=lambda p: p.stem
)
def test_a_term_has_one_word(path, english) -> None:
    text = path.read_text(encoding="utf-8")
    current = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert not re.findall(REFUSED[english], current)
