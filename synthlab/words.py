"""Words that people read, in their language: gettext catalogues and the choice of language.

Catalogues are the PO files under ``course/locale/<language>/<domain>.po``. They are compiled
in memory on first use, so no built file can be out of date. A fuzzy or empty entry falls back
to English.

A title, an error, a check's or a widget's sentence stands in the catalogue of its unit when that
unit alone says it, in ``course.po``, ``errors.po``, ``checks.po`` or ``widgets.po`` otherwise. Who
shows it asks for the domain ``"course"``, ``"errors"``, ``"checks"`` or ``"widgets"`` and need not
know which.
"""

from __future__ import annotations

import gettext as _gettext
import io
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from synthlab import locate, manifest
from synthlab.errors import SynthlabError, unknown
from synthlab.sentence import Counted, filled
from synthlab.sentence import Text as Text

#: Every language of the course with its own name for itself. English is the source.
LANGUAGES: Mapping[str, str] = {"en": "English", "ar": "العربية"}

#: The file that gives a workspace or a classroom its language.
SETTINGS = "synthlab.toml"

#: Domains whose messages stand in a unit's catalogue when they belong to that unit alone.
SHARED = ("errors", "checks", "course", "widgets")

_chosen: str | None = None


def N_(msgid: str, plural: str = "") -> str:  # noqa: N802 - gettext's own name for a marker
    """Mark a message for extraction; with a plural, one that counts ``{n}`` of something."""
    return Counted(msgid, plural) if plural else msgid


def check_language(code: str) -> str:
    """Return ``code`` when it is a language of the course; raise SynthlabError otherwise."""
    if code not in LANGUAGES:
        raise unknown("There is no language called {name}.", code, LANGUAGES)
    return code


def set_language(code: str | None) -> None:
    """Choose the language of this process; None goes back to finding it out."""
    global _chosen
    _chosen = None if code is None else check_language(code)


def language() -> str:
    """The reader's language.

    In this order: what `set_language` chose, ``SYNTHLAB_LANGUAGE``, the metadata of the
    notebook that this kernel runs, ``synthlab.toml`` in the working folder or above it, English.
    """
    for code in (_chosen, os.environ.get("SYNTHLAB_LANGUAGE"), _of_notebook(), _of_folder()):
        if code in LANGUAGES:
            return str(code)
    return "en"


def direction(code: str | None = None) -> str:
    """``"rtl"`` for Arabic, ``"ltr"`` otherwise: the value of HTML's ``dir``."""
    return "rtl" if (code or language()) == "ar" else "ltr"


def _of_notebook() -> str | None:
    name = os.environ.get("JPY_SESSION_NAME")  # jupyter_server's name for the open notebook
    if not name or not name.endswith(".ipynb"):
        return None
    for path in (Path(name), Path(Path(name).name)):
        try:
            metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
            return str(metadata["synthlab"]["language"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _of_folder() -> str | None:
    try:
        here = Path.cwd()
    except OSError:
        return None
    settings = (settings_language(folder) for folder in (here, *here.parents))
    return next((code for code in settings if code is not None), None)


def settings_language(folder: Path) -> str | None:
    """The language that a folder's own ``synthlab.toml`` names; None where it names none."""
    try:
        code = tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8")).get("language")
    except (OSError, ValueError):
        return None
    return code if isinstance(code, str) else None


@cache
def catalogue(domain: str, code: str) -> _gettext.NullTranslations:
    """The compiled catalogue of one domain (``"checks"``, ``"widgets"``, a unit's id …)."""
    path = _file(domain, code)
    if code == "en":
        return _gettext.NullTranslations()
    compiled = _compiled(path, domain, code) if path.is_file() else _gettext.NullTranslations()
    if domain in SHARED:
        compiled.add_fallback(_Units(code))
    return compiled


def _file(domain: str, code: str) -> Path:
    return locate.course() / "locale" / code / f"{domain}.po"


def _compiled(path: Path, domain: str, code: str) -> _gettext.NullTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code, domain=domain))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


class _Units(_gettext.NullTranslations):
    """The units' catalogues as one, for what no shared catalogue holds.

    Only a file that names the message is compiled: a verdict costs one unit, not all of them.
    """

    def __init__(self, code: str) -> None:
        super().__init__()
        self._code = code

    def gettext(self, message: str) -> str:
        found = (unit.gettext(message) for unit in self._naming(message))
        return next((text for text in found if text != message), message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        english = super().ngettext(msgid1, msgid2, n)
        found = (unit.ngettext(msgid1, msgid2, n) for unit in self._naming(msgid1))
        return next((text for text in found if text != english), english)

    def _naming(self, message: str) -> Iterator[_gettext.NullTranslations]:
        from babel.messages.pofile import escape

        try:
            units = manifest.load().units
        except SynthlabError:  # the sentence may be about the manifest itself
            return
        for unit in units:
            if f"\nmsgid {escape(message)}" in _text(_file(unit.id, self._code)):
                yield catalogue(unit.id, self._code)


@cache
def _text(path: Path) -> str:
    """A PO file as text, each of its strings on one line."""
    return path.read_text(encoding="utf-8").replace('"\n"', "") if path.is_file() else ""


def translate(
    domain: str,
    msgid: str,
    code: str | None = None,
    context: str | None = None,
    **values: object,
) -> str:
    """The message in the reader's language, or the message itself where none is kept.

    Args:
        domain: The catalogue that holds it.
        msgid: The English message.
        code: A language; the reader's by default.
        context: Where in the domain it stands, when the same English has several translations.
        values: For its fields; without any, the fields stay open.
    """
    message = _lookup(domain, msgid, code, context, values.get("n"))
    return filled(message, values, direction(code) == "rtl")


def _lookup(
    domain: str, msgid: str, code: str | None, context: str | None = None, n: object = None
) -> str:
    if not msgid:
        return ""
    kept = catalogue(domain, code or language())
    if isinstance(msgid, Counted):
        return kept.ngettext(msgid, msgid.plural, _count(n))
    return kept.pgettext(context, msgid) if context else kept.gettext(msgid)


def phrases(domain: str, table: Mapping[str, str], code: str) -> dict[str, str]:
    """The messages of a table in a language, with open fields, for the browser to fill.

    One that counts stands there once a plural category of its language, as ``KEY.few``: the names
    are CLDR's, and so those of the browser's ``Intl.PluralRules``. `counted` chooses, for which
    ``lang`` holds the language.
    """
    said = {"lang": code}
    for key, message in table.items():
        for n in _ONE_A_CATEGORY if isinstance(message, Counted) else (None,):
            name = key if n is None else _form(key, n, code)
            said[name] = filled(_lookup(domain, message, code, n=n), {}, direction(code) == "rtl")
    return said


def counted(table: Mapping[str, str], key: str, n: int) -> str:
    """The form of a table's sentence that counts ``n``, of a table that `phrases` made."""
    return table[_form(key, n, table["lang"])]


def _form(key: str, n: int, code: str) -> str:
    from babel import Locale

    return f"{key}.{Locale(code).plural_form(n)}"


def _count(n: object) -> int:
    """A count as plural rules take it; what is no whole number counts as many."""
    try:
        value = float(str(n))
        return int(value) if value.is_integer() else _MANY
    except (ValueError, OverflowError):
        return _MANY


_MANY = 100  # "other" in Arabic, a plural in English
_ONE_A_CATEGORY = (0, 1, 2, 3, 11, _MANY)  # zero, one, two, few, many, other


def sentence_of(text: Text, code: str | None) -> tuple[str, bool]:
    """A text's sentence with its fields open, and whether it reads from the right."""
    sentence = _lookup(text.domain, text.msgid, code, n=text.params.get("n"))
    return sentence, direction(code) == "rtl"
