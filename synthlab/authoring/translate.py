"""Translations: collecting what there is to translate, and keeping what already is.

Every catalogue belongs to a domain: one per unit (the prose of its lesson and its exercise, with
the context ``lesson/<cell key>`` or ``exercise/<cell key>``), ``course`` (titles of the
manifest), ``errors`` (the sentences of every ``SynthlabError("…")`` and ``unknown("…")``), and
``checks``, ``figures``, ``lab``, ``widgets`` and ``cli`` (messages in Python sources, marked
``N_("…")``, ``N_("one", "many")``, ``Text("…")`` or ``translate("domain", "…")``).

A file holds messages in reading order, unwrapped, without dates and line numbers, so that a
change shows what changed and nothing else.
"""

from __future__ import annotations

import ast
import io
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from synthlab import guide, quiz
from synthlab.authoring import exercise, lesson, prose
from synthlab.authoring.project import Project
from synthlab.authoring.source import read_source
from synthlab.authoring.wording import read_catalogue
from synthlab.manifest import Unit

#: Domains of Python sources and where their messages stand, relative to the package synthlab.
_CODE = {
    "checks": ("checks",),
    "figures": ("plots", "metrics"),
    "lab": ("server",),
    "cli": ("cli.py", "cli", "progress", "authoring", "grading"),
}
#: Calls that mark a message, and which of their arguments it is.
_KEYWORDS = {"N_": 0, "Text": 0, "translate": 1}
#: Calls that mark a message of the domain ``errors``.
_ERRORS = {"SynthlabError": 0, "unknown": 0, "Refusal": 0, "TrainingDiverged": 0, "Outside": 0}

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
    return [*(unit.id for unit in project.course.units), "course", "errors", *_CODE, "widgets"]


def template(project: Project, domain: str) -> Catalog:
    """Everything there is to translate in a domain, in reading order."""
    catalogue = Catalog(domain=domain, project="synthlab")
    if domain in {unit.id for unit in project.course.units}:
        _add_prose(catalogue, project, project.course.unit(domain))
    elif domain == "course":
        _add_titles(catalogue, project)
    elif domain == "errors":
        _add_code(catalogue, project.code_dir, (".",), "synthlab", _ERRORS)
        _add_code(catalogue, project.widgets_dir, (".",), "synthlab_widgets", _ERRORS)
    elif domain == "widgets":
        _add_code(catalogue, project.widgets_dir, (".",), "synthlab_widgets")
        _add_code(catalogue, project.code_dir, ("experiments", "data", "models"), "synthlab")
    else:
        _add_code(catalogue, project.code_dir, _CODE[domain], "synthlab")
    return catalogue


def _add_prose(catalogue: Catalog, project: Project, unit: Unit) -> None:
    lessons = [c for c in lesson.read_lesson(unit, project) if c.markdown]
    exercises = [c for c in read_source(unit, project).cells if c.role == "prose"]
    for part, path, keys_and_texts in (
        (lesson.PART, project.lesson(unit), [(c.key, c.text) for c in lessons]),
        (exercise.PART, project.solution(unit), [(c.key, c.text) for c in exercises]),
    ):
        for key, text in keys_and_texts:
            for message in prose.messages(text):
                catalogue.add(
                    message, context=f"{part}/{key}", locations=[(project.display(path), 0)]
                )

    path = project.lesson(unit)
    for item in quiz.blocks(path.read_text(encoding="utf-8"), path.name):
        for message in quiz.messages(item):
            catalogue.add(
                message,
                context=f"{quiz.PART}/{item.id}",
                locations=[(project.display(path), 0)],
            )

    path = project.lesson(unit).with_name(guide.FILE)
    for page in guide.read(path) if path.is_file() else ():
        for message in guide.messages(page):
            catalogue.add(
                message,
                context=f"{guide.PART}/{page.key}",
                locations=[(project.display(path), 0)],
            )


def _add_titles(catalogue: Catalog, project: Project) -> None:
    location = [(project.display(project.course_dir / "course.toml"), 0)]
    course = project.course
    catalogue.add(course.title, locations=location)
    for unit in course.units:
        for title in (unit.title, *(question.title for question in unit.questions)):
            catalogue.add(title, locations=location)


def _add_code(
    catalogue: Catalog,
    root: Path | None,
    places: tuple[str, ...],
    name: str,
    keywords: Mapping[str, int] = _KEYWORDS,
) -> None:
    if root is None:
        return
    for path in _python_files(root, places):
        location = f"{name}/{path.relative_to(root).as_posix()}"
        for message in code_messages(path.read_text(encoding="utf-8"), keywords):
            catalogue.add(message, locations=[(location, 0)])


def code_messages(code: str, keywords: Mapping[str, int] = _KEYWORDS) -> list[Msgid]:
    """The messages that calls of the keywords mark in Python source, in reading order.

    >>> code_messages('N_("One.") ; words.translate("cli", "Two" ".") ; N_("{n} bin", "{n} bins")')
    ['One.', 'Two.', ('{n} bin', '{n} bins')]
    """
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    of_errors = {id(m) for call in calls for m in _marked(call, _ERRORS)}
    return [
        message
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset))
        for marked in _marked(call, keywords)
        if (keywords is _ERRORS or id(marked) not in of_errors) and (message := _msgid(marked))
    ]


def _marked(call: ast.Call, keywords: Mapping[str, int]) -> Iterator[ast.expr]:
    """The nodes that hold a call's message: two where it is a choice."""
    name = _name(call)
    waiting = call.args[keywords[name] :][:1] if name in keywords else []
    if name == "N_" and waiting:
        yield call
        return
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.IfExp):
            waiting += [node.body, node.orelse]
        elif isinstance(node, ast.Constant) or (keywords is _ERRORS and _name(node) == "N_"):
            yield node


def _name(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    return str(getattr(function, "attr", getattr(function, "id", "")))


def _msgid(node: ast.expr) -> Msgid:
    arguments = node.args if isinstance(node, ast.Call) else [node]
    found = [n.value for n in arguments if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return (found[0], found[1]) if len(found) == 2 else found[0] if found else ""


def _python_files(root: Path, places: tuple[str, ...]) -> Iterator[Path]:
    for place in places:
        path = root / place
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(path.rglob("*.py"))


def merged(project: Project, domain: str, language: str) -> str | None:
    """The text that the domain's PO file should have; None where there is nothing in it.

    What is translated stays. A message whose English changed keeps its old translation, marked
    fuzzy, with the old English beside it; one that only moved to another cell stays current.
    """
    found = template(project, domain)
    path = project.catalogue(domain, language)
    if not len(found) and not path.is_file():
        return None
    catalogue = read_catalogue(path, language) if path.is_file() else Catalog(locale=language)
    current = {m.id: m.string for m in catalogue if m.id and _translated(m) and not m.fuzzy}
    catalogue.update(found, update_creation_date=False)
    for message in catalogue:
        if message.fuzzy and message.id in current:
            message.string = current[message.id]
        if message.fuzzy and (message.id in current or not _translated(message)):
            message.flags.discard("fuzzy")
            message.previous_id = []
        _note_previous(message)
    return _dumps(catalogue, domain, language)


def _note_previous(message: Message) -> None:
    """Keep the English that a fuzzy translation belongs to, as a comment.

    PO's own ``#|`` lines would be lost in the next merge: Babel writes but does not read them.
    """
    if message.previous_id:
        notes = [_PREVIOUS + " ".join(" ".join(message.previous_id).split())]
    else:
        notes = [note for note in message.user_comments if note.startswith(_PREVIOUS)]
    others = [note for note in message.user_comments if not note.startswith(_PREVIOUS)]
    message.user_comments = others + (notes if message.fuzzy else [])


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
    path = project.catalogue(domain, language)
    catalogue = read_catalogue(path, language) if path.is_file() else Catalog(locale=language)
    kept = [catalogue.get(m.id, m.context) for m in found]
    good = [m for m in kept if m is not None and _translated(m) and not m.fuzzy]
    return Coverage(
        domain,
        language,
        total=len(found),
        translated=len(good),
        fuzzy=sum(1 for m in kept if m is not None and m.fuzzy),
        broken=tuple(str(m.id) for m in good if _is_code(domain, project) and not _same_fields(m)),
    )


def _is_code(domain: str, project: Project) -> bool:
    return domain not in {unit.id for unit in project.course.units} | {"course"}


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
