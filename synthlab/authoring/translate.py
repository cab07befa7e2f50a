"""Translations: collecting what there is to translate, and keeping what already is.

Every catalogue belongs to a domain: one per unit (the prose of its lesson and its exercise, with
the context ``lesson/<cell key>`` or ``exercise/<cell key>``, and without a context the messages
of its checks and its widgets and its titles in the manifest), ``course`` (other titles), ``errors``
(the sentence of every ``SynthlabError("…")`` and ``unknown("…")``), and ``checks``, ``figures``,
``lab``, ``widgets`` and ``cli`` (messages in Python sources, marked ``N_("…")``,
``N_("one", "many")``, ``Text("…")`` or ``translate("domain", "…")``). What several units say, or
the code that they share, stays in ``errors``, ``checks``, ``course`` and ``widgets``; a message
that moves takes its translation along.

A file holds messages in reading order, unwrapped, without dates and line numbers, so that a
change shows what changed and nothing else.
"""

from __future__ import annotations

import ast
import io
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from synthlab import figure, guide, quiz
from synthlab.authoring import exercise, lesson, prose
from synthlab.authoring.project import Project
from synthlab.authoring.source import read_source
from synthlab.authoring.wording import read_catalogue
from synthlab.manifest import Unit
from synthlab.words import SHARED

#: Domains of Python sources and where their messages stand, relative to the package synthlab.
_CODE = {
    "errors": (".",),
    "checks": ("checks",),
    "figures": ("plots", "metrics"),
    "lab": ("server",),
    "cli": ("cli.py", "cli", "progress", "authoring", "grading"),
    "widgets": ("experiments", "data", "models"),
}
#: Calls that mark a message, and which of their arguments it is.
_KEYWORDS = {"N_": 0, "Text": 0, "translate": 1}
#: Calls that mark a message of the domain ``errors``.
_ERRORS = dict.fromkeys(("SynthlabError", "unknown", "TrainingDiverged", "Outside"), 0)

#: Plural forms in gettext's own order, where Babel's is another.
_PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 ? 4 : 5;"
}

#: A message; with its plural where it has one.
Msgid = str | tuple[str, str]

_PREVIOUS = "English was: "

_HEADER = """\
# {language} translations of the synthlab domain "{domain}".
msgid ""
msgstr ""
"Project-Id-Version: synthlab\\n"
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


@dataclass(frozen=True)
class Coverage:
    """How much of a domain is translated.

    Attributes:
        total: Messages there are.
        translated: Messages with a current translation.
        fuzzy: Messages whose translation is older than their English.
        broken: Messages whose translation has other ``{fields}`` than the English.
    """

    domain: str
    language: str
    total: int
    translated: int
    fuzzy: int
    broken: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every message has a current, usable translation."""
        return self.translated == self.total and not self.broken

    @property
    def missing(self) -> int:
        """Messages that readers see in English."""
        return self.total - self.translated


def domains(project: Project) -> list[str]:
    """Every domain of the course: the units in reading order, then the others."""
    return [*(unit.id for unit in project.course.units), "course", *_CODE]


def template(project: Project, domain: str) -> Catalog:
    """Everything there is to translate in a domain, in reading order."""
    catalogue = Catalog(domain=domain, project="synthlab")
    units = {unit.id: unit for unit in project.course.units}
    if domain in units:
        _add_prose(catalogue, project, units[domain])
    for source in SHARED if domain in units else (domain,):
        for marked in _marked(project, source):
            if marked.home == domain:
                catalogue.add(marked.message, locations=[(marked.place, 0)])
    return catalogue


def _add_prose(catalogue: Catalog, project: Project, unit: Unit) -> None:
    page = project.lesson(unit)
    source, guided = project.solution(unit), page.with_name(guide.FILE)
    text = project.text(unit, page)
    cells = [c for c in lesson.read_lesson(unit, project) if c.markdown]
    answered = [c for c in read_source(unit, project).cells if c.role == "prose"]
    asked, captions = quiz.blocks(text, page.name), figure.captions(text, page.name)
    pages = guide.read(guided) if guided.is_file() else ()
    parts: list[tuple[Path, str, Iterable[tuple[str, Iterable[str]]]]] = [
        (page, lesson.PART, ((c.key, prose.messages(c.text)) for c in cells)),
        (source, exercise.PART, ((c.key, prose.messages(c.text)) for c in answered)),
        (page, quiz.PART, ((item.id, quiz.messages(item)) for item in asked)),
        (page, figure.PART, ((caption.id, caption.messages) for caption in captions)),
        (guided, guide.PART, ((one.key, guide.messages(one)) for one in pages)),
    ]
    for path, part, keyed in parts:
        for key, messages in keyed:
            for message in messages:
                place = (project.display(path), 0)
                catalogue.add(message, context=f"{part}/{key}", locations=[place])


@dataclass(frozen=True)
class _Marked:
    """A message of Python sources or a title, its file, and the domain that holds it."""

    message: Msgid
    place: str
    home: str


def _marked(project: Project, domain: str) -> Iterator[_Marked]:
    """Every message of a domain's sources, in reading order.

    A unit holds what its own folders alone say; the domain itself what is shared.
    """
    found: list[tuple[Msgid, str]] = []
    homes: dict[Msgid, set[str]] = {}
    for title, home in _titles(project) if domain == "course" else ():
        found.append((title, project.display(project.course_dir / "course.toml")))
        homes.setdefault(title, set()).add(home)
    for path, place in _python_files(project, domain):
        owners = {unit.id for unit in project.course.units if project.owns(unit, path)}
        for message in code_messages(path.read_text(encoding="utf-8"), domain == "errors"):
            found.append((message, place))
            homes.setdefault(message, set()).update(owners or {domain})
    for message, place in found:
        one = homes[message]
        yield _Marked(message, place, next(iter(one)) if len(one) == 1 else domain)


def _titles(project: Project) -> Iterator[tuple[str, str]]:
    """The titles of the manifest, each with the domain that it is from."""
    yield project.course.title, "course"
    for unit in project.course.units:
        for title in (unit.title, *(question.title for question in unit.questions)):
            yield title, unit.id


def _python_files(project: Project, domain: str) -> Iterator[tuple[Path, str]]:
    """The sources of a domain, each with its name for people."""
    places = [(project.code_dir, place, "synthlab") for place in _CODE.get(domain, ())]
    if domain in ("widgets", "errors"):
        places.insert(0, (project.widgets_dir, ".", "synthlab_widgets"))
    for root, place, package in places:
        if root is not None:
            top = root / place
            for path in [top] if top.is_file() else sorted(top.rglob("*.py")):
                yield path, f"{package}/{path.relative_to(root).as_posix()}"


@cache
def code_messages(code: str, errors: bool = False) -> tuple[Msgid, ...]:
    """The messages that Python source marks, or those of its errors, in reading order.

    >>> code_messages('N_("One.") ; words.translate("cli", "Two" ".") ; N_("{n} bin", "{n} bins")')
    ('One.', 'Two.', ('{n} bin', '{n} bins'))
    >>> code_messages('raise SynthlabError("Small." if small else N_("Large."))', errors=True)
    ('Small.', 'Large.')
    """
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    calls.sort(key=lambda node: (node.lineno, node.col_offset))
    of_errors = [_msgid(node) for call in calls for node in _marking(call, _ERRORS, N_=True)]
    if errors:
        return tuple(filter(None, of_errors))
    marked = [_msgid(node) for call in calls for node in _marking(call, _KEYWORDS)]
    return tuple(message for message in marked if message and message not in of_errors)


def _marking(call: ast.Call, keywords: Mapping[str, int], N_: bool = False) -> Iterator[ast.expr]:
    """The nodes that hold a call's message: two where it is a choice."""
    name = _name(call)
    if name == "N_" and name in keywords:
        yield call
        return
    waiting = call.args[keywords[name] :][:1] if name in keywords else []
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.IfExp):
            waiting += [node.body, node.orelse]
        elif isinstance(node, ast.Constant) or (N_ and _name(node) == "N_"):
            yield node


def _name(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return str(getattr(function, "attr", getattr(function, "id", "")))


def _msgid(node: ast.expr) -> Msgid:
    arguments = node.args if isinstance(node, ast.Call) else [node]
    found = [n.value for n in arguments if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return (found[0], found[1]) if len(found) == 2 else found[0] if found else ""


def merged(project: Project, domain: str, language: str) -> str | None:
    """The text that the domain's PO file should have; None where there is nothing in it.

    What is translated stays. A message whose English changed keeps its old translation, marked
    fuzzy, with the old English beside it; one that only moved to another cell, or whose code moved
    to or from a unit, stays current.
    """
    found = template(project, domain)
    path = project.catalogue(domain, language)
    if not len(found) and not path.is_file():
        return None
    catalogue = _read(project, domain, language)
    _take_along(catalogue, found, project, domain, language)
    current = {m.id: m.string for m in catalogue if m.id and _translated(m) and not m.fuzzy}
    catalogue.update(found, update_creation_date=False)
    _leave_behind(catalogue, project, domain)
    for message in catalogue:
        if message.fuzzy and message.id in current:
            message.string = current[message.id]
        if message.fuzzy and (message.id in current or not _translated(message)):
            message.flags.discard("fuzzy")
            message.previous_id = []
        _note_previous(message)
    return _dumps(catalogue, domain, language)


def _read(project: Project, domain: str, language: str) -> Catalog:
    path = project.catalogue(domain, language)
    return read_catalogue(path, language) if path.is_file() else Catalog(locale=language)


def _take_along(
    catalogue: Catalog, found: Catalog, project: Project, domain: str, language: str
) -> None:
    """Bring the translations of messages that stood in another catalogue until now."""
    wanted = {_key(m) for m in found if m.id and not m.context and m.id not in catalogue}
    for other in _neighbours(project, domain) if wanted else ():
        before = _read(project, other, language)
        for message in (*before, *before.obsolete.values()):
            if _key(message) in wanted and _translated(message) and not message.context:
                wanted.remove(_key(message))
                catalogue[message.id] = message


def _leave_behind(catalogue: Catalog, project: Project, domain: str) -> None:
    """Forget what is obsolete here and has no translation, or was taken along by another."""
    for key in [key for key, message in catalogue.obsolete.items() if not _translated(message)]:
        del catalogue.obsolete[key]
    for other in _neighbours(project, domain) if catalogue.obsolete else ():
        for message in template(project, other):
            if not message.context:
                catalogue.obsolete.pop(_key(message), None)


def _key(message: Message) -> str:
    """The English of a message, in the singular: its key in a catalogue, when without context."""
    return str(message.id if isinstance(message.id, str) else message.id[0])


def _neighbours(project: Project, domain: str) -> list[str]:
    """The domains between which a message moves when its code does."""
    units = [unit.id for unit in project.course.units]
    shared = [other for other in SHARED if other != domain]
    return [*units, *shared] if domain in SHARED else shared if domain in units else []


def _note_previous(message: Message) -> None:
    """Keep the English that a fuzzy translation belongs to, as a comment.

    PO's own ``#|`` lines would be lost in the next merge: Babel writes but does not read them.
    """
    comments = message.user_comments
    at = next((n for n, line in enumerate(comments) if line.startswith(_PREVIOUS)), len(comments))
    notes = comments[at:]  # several lines where Babel has wrapped it
    if message.previous_id:
        notes = [_PREVIOUS + " ".join(" ".join(message.previous_id).split())]
    message.user_comments = comments[:at] + (notes if message.fuzzy else [])


def _dumps(catalogue: Catalog, domain: str, language: str) -> str:
    from babel import Locale

    header = _HEADER.format(
        language=Locale(language).get_display_name("en"),
        code=language,
        domain=domain,
        plural=_PLURALS.get(language, Catalog(locale=language).plural_forms),
    )
    body = io.BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False)
    return header + body.getvalue().decode("utf-8").strip("\n") + "\n"


def coverage(project: Project, domain: str, language: str) -> Coverage:
    """How much of a domain's present messages the PO file translates."""
    found = [message for message in template(project, domain) if message.id]
    catalogue = _read(project, domain, language)
    kept = [catalogue.get(m.id, m.context) for m in found]
    good = [m for m in kept if m is not None and _translated(m) and not m.fuzzy]
    return Coverage(
        domain,
        language,
        total=len(found),
        translated=len(good),
        fuzzy=sum(1 for m in kept if m is not None and m.fuzzy),
        broken=tuple(
            str(m.id)
            for m in good
            if not (m.context or domain == "course" or _same_fields(m))  # prose has no fields
        ),
    )


def _same_fields(message: Message) -> bool:
    """Whether a translation has the ``str.format`` fields of its English, no more, no fewer.

    A form that says a number in words may leave out ``{n}``.
    """
    try:
        expected, forms = _fields(_forms(message.id)[-1]), map(_fields, _forms(message.string))
        counts = {("n", None)} if len(_forms(message.id)) == 2 else set()
        return all(expected - counts <= form <= expected for form in forms)
    except ValueError:  # an unbalanced brace
        return False


def _forms(text: str | Sequence[str] | None) -> Sequence[str]:
    return [text] if isinstance(text, str) else text or ()


def _translated(message: Message) -> bool:
    return bool(message.string) and all(_forms(message.string))


def _fields(text: str) -> set[tuple[str, str | None]]:
    return {(name, how) for _, name, _, how in string.Formatter().parse(text) if name is not None}


def all_coverage(project: Project) -> list[Coverage]:
    """The coverage of every domain in every language but English; empty domains left out."""
    found = [
        coverage(project, domain, language)
        for language in project.course.languages
        if language != "en"
        for domain in domains(project)
    ]
    return [one for one in found if one.total]


def complete_domains(project: Project) -> dict[str, set[str]]:
    """Per language, the domains that are wholly translated."""
    complete: dict[str, set[str]] = {}
    for one in all_coverage(project):
        if one.complete:
            complete.setdefault(one.language, set()).add(one.domain)
    return complete
