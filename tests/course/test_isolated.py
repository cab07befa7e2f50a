"""Arabic sentences: nothing that text from the right could turn round stands bare in them.

Every message of every catalogue goes through what renders it, with values in its fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter

import pytest

from synthlab import locate, words
from synthlab.authoring import exercise, lesson, prose
from synthlab.authoring.wording import read_catalogue
from synthlab.sentence import LRI, PDI, from_the_right

CATALOGUES = sorted(locate.course().glob("locale/ar/*.po"))
TEXTS = ("(3, 4)", "[99.3, 99.8]", "(0, 1]", "1 − e^(−4.5)", "loss.backward()", "-2000", "صورة")
NUMBERS = (-2000, 0.5, -1.5, 3, 1e-9, -7, 11)  # as many

#: What is whole: an isolate, a formula, code of words alone, the target of a link, a tag.
WHOLE = re.compile(
    rf"{LRI}[^{LRI}{PDI}]*{PDI}|\$[^$\n]+\$|`\w[\w ./]*`|\]\([^)\s]*\)|https?://\S+|</?\w[^>]*>"
)
_BRACKETED = r"[^()\[\]\u0600-\u06ff]*"
#: A sign before a number, code, a call, brackets around a number, what compares or computes.
BARE = re.compile(
    rf"(?<!\w)[-−+±~≈]\d|`|\w\(|[(\[]{_BRACKETED}\d{_BRACKETED}[)\]]|\d [%‰]"
    r"|\d ?[=<>≤≥≈×*^+−] ?\d|[a-zA-Z]\w* ?[=<>≤≥≈] ?[-−]?[\da-zA-Z]"
)


def shown(domain: str, entry) -> Iterator[str]:
    """What readers see of a catalogue's entry: with each set of values, and each plural."""
    if (entry.context or "").startswith((f"{lesson.PART}/", f"{exercise.PART}/")):
        yield prose.render(entry.id, lambda _: entry.string, from_right=True)
        return
    forms = entry.id if isinstance(entry.id, tuple) else (entry.id,)
    fields = [(name, spec) for _, name, spec, _ in Formatter().parse(forms[-1]) if name]
    for at in range(len(TEXTS) if fields else 1):
        values = {
            name: (NUMBERS if spec else TEXTS)[(at + n) % len(TEXTS)]
            for n, (name, spec) in enumerate(fields)
        }
        for n in (0, 1, 2, 3, 11, 100) if len(forms) > 1 else (None,):
            values |= {} if n is None else {"n": n}
            yield words.translate(domain, words.N_(*forms), "ar", entry.context, **values)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_nothing_stands_bare_among_letters_from_the_right(path) -> None:
    entries = [entry for entry in read_catalogue(path, "ar") if entry.id]
    sentences = [text for entry in entries for text in shown(path.stem, entry)]
    assert sum(map(from_the_right, sentences)) >= len(entries) // 2
    bare = [
        text for text in sentences if from_the_right(text) and BARE.search(WHOLE.sub(" ", text))
    ]
    assert not bare


@pytest.mark.parametrize("turned", [*TEXTS[:-1], "`f(x)`", "3 = 4", "50 %", "x ≤ -1", "`()`"])
def test_a_bare_one_would_be_refused(turned: str) -> None:
    assert BARE.search(WHOLE.sub(" ", f"من {turned} إلى"))
    assert not BARE.search(WHOLE.sub(" ", f"من {LRI}{turned}{PDI} إلى 3 و`x` و$-2$"))
