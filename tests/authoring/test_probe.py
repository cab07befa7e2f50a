"""Probe of a check: what is derived from an answer, what becomes of it, and what stops it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from synthlab.authoring.probe.around import around
from synthlab.authoring.probe.inside import inside
from synthlab.authoring.probe.judge import Bench, Question
from synthlab.authoring.probe.mutant import numbered, sample
from synthlab.authoring.probe.report import Report, probed
from synthlab.authoring.probe.show import chosen, survivors
from synthlab.authoring.project import Project
from synthlab.authoring.proof import Judge
from synthlab.authoring.source import Allowed
from synthlab.checks.verdict import PropertyVerdict, Status, Verdict
from synthlab.errors import SynthlabError
from synthlab.words import Text

STEP = """\
def step(model, optimizer, x, y, generator):
    noise = torch.randn(len(x), generator=generator)
    loss = (model(x + noise) - y).square().mean(dim=0, keepdim=True)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if len(x) > 2 and y is not None:
        return loss.detach(), noise
    return loss.item()
"""
KINDS = {
    "model": "module",
    "optimizer": "optimizer",
    "x": "tensor",
    "y": "tensor",
    "generator": "generator",
    "return": "tensor",
}


@pytest.fixture(scope="module")
def derived() -> list[tuple[str, str]]:
    """Every mutant of the step: its kind and its difference."""
    known = {"step": KINDS}
    mutants = numbered([*inside(STEP, known), *around(STEP, known)], STEP)
    return [(m.kind, " ".join(line.replace("    ", "") for line in m.diff(STEP))) for m in mutants]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("operator", "+ loss = (model(x + noise) + y)"),
        ("operator", "+ loss = model(x + noise).square()"),
        ("swapped", "+ loss = (y - model(x + noise))"),
        ("swapped", "+ return (noise, loss.detach())"),
        ("comparison", "+ if len(x) >= 2"),
        ("boolean", "+ if len(x) > 2 or y"),
        ("branch", "+ if not (len(x) > 2 and y is not None)"),
        ("constant", "+ if len(x) > 3"),
        ("constant", "mean(dim=0, keepdim=False)"),
        ("axis", "mean(keepdim=True)"),
        ("reduction", ".square().sum(dim=0, keepdim=True)"),
        ("reduction", "- y).square()"),
        ("graph", "+ return (loss, noise)"),
        ("graph", "+ return loss"),
        ("graph", "model(x + noise).detach()"),
        ("graph", "+ with torch.no_grad():"),
        ("generator", "torch.randn(len(x))"),
        ("generator", "generator=torch.default_generator"),
        ("generator", "torch.manual_seed(0)"),
        ("name", "torch.randn(len(y)"),
        ("removed", "- optimizer.zero_grad()"),
        ("order", "+ loss.backward() - loss.backward()"),
        ("cached", "setdefault('2', torch.randn("),
        ("cached", "* step: return the first result for these shapes again"),
        ("in place", "* step: x.data.mul_(2)"),
        ("in place", "model.requires_grad_(False)"),
        ("constant", "* step: return torch.zeros_like(result)"),
        ("returned", "return None"),
        ("returned", "return result.half()"),
    ],
)
def test_what_is_derived(derived: list[tuple[str, str]], kind: str, text: str) -> None:
    assert any(kind == found and text in diff for found, diff in derived)


def test_each_once_and_none_is_the_answer(derived: list[tuple[str, str]]) -> None:
    assert all(diff for _, diff in derived)
    assert len(derived) == len(set(derived))


def test_a_sample_has_every_kind() -> None:
    known = {"step": KINDS}
    mutants = numbered([*inside(STEP, known), *around(STEP, known)], STEP)
    kinds = {m.kind for m in mutants}
    kept = sample(mutants, len(kinds))
    assert {m.kind for m in kept} == kinds
    assert kept == sample(mutants, len(kinds)) == [m for m in mutants if m in kept]


def mild(check: str, namespace: Mapping[str, Any], seed: int | None = None) -> Verdict:
    """Judge the tiny course by the size of a result, whatever its sign."""
    double = namespace["double"]
    try:
        passed = {"value": abs(double(3)) == 6, "negative": abs(double(-4)) == 8}
    except Exception:
        return Verdict(check, Status.ERROR, 0, ())
    text = Text("text")
    properties = tuple(
        PropertyVerdict(name, state, 1.0, text, None, text, text) for name, state in passed.items()
    )
    status = Status.CORRECT if all(passed.values()) else Status.PARTIAL
    return Verdict(check, status, sum(passed.values()) / 2, properties)


def mild_judge() -> Judge:
    """What `Question.judge` calls."""
    return mild


def here(task: Callable[..., Any], jobs: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
    """Do it in this process."""
    return (task(*job) for job in jobs)


@pytest.fixture
def report(tiny: Project) -> Report:
    """The tiny course's question, probed by the mild judge."""
    return probed(Question(tiny.course_dir.parent, "tiny", "tiny.double", mild_judge), here, 1)


def test_what_the_judge_does_not_see_survives(report: Report) -> None:
    (negative,) = report.of("survived")
    assert negative.mutant.diff(report.answer) == ["* double: return -result"]
    assert negative.difference == "result of double"
    assert report.killed < 1
    lines = list(survivors(report))
    assert any("survives; it differs in the result of double" in line for line in lines)


def test_what_fails_fails_with_a_property_that_fits(report: Report) -> None:
    fates = {o.mutant.diff(report.answer)[-1]: o.fate for o in report.outcomes}
    assert fates["+     total = x - x"] == "killed"
    assert fates["* double: return the first result again"] == "killed"
    assert fates["* double: return None"] == "raises"
    assert all(outcome.fits for outcome in report.of("killed"))


def test_what_is_allowed_is_no_wrong_answer(
    tiny: Project, edit: Callable[[Path, str, str], None]
) -> None:
    cell = """\
# %% tags=["allowed:tiny.double"]
# Nobody looks at the sign.
# * double: return -…

# This one no longer comes.
# - return x
# + return y

# %% [markdown] key="why"
"""
    path = tiny.solution(tiny.course.unit("tiny"))
    edit(path, '# %% [markdown] key="why"\n', cell)
    question = Question(tiny.course_dir.parent, "tiny", "tiny.double", mild_judge)
    report = probed(question, here, 1)
    (allowed,) = report.of("allowed")
    assert allowed.allowed == "Nobody looks at the sign."
    assert report.killed == 1
    assert [stale.reason for stale in report.stale] == ["This one no longer comes."]
    assert not report.ok


@pytest.mark.parametrize(
    ("lines", "diff", "matches"),
    [
        (("+ a = …",), ["-     a = 1", "+     a = 2"], True),
        (("- b = 1", "+ b = 2"), ["-     a = 1", "+     a = 2"], False),
        (("- f()",), ["-     f()"], True),
        (("- f()",), ["-     f()", "+     g()"], False),
        (("~ result…",), ["- f()"], True),
        (("~ …of g",), ["- f()"], False),
        (("+ …", "~ result…"), ["- a", "+ b"], True),
        (("+ …", "~ result…"), ["* f: a"], False),
        (("+ …", "~ argument…"), ["- a", "+ b"], False),
    ],
)
def test_allowances(lines: tuple[str, ...], diff: list[str], matches: bool) -> None:
    assert Allowed("reason", lines).matches(diff, "result of f") is matches


def test_a_cell_without_a_reason(tiny: Project, edit: Callable[[Path, str, str], None]) -> None:
    path = tiny.solution(tiny.course.unit("tiny"))
    edit(
        path,
        "# %% [markdown] key=",
        '# %% tags=["allowed:tiny.double"]\n# + y\n\n# %% [markdown] key=',
    )
    question = Question(tiny.course_dir.parent, "tiny", "tiny.double", mild_judge)
    with pytest.raises(SynthlabError, match="a comment with a reason"):
        question.source  # noqa: B018 - it reads the file


def test_what_takes_too_long_is_ended() -> None:
    """Each job has a limit of its own, and the one that never ends costs the others nothing."""
    with Bench(workers=1, limit=1) as bench:
        start = time.monotonic()
        assert list(bench.map(divmod, [(7, 2)])) == [(3, 1)]
        assert list(bench.map(time.sleep, [(600,)])) == [None]
        assert list(bench.map(divmod, [(9, 4)])) == [(2, 1)]
        assert time.monotonic() - start < 60  # two starts of a process with torch


def test_a_question_that_is_not_there(tiny: Project) -> None:
    assert [question.id for question in chosen(tiny, (), ())] == ["tiny.double"]
    with pytest.raises(SynthlabError, match=r"tiny\.double"):
        chosen(tiny, ["tiny"], ["tiny.duoble"])
