"""Exercise sources: ``solutions/<unit>.py``, py:percent, one file an exercise notebook.

A cell's role stands in its one tag:

=========================  =================================================================
``answer:ID``              the full right answer; the learner gets its stub
``prediction:ID``          the same, for a question whose kind is ``prediction``
``check:ID``               exactly ``check("ID")``
``mistake:ID:NAME``        a known wrong answer; ``fails="property"`` names what it breaks
``alternative:ID:NAME``    a right answer, written differently
``allowed:ID``             changes of the answer that are right, too: see `Allowed`
``written:ID``             (Markdown) the model answer that a person grades against
=========================  =================================================================

A mistake or an alternative may be written as a change of the answer, a cell of comments alone: see
`synthlab.authoring.change`. A cell without a tag is prose (Markdown) or plain code, and has
``key="…"``: the name under which its translation is kept.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from synthlab.authoring import change
from synthlab.authoring.project import Project
from synthlab.authoring.stub import WRITTEN_STUB, make_stub
from synthlab.errors import SynthlabError, unknown
from synthlab.manifest import Unit

Role = Literal["prose", "code", "answer", "check", "written"]

_TAGS = ("answer", "prediction", "check", "mistake", "alternative", "allowed", "written")
_VARIANTS = ("mistake", "alternative")
#: How a line of what is allowed begins.
_LINES = ("# - ", "# + ", "# * ", "# ~ ")
# jupytext adds lines_to_next_cell itself.
_METADATA = {"key", "tags", "fails", "lines_to_next_cell"}
_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True)
class Variant:
    """An answer other than the first one: a known mistake or a differently written right one.

    ``fails`` holds the names of the properties that a mistake breaks, ``("error",)`` when it
    is meant to raise, and nothing for an alternative.
    """

    name: str
    code: str
    fails: tuple[str, ...] = ()


@dataclass(frozen=True)
class Allowed:
    """A change that ``synthlab verify --probe`` derives and a person calls right.

    In a cell ``allowed:ID`` a blank line begins the next one. First comes the reason, which the
    next ones need not repeat. Below it, lines ``# - ``, ``# + `` and ``# * `` are a change as the
    probe prints it (where there is a ``# + ``, the ``# - `` may be left out), lines ``# ~ `` are
    what may differ by it, or by any change. ``…`` stands for anything.
    """

    reason: str
    lines: tuple[str, ...]

    def matches(self, diff: list[str], difference: str) -> bool:
        """Whether this is the change and what differs by it, as far as it names them."""
        differs = [line for line in self.lines if line[0] == "~"]
        if differs and not any(_like([line], [f"~ {difference}"]) for line in differs):
            return False
        changed = [line for line in self.lines if line[0] != "~"]
        signs = {line[0] for line in changed}
        found = [line for line in diff if line[0] in signs or signs == {"-"}]
        return not changed or _like(changed, found)


def _like(wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Whether lines are those that are wanted, up to their indentation."""
    wanted, found = (
        "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines) for lines in (wanted, found)
    )
    pattern = re.escape(wanted).replace("…", ".*")
    return re.fullmatch(pattern, found, re.DOTALL) is not None


@dataclass(frozen=True)
class QuestionSource:
    """Everything that the source says about one question."""

    answer: str
    stub: str
    mistakes: tuple[Variant, ...] = ()
    alternatives: tuple[Variant, ...] = ()
    allowed: tuple[Allowed, ...] = ()


@dataclass(frozen=True)
class SourceCell:
    """A cell that the released notebook has, with the author's text in it."""

    role: Role
    key: str
    text: str
    question: str | None = None
    markdown: bool = False


@dataclass(frozen=True)
class ExerciseSource:
    """A whole exercise: the released cells in order, and what is known of every question."""

    unit: Unit
    path: Path
    cells: tuple[SourceCell, ...]
    questions: Mapping[str, QuestionSource]

    def program(self, question: str, answer: str | None = None) -> list[str]:
        """The code cells that a learner has run when a question's check runs, checks aside.

        Args:
            question: The code up to this question's check cell.
            answer: What stands in its answer cell; the other answers are the right ones. When
                None, every answer is its stub: the notebook as released.
        """
        cells = []
        for cell in self.cells:
            if cell.role == "check" and cell.question == question:
                break
            if cell.role == "code":
                cells.append(cell.text)
            elif cell.role == "answer" and cell.question is not None:
                mine = cell.question == question
                if answer is None:
                    cells.append(self.questions[cell.question].stub)
                else:
                    cells.append(answer if mine else cell.text)
        return cells


def read_source(unit: Unit | str, project: Project | None = None) -> ExerciseSource:
    """Read and validate an exercise source.

    Args:
        unit: A unit of the manifest, or its id.
        project: Where the course is; this installation's by default.

    Raises:
        SynthlabError: One sentence that names the file and the cell.
    """
    project = project or Project.here()
    unit = project.course.unit(unit) if isinstance(unit, str) else unit
    path = project.solution(unit)
    return parse_source(project.text(unit, path), unit, path, name=project.display(path))


def parse_source(text: str, unit: Unit, path: Path, name: str | None = None) -> ExerciseSource:
    """`read_source` on text that is already read; ``name`` is what messages call the file."""
    import jupytext

    notebook = jupytext.reads(text, fmt="py:percent")
    reader = _Reader(unit, name or path.as_posix(), _marker_lines(text, len(notebook.cells)))
    for number, cell in enumerate(notebook.cells):
        reader.read(number, cell)
    return ExerciseSource(unit, path, tuple(reader.cells), reader.finish())


def _marker_lines(text: str, cells: int) -> list[int] | None:
    """The line of every ``# %%``; None when the file's cells do not all start with one."""
    lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"#\s*%%", line)]
    return lines if len(lines) == cells else None


@dataclass
class _Draft:
    """A question while its cells are being read."""

    answer: str | None = None
    checked: bool = False
    stub: str = ""
    mistakes: list[Variant] = field(default_factory=list)
    alternatives: list[Variant] = field(default_factory=list)
    allowed: list[Allowed] = field(default_factory=list)


class _Reader:
    """Reads cells one by one; every complaint names the file and the cell."""

    def __init__(self, unit: Unit, name: str, lines: list[int] | None) -> None:
        self.unit = unit
        self.name = name
        self.lines = lines
        self.where = name
        self.cells: list[SourceCell] = []
        self.drafts = {q.id: _Draft() for q in unit.questions}
        self.kinds = {q.id: q.kind for q in unit.questions}
        self.keys: set[str] = set()

    def error(self, message: str) -> SynthlabError:
        return SynthlabError("{where}: {message}", where=self.where, message=message)

    def read(self, number: int, cell: Any) -> None:
        line = "" if self.lines is None else f" (line {self.lines[number]})"
        self.where = f"{self.name}, cell {number + 1}{line}"
        metadata = dict(cell.metadata)
        for key in sorted(set(metadata) - _METADATA):
            raise self.error(
                str(
                    unknown(
                        "There is no cell attribute called {name}.", key, ["key", "tags", "fails"]
                    )
                )
            )
        if cell.cell_type not in ("code", "markdown"):
            raise self.error(f"a {cell.cell_type} cell has no place in an exercise.")
        tags = metadata.get("tags", [])
        if not isinstance(tags, list) or len(tags) > 1:
            raise self.error(f'one tag a cell, please, written tags=["…"]; it has {tags!r}.')
        if metadata.get("fails") and not (tags and str(tags[0]).startswith("mistake:")):
            raise self.error('only a mistake has fails="…".')
        if tags:
            self._tagged(str(tags[0]), cell, metadata)
        else:
            self._plain(cell, metadata)

    def _plain(self, cell: Any, metadata: dict[str, Any]) -> None:
        markdown = cell.cell_type == "markdown"
        key = metadata.get("key")
        if not isinstance(key, str):
            raise self.error(
                'the cell needs key="…", the name under which its translation is kept.'
            )
        self._claim(key)
        if not markdown:
            self._parse(cell.source)
        self.cells.append(
            SourceCell("prose" if markdown else "code", key, cell.source, markdown=markdown)
        )

    def _claim(self, key: str) -> None:
        if not _KEY.fullmatch(key):
            raise self.error(f"the key {key!r} is not made of lower-case words, digits and dashes.")
        if key in self.keys:
            raise self.error(f"the key {key!r} is used twice.")
        self.keys.add(key)

    def _tagged(self, tag: str, cell: Any, metadata: dict[str, Any]) -> None:
        role, _, rest = tag.partition(":")
        if role not in _TAGS:
            raise self.error(str(unknown("There is no tag called {name}.", role, _TAGS)))
        if "key" in metadata:
            raise self.error(f"a cell tagged {tag!r} needs no key; its id is its key.")
        question, _, variant = rest.partition(":")
        if question not in self.drafts:
            raise self.error(
                str(
                    unknown(
                        "There is no question called {name} in unit {unit!r}.",
                        question,
                        self.drafts,
                        unit=self.unit.id,
                    )
                )
            )
        if (role in _VARIANTS) != bool(variant):
            shape = f"{role}:ID:NAME" if role in _VARIANTS else f"{role}:ID"
            raise self.error(f"the tag {tag!r} is not of the form {shape!r}.")
        if (cell.cell_type == "markdown") != (role == "written"):
            kind = "a Markdown" if role == "written" else "a code"
            raise self.error(f"a cell tagged {role!r} is {kind} cell.")
        if cell.cell_type == "code":
            self._parse(cell.source)
        draft = self.drafts[question]
        if role in _VARIANTS:
            self._variant(role, question, variant, cell.source, metadata.get("fails"))
        elif role == "check":
            self._check(question, draft, cell.source)
        elif role == "allowed":
            self._allowed(draft, cell.source)
        else:
            self._answer(role, question, draft, cell.source)

    def _parse(self, code: str) -> None:
        try:
            ast.parse(code)
        except SyntaxError as error:
            raise self.error(
                f"line {error.lineno} of the cell is not valid Python: {error.msg}."
            ) from None

    def _answer(self, role: str, question: str, draft: _Draft, text: str) -> None:
        kind = self.kinds[question]
        if (role == "written") != (kind == "written"):
            raise self.error(
                f"question {question!r} is of kind {kind!r} in course.toml, "
                f"so its answer cell cannot be tagged {role!r}."
            )
        if role == "prediction" and kind != "prediction":
            raise self.error(
                f"question {question!r} is of kind {kind!r}; tag it answer:{question}."
            )
        if draft.answer is not None:
            raise self.error(f"question {question!r} has a second answer cell.")
        draft.answer = text
        if role == "written":
            draft.stub = WRITTEN_STUB
            self.cells.append(SourceCell("written", f"written:{question}", text, question, True))
            return
        try:
            draft.stub = make_stub(text)
        except SynthlabError as error:
            raise self.error(f"{error}.") from None
        self.cells.append(SourceCell("answer", f"answer:{question}", text, question))

    def _check(self, question: str, draft: _Draft, text: str) -> None:
        if text.strip() != f'check("{question}")':
            raise self.error(f'a check cell holds exactly check("{question}").')
        if draft.answer is None:
            raise self.error(f"the check of {question!r} stands before its answer.")
        if draft.checked:
            raise self.error(f"question {question!r} has a second check cell.")
        draft.checked = True
        self.cells.append(SourceCell("check", f"check:{question}", text.strip(), question))

    def _allowed(self, draft: _Draft, text: str) -> None:
        reason = ""
        for part in re.split(r"\n\s*\n", text.strip()):
            lines = part.splitlines()
            changed = [line[2:] for line in lines if line.startswith(_LINES)]
            words = " ".join(line.lstrip("# ") for line in lines[: len(lines) - len(changed)])
            reason = words or reason
            if not changed or not reason:
                raise self.error(
                    "what is allowed is a comment with a reason, and below it lines that begin "
                    f"with one of {', '.join(map(repr, _LINES))}."
                )
            draft.allowed.append(Allowed(reason, tuple(changed)))

    def _variant(self, role: str, question: str, name: str, code: str, fails: Any) -> None:
        if not _KEY.fullmatch(name):
            raise self.error(f"the name {name!r} is not made of lower-case words and dashes.")
        if role == "mistake" and not fails:
            raise self.error(
                f"the mistake {name!r} of {question!r} must name the property it breaks: "
                'fails="…" (or fails="error" when it is meant to raise).'
            )
        draft = self.drafts[question]
        variants = draft.mistakes if role == "mistake" else draft.alternatives
        if name in {v.name for v in variants}:
            raise self.error(f"question {question!r} has two {role}s called {name!r}.")
        if change.is_change(code):
            if draft.answer is None:
                raise self.error(f"a change of {question!r} stands before its answer.")
            try:
                code = change.apply(code, draft.answer)
            except ValueError as error:
                raise self.error(str(error)) from None
        names = tuple(part.strip() for part in str(fails).split(",")) if fails else ()
        variants.append(Variant(name, code, names))

    def finish(self) -> dict[str, QuestionSource]:
        """Every question of the manifest, complete; raises on the first that is not."""
        self.where = self.name
        for question, draft in self.drafts.items():
            if draft.answer is None:
                role = "written" if self.kinds[question] == "written" else "answer"
                raise self.error(f"question {question!r} has no cell tagged {role}:{question}.")
            if not draft.checked and self.kinds[question] != "written":
                raise self.error(f"question {question!r} has no cell tagged check:{question}.")
        return {
            question: QuestionSource(
                draft.answer or "",
                draft.stub,
                tuple(draft.mistakes),
                tuple(draft.alternatives),
                tuple(draft.allowed),
            )
            for question, draft in self.drafts.items()
        }
