"""`synthlab verify` finds every kind of broken promise, and only those."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from synthlab.authoring.build import build
from synthlab.authoring.findings import CLAUSES
from synthlab.authoring.project import Project
from synthlab.authoring.proof import Judge, run
from synthlab.authoring.rehearsal import rehearse
from synthlab.authoring.verify import Report, plan, verify
from synthlab.errors import SynthlabError

Edit = Callable[[Path, str, str], None]
Verify = Callable[[], list[str]]


@pytest.fixture
def findings(tiny: Project, judge: Judge) -> Verify:
    """Verify all but the running of lessons: its sentences, each with its clause."""

    def found() -> list[str]:
        report = Report()
        for step in plan(Project.at(tiny.course_dir.parent), judge=judge, lessons=False):
            report.make(step)
        return [f"{finding.clause}: {finding}" for finding in report.findings]

    return found


def only(sentences: list[str], *parts: str) -> None:
    """There is exactly one finding, and it says all this."""
    assert len(sentences) == 1, sentences
    for part in parts:
        assert part in sentences[0]


def solution(project: Project) -> Path:
    return project.solution(project.course.unit("tiny"))


def test_a_course_that_keeps_its_promises(tiny: Project, judge: Judge) -> None:
    report = verify(tiny, judge=judge)
    assert report.ok, report.findings
    assert set(report.checked) == set(CLAUSES)
    # guess: 1 answer and 1 stub; double: 3 right answers, 1 stub and 3 mistakes
    assert report.checked["proof"] == 2 + 3 + 1 + 3


def test_an_unknown_unit(tiny: Project) -> None:
    with pytest.raises(SynthlabError, match="Did you mean 'tiny'"):
        verify(tiny, ["tiny", "tyny"])


def test_a_generated_file_that_was_edited(tiny: Project, findings: Verify, edit: Edit) -> None:
    edit(tiny.exercise(tiny.course.unit("tiny"), "ar"), "exercises", "exercise")
    only(findings(), "generated: exercises/ar/tiny.ipynb", "run 'synthlab build'")


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("course/01-tiny/lesson.md", "no lesson: {file} is missing; run 'synthlab new unit tiny'"),
        (
            "solutions/tiny.py",
            "no exercise source: {file} is missing; run 'synthlab new unit tiny'",
        ),
        ("synthlab/checks/tiny/__init__.py", "no package of checks: {file} is missing; run"),
        (
            "course/locale/ar/tiny.po",
            "no catalogue: {file} is missing; run 'synthlab translate ar'",
        ),
    ],
)
def test_a_unit_without_a_part(tiny: Project, findings: Verify, file: str, says: str) -> None:
    (tiny.course_dir.parent / file).unlink()
    only(findings(), "parts: tiny: it has " + says.format(file=file))


def test_a_widget_without_its_folders(tiny: Project, findings: Verify, edit: Edit) -> None:
    edit(tiny.course_dir / "course.toml", "minutes = 5", 'minutes = 5\nwidgets = ["TinyLab"]')
    python, view, built = findings()
    assert "widgets/synthlab_widgets/tiny_lab/__init__.py is missing" in python
    assert "no view of TinyLab: widgets/js/src/tiny_lab/index.ts is missing" in view
    assert "widgets/synthlab_widgets/static/tiny_lab.js is missing; run 'make front'" in built


def test_a_source_that_cannot_be_read(tiny: Project, findings: Verify, edit: Edit) -> None:
    edit(solution(tiny), "return total", "return (")
    only(findings(), "source: tiny: solutions/tiny.py, cell 5", "not valid Python")


def test_a_published_id_that_vanished(tiny: Project, findings: Verify, edit: Edit) -> None:
    edit(tiny.course_dir / "course.toml", "tiny.guess", "tiny.bet")
    edit(solution(tiny), "tiny.guess", "tiny.bet")
    build(Project.at(tiny.course_dir.parent))
    sentences = [s for s in findings() if s.startswith("published")]
    only(sentences, "tiny.guess", "put it back in course.toml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("points = 15", "points = 14", "sum to 19 points, not to 20"),
        # 13 of 20 is less than 70 %
        ("points = 4", "points = 7", "checks give 13 of its 20 points"),
    ],
)
def test_points(tiny: Project, findings: Verify, edit: Edit, old: str, new: str, says: str) -> None:
    edit(tiny.course_dir / "course.toml", old, new)
    if "7" in new:
        edit(tiny.course_dir / "course.toml", "points = 15", "points = 12")
    build(Project.at(tiny.course_dir.parent))
    only(findings(), "points: tiny", says)


def drop_cell(path: Path, tag: str) -> None:
    """Remove the cell with this tag from a source."""
    head, *cells = path.read_text("utf-8").split("# %%")
    kept = [cell for cell in cells if tag not in cell.split("\n", 1)[0]]
    assert len(kept) == len(cells) - 1
    path.write_text("# %%".join([head, *kept]), encoding="utf-8")


def test_too_few_mistakes(tiny: Project, findings: Verify) -> None:
    drop_cell(solution(tiny), "mistake:tiny.double:raises")
    only(findings(), "variants: tiny.double", "2 known mistakes")


def test_too_few_alternatives(tiny: Project, findings: Verify) -> None:
    drop_cell(solution(tiny), "alternative:tiny.double:sum")
    only(findings(), "variants: tiny.double", "1 alternative")


def tamper(project: Project, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the released English notebook behind the builder's back."""
    path = project.exercise(project.course.unit("tiny"), "en")
    notebook = json.loads(path.read_text("utf-8"))
    change({**notebook, **{cell["id"]: cell for cell in notebook["cells"]}})
    path.write_text(json.dumps(notebook), encoding="utf-8")


LEAKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "a line in the answer cell": lambda nb: nb["exercise-answer-tiny-double"].update(
        source=["def double(x):\n", "    pass  # return product\n", "    product = 2*x\n"]
    ),
    "a value in an answer cell": lambda nb: nb["exercise-answer-tiny-guess"].update(
        source="guess = 12345678901234567"
    ),
    "the whole answer elsewhere": lambda nb: nb["exercise-setup"].update(
        source="def twice(x):\n  total = (x + x)\n  return total\ndef double(x):\n  total=x+x\n"
    ),
    "the answer in prose": lambda nb: nb["exercise-title"].update(
        source="Hint:\n```python\nguess=12345678901234567\n```"
    ),
    "an output": lambda nb: nb["exercise-setup"].update(
        outputs=[{"output_type": "stream", "name": "stdout", "text": ["guess = 12345678901234567"]}]
    ),
    "metadata": lambda nb: nb["exercise-setup"]["metadata"]["synthlab"].update(
        note="guess = 12345678901234567"
    ),
    "the written answer": lambda nb: nb["exercise-why"].update(
        source="Doubling is linear because it commutes with sums and with multiples of its "
        "argument."
    ),
    "a tag of the source": lambda nb: nb["exercise-setup"]["metadata"]["synthlab"].update(
        tags=["mistake:tiny.double:square"]
    ),
    "jupytext's metadata": lambda nb: nb["metadata"].update(jupytext={"formats": "ipynb,py"}),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak(tiny: Project, findings: Verify, name: str) -> None:
    tamper(tiny, LEAKS[name])
    leaks = [sentence for sentence in findings() if sentence.startswith("leaks: ")]
    assert leaks
    assert all("exercises/en/tiny.ipynb" in sentence for sentence in leaks)


def test_a_complete_language_that_went_stale(tiny: Project, findings: Verify, edit: Edit) -> None:
    path = tiny.catalogue("course", "ar")
    path.write_text('msgid "A tiny course"\nmsgstr "A tiny course!"\n')
    build(tiny)
    assert findings() == []
    edit(path, "msgid", "#, fuzzy\nmsgid")
    only(findings(), "translation: course/locale/ar/course.po", "1 of 1 messages")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("product = 2 * x", "product = 3 * x", "the alternative 'product' must be correct"),
        ("total = x + x", "total = x + y", "the answer cannot be run"),
        ("return x * x", "return x + x", "the mistake 'square' must fail the property 'value'"),
        ("return x * x", 'raise ValueError("x")', "the mistake 'square' must fail"),
        ('fails="negative"', 'fails="value"', "must fail the property 'value', and does not"),
        ('fails="negative"', 'fails="negativ"', "which its check does not have"),
        ('    raise ValueError("no")', "    return x", "the mistake 'raises' must raise"),
    ],
)
def test_what_the_checks_do_not_confirm(
    tiny: Project, findings: Verify, edit: Edit, old: str, new: str, says: str
) -> None:
    edit(solution(tiny), old, new)
    if "cannot be run" in says:  # an answer that fails as soon as its cell runs
        edit(solution(tiny), "return total\n", "return total\n\n\nresult = double(1)\n")
    build(tiny)
    sentences = findings()
    assert sentences
    assert all(sentence.startswith("proof: tiny.double") for sentence in sentences)
    assert any(says in sentence for sentence in sentences)


def test_a_stub_that_counts_as_attempted(tiny: Project, findings: Verify, edit: Edit) -> None:
    # plain code after the answer that gives the name a meaning of its own
    edit(
        solution(tiny),
        '# %% tags=["check:tiny.double"]',
        '# %% key="override"\ndef double(x):\n    return x\n\n\n# %% tags=["check:tiny.double"]',
    )
    build(tiny)
    assert any("the stub must be not attempted" in sentence for sentence in findings())


def test_cells_run_on_after_an_exception_as_in_a_notebook() -> None:
    namespace, raised = run(["x = 1", "1 / 0", "y = x + 1", "print(y)"], "name")
    assert namespace["y"] == 2
    assert raised == "ZeroDivisionError: division by zero (in code cell 2)"


def notebook(*codes: str) -> nbformat.NotebookNode:
    cells = [
        nbformat.v4.new_code_cell(code, metadata={"synthlab": {"key": f"k{n}"}})
        for n, code in enumerate(codes)
    ]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize(
    ("code", "bare"),
    [
        ("x = 1\nx, 2", True),
        ("[x for x in (1, 2)]", True),
        ("torch.ones(1).item()", True),
        ("print(1, 2)", True),
        ("1 == 2", True),
        ("metrics.Result(x=1)", False),
        ("{16: metrics.Result(x=1)}", False),
        ("plot(), plot();", False),
        ("x = 1, 2", False),
    ],
)
def test_a_result_has_a_name(tiny: Project, findings: Verify, code: str, bare: bool) -> None:
    lesson = tiny.lesson(tiny.course.unit("tiny"))
    lesson.write_text(f"# Twice\n\n```python\n{code}\n```\n")
    assert any("its result has no name" in finding for finding in findings()) is bare


def test_lessons_are_rehearsed() -> None:
    found = [
        str(finding)
        for finding in rehearse(
            notebook(
                # far longer than the 10 ms in which a processor's time is counted
                "x = sum(range(10**7)); print(x)",
                "import sys; print('w', file=sys.stderr)",
                "1 / 0",
                "assert x",
            ),
            "lesson.md",
            budget=0.0,
        )
    ]
    assert found[0] == "lesson.md, cell 'k1': it writes to stderr: 'w'."
    assert found[1] == "lesson.md, cell 'k2': it raises ZeroDivisionError: division by zero."
    assert "0 s is the budget" in found[2]
    assert len(found) == 3


def test_a_lesson_that_kills_its_kernel() -> None:
    found = list(rehearse(notebook("import os; os._exit(1)", "x = 1"), "lesson.md"))
    assert [str(finding) for finding in found] == ["lesson.md: the kernel died."]
