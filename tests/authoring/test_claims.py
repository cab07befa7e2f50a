"""Claims of a lesson: read, kept out of the notebook, linted, evaluated where they stand."""

from __future__ import annotations

import pytest
import torch

from benchmarks import __main__ as command
from synthlab.authoring import claims
from synthlab.authoring.contract import stated
from synthlab.authoring.lesson import parse_lesson
from synthlab.authoring.project import Project
from synthlab.authoring.verify import Report, plan
from synthlab.errors import SynthlabError

CLAIMED = """\
# Draws

```python
import random
seed = 0
draw = random.Random(seed).random()  # 0.844 on seed 0, 0.134 on seed 1
```

It is large.

```claim
draw > 0.5   # what the prose says
```

It stays within one, too.

```claim
0 <= draw < 1
all(draw < bound for bound in (1, 2))
```

```python
draw = -1
```
"""


def claim(project: Project, text: str = CLAIMED) -> list[str]:
    """Give the tiny course this lesson; what its contract finds."""
    unit = project.course.unit("tiny")
    project.lesson(unit).write_text(text, encoding="utf-8")
    return [str(finding) for finding in stated(project, unit)]


def test_a_claim_belongs_to_the_code_before_it_and_the_notebook_does_not_show_it() -> None:
    bare = claims.extract(CLAIMED, "lesson.md")[0]
    cells = parse_lesson(CLAIMED, "lesson.md")
    assert claims.by_cell(cells) == {
        "draws-code": (
            "draw > 0.5",
            "0 <= draw < 1",
            "all(draw < bound for bound in (1, 2))",
        )
    }
    shown = [(cell.key, cell.text) for cell in cells]
    assert shown == [(cell.key, cell.text) for cell in parse_lesson(bare, "lesson.md")]
    assert shown[2] == ("draws-2", "It is large.\n\nIt stays within one, too.")


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("Text.\n\n```claim\nx >\n```", "cell 2: the claim 'x >' is not one Python expression"),
        ("Text.\n\n```claim\nx = 1\n```", "the claim 'x = 1' is not one Python expression"),
        ("Text.\n\n```claim\n\n```", "a block 'claim' has no line"),
        ("Text.\n\n```claim\nx > 0\n", "a block 'claim' begins with ```claim and ends with ```"),
    ],
)
def test_a_damaged_block_is_told_in_a_sentence(block: str, says: str) -> None:
    with pytest.raises(SynthlabError) as caught:
        parse_lesson(f"```python\nx = 1\n```\n\n{block}\n", "lesson.md")
    assert says in str(caught.value)


def test_a_claim_needs_code_before_it() -> None:
    with pytest.raises(SynthlabError, match=r"lesson\.md, cell 1: a claim needs a code cell"):
        parse_lesson("Text.\n\n```claim\n1 > 0\n```\n", "lesson.md")


def test_the_contract_sees_a_name_that_nothing_defines(tiny: Project) -> None:
    assert claim(tiny) == []
    assert claim(tiny, CLAIMED.replace("draw > 0.5", "drawn > len('')")) == [
        "course/01-tiny/lesson.md, cell 'draws-code': the claim \"drawn > len('')\" names 'drawn', "
        "which no cell before it has."
    ]


def test_the_contract_sees_draws_that_another_seed_would_not_change(tiny: Project) -> None:
    (other,) = claim(tiny, CLAIMED.replace("-1", "torch.Generator().manual_seed(3)"))
    assert "'torch.Generator().manual_seed(3)' has a seed of its own" in other
    (twice,) = claim(tiny, CLAIMED.replace("draw = -1", "seed = 0"))
    assert "the line 'seed = 0' stands 2 times" in twice


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("modes > 7 and not 0.3 < kl < 0.31", "does not hold; measured: modes=6."),
        ("not (0.3 < kl < 0.31)", "does not hold; measured: kl=0.307353."),
        ("len(clouds) == modes", "does not hold; measured: len(clouds)=2, modes=6."),
        ("all(c > modes for c in clouds)", "does not hold; measured: clouds=[1, 7], modes=6."),
        ("gone > 1", "cannot be evaluated: NameError: name 'gone' is not defined"),
        ("modes", "cannot be evaluated: it is 6, neither true nor false; measured: modes=6."),
    ],
)
def test_a_claim_that_does_not_hold_names_what_was_measured(expression: str, says: str) -> None:
    names = {"modes": 6, "kl": 0.30735312, "clouds": [1, 7]}
    outcome = claims.evaluate(expression, names)
    assert not outcome.holds
    assert outcome.complaint.startswith(says)


@pytest.mark.parametrize("expression", ["t.max() > 1", "t.numpy().max() > 1", "2 in t"])
def test_a_truth_value_of_torch_or_numpy_is_one(expression: str) -> None:
    assert claims.evaluate(expression, {"t": torch.tensor([1, 2])}).holds


def test_a_claim_is_evaluated_once_and_binds_no_name() -> None:
    names = {"counts": iter([6, 7])}
    once = claims.evaluate("(count := next(counts)) == 6 and len([*counts]) == 1", names)
    assert once == claims.Outcome(once.claim, True, "(count := next(counts))=6, len([*counts])=1")
    assert list(names) == ["counts"]


def test_claims_are_evaluated_in_the_lessons_kernel_where_they_stand(tiny: Project) -> None:
    claim(tiny, CLAIMED.replace("0 <= draw < 1", "0 <= draw < 0.5"))
    report = Report()
    (lesson,) = [step for step in plan(tiny) if step.clause == "lesson"]
    report.make(lesson)
    assert [f"{found.clause}: {found}" for found in report.findings] == [
        "claims: course/01-tiny/lesson.md, cell 'draws-code': the claim '0 <= draw < 0.5' does not "
        "hold; measured: draw=0.844422."
    ]


def test_a_claim_that_holds_on_one_seed_alone_fails_the_benchmark(
    tiny: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    claim(tiny)
    monkeypatch.setattr(Project, "here", lambda: tiny)
    assert command.main(["lessons", "tiny", "--seeds", "2"]) == 1
    out = capsys.readouterr().out
    assert "draws-code: draw > 0.5: seed 1: it does not hold; measured: draw=0.134364." in out
