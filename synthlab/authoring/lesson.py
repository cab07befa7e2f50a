"""From a lesson's Markdown to its notebook.

``course/<unit>/lesson.md`` is jupytext Markdown: prose, ``$mathematics$`` and ```` ```python ````
code cells. Two blank lines, or a code cell, end a prose cell. A cell's key, under which its
translation is kept, is its section's heading as a slug with a running number; code cells count
apart, so that a new one leaves the prose's keys as they are.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from synthlab import blocks, figure, quiz
from synthlab.authoring import claims
from synthlab.authoring.claims import LessonCell
from synthlab.authoring.notebooks import new_cell, new_notebook, prose
from synthlab.authoring.project import Project
from synthlab.authoring.wording import read_wording
from synthlab.errors import SynthlabError
from synthlab.manifest import Unit
from synthlab.words import check_language

PART = "lesson"

_HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
_FENCED = re.compile(r"^(`{3,}|~{3,}).*?^\1", re.MULTILINE | re.DOTALL)


def lesson_notebook(
    unit: str, language: str = "en", project: Project | None = None
) -> NotebookNode:
    """The lesson notebook of a unit; its code cells are the same in every language.

    Raises:
        SynthlabError: On an unknown unit or language, or a lesson that cannot be read.
    """
    project = project or Project.here()
    found = project.course.unit(unit)
    wording = read_wording(project.catalogue(found.id, check_language(language)), language)
    cells = [
        new_cell(
            PART,
            cell.key,
            prose(PART, cell.key, cell.text, wording) if cell.markdown else cell.text,
            markdown=cell.markdown,
        )
        for cell in read_lesson(found, project)
    ]
    return new_notebook(found.id, language, cells)


def read_lesson(unit: Unit, project: Project) -> list[LessonCell]:
    """The cells of a unit's lesson.

    Raises:
        SynthlabError: One sentence that names the file, and the cell where there is one.
    """
    path = project.lesson(unit)
    text = project.text(unit, path)
    name = project.display(path)
    asked = {item.id: item for item in quiz.blocks(text, str(name))}
    for question in unit.questions:
        if question.predict is not None and (
            question.predict not in asked or asked[question.predict].kind != "number"
        ):
            raise SynthlabError(
                "course.toml: {question!r} takes its answer from {prediction!r}, which is no "
                "prediction of a number in {name}.",
                question=question.id,
                prediction=question.predict,
                name=name,
            )
    return parse_lesson(text, name)


def parse_lesson(text: str, name: str | Path) -> list[LessonCell]:
    """`read_lesson` on text that is already read; ``name`` is what messages call the file."""
    import jupytext

    for _ in (*quiz.blocks(text, str(name)), *figure.captions(text, str(name))):
        pass  # says what is wrong with one
    cells: list[LessonCell] = []
    section = "start"
    counts: Counter[str] = Counter()
    for number, cell in enumerate(jupytext.reads(text, fmt="md").cells, 1):
        markdown = cell.cell_type == "markdown"
        if markdown:
            where = f"{name}, cell {number}"
            prose_text, claimed = claims.extract(blocks.strip(cell.source), where)
            if claimed:
                _attach(cells, claimed, where)
            cell.source = prose_text.strip("\n")
            if not cell.source:  # a cell of blocks alone
                continue
            headings = _HEADING.findall(_FENCED.sub("", cell.source))
            section = slug(headings[0]) if headings else section
        elif cell.cell_type == "code":
            _check_code(cell.source, f"{name}, cell {number}")
        else:
            raise SynthlabError(
                "{name}, cell {number}: a raw cell has no place in a lesson.",
                name=name,
                number=number,
            )
        base = section if markdown else f"{section}-code"
        counts[base] += 1
        key = base if counts[base] == 1 else f"{base}-{counts[base]}"
        cells.append(LessonCell(key, cell.source, markdown))
        if markdown and headings:
            section = slug(headings[-1])
    if len({cell.key for cell in cells}) != len(cells):
        twice = next(k for k, n in Counter(c.key for c in cells).items() if n > 1)
        raise SynthlabError(
            "{name}: two cells get the key {twice!r}; rename one heading.", name=name, twice=twice
        )
    return cells


def _attach(cells: list[LessonCell], claimed: tuple[str, ...], where: str) -> None:
    """Give claims to the last code cell, after which they are evaluated."""
    for at in reversed(range(len(cells))):
        if not cells[at].markdown:
            cells[at] = replace(cells[at], claims=cells[at].claims + claimed)
            return
    raise SynthlabError(
        "{where}: a claim needs a code cell before it, whose values it names.", where=where
    )


def slug(heading: str) -> str:
    """A heading as a key: lower-case words and dashes.

    >>> slug("What does $D^*$ look like?")
    'what-does-d-look-like'
    """
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-") or "section"


def _check_code(code: str, where: str) -> None:
    try:
        ast.parse(code)
    except SyntaxError as error:
        raise SynthlabError(
            "{where}: line {line} of the cell is not valid Python: {reason}.",
            where=where,
            line=error.lineno,
            reason=error.msg,
        ) from None
