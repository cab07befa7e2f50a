"""The checks of unit ``start``: wrong answers that nobody listed, and the judge itself."""

from __future__ import annotations

import pytest
import torch

from synthlab.authoring.proof import run
from synthlab.authoring.source import read_source
from synthlab.checks.start.detached import leaked
from synthlab.checks.verdict import Status


@pytest.mark.parametrize(
    ("question", "broken", "old", "new"),
    [
        ("shapes", "every-pair", "(x[:, None] - y)", "(x[:, None] + y)"),
        ("shapes", "every-pair", ".square()", ".abs()"),
        ("shapes", "any-sizes", "sum(dim=2)", "sum(dim=2).T"),
        ("shapes", "standardised", "- x.mean(dim=0)", "- x.median(dim=0).values"),
        ("shapes", "standardised", "x.std(dim=0, correction=0)", "x.var(dim=0, correction=0)"),
        ("detach", "measured", "p.grad.abs().sum()", "p.grad.norm()"),
        ("detach", "measured", "p.grad.abs().sum()", "p.grad.sum()"),
        (
            "detach",
            "student-learns",
            "student(x) - target",
            "student(x.detach()).detach() - target",
        ),
        ("detach", "value", ".square().mean()", ".abs().mean()"),
        (
            "log_sum_exp",
            "stable",
            "largest = a.max(dim=1, keepdim=True).values",
            "largest = 0 * a[:, :1]",
        ),
        ("log_sum_exp", "gradient", "largest + (a", "largest + (a.detach()"),
        ("log_sum_exp", "cross-entropy", ".mean()", ".sum()"),
        (
            "log_sum_exp",
            "cross-entropy",
            "log_sum_exp(logits) - right",
            "right - log_sum_exp(logits)",
        ),
        ("training_step", "moves-downhill", "loss.backward()", "(-loss).backward()"),
        (
            "training_step",
            "moves-downhill",
            "optimizer.step()",
            "optimizer.step(); optimizer.step()",
        ),
        ("training_step", "returns-the-loss", "return loss.item()", "return None"),
        (
            "generators",
            "same-seed",
            "manual_seed(seed)",
            "manual_seed(seed + int(torch.rand(1) * 9))",
        ),
        ("generators", "standard-normal", "manual_seed(seed)", "manual_seed(0)"),
        ("generators", "standard-normal", "torch.randn(n", "1.2 * torch.randn(n"),
        ("generators", "a-partition", "x[order[half:]]", "x[order[:half]]"),
        (
            "generators",
            "at-random",
            "generator=generator",
            "generator=torch.Generator().manual_seed(1)",
        ),
    ],
)
def test_unlisted_wrong_answers_fail(judge_changed, question, broken, old, new):
    verdict = judge_changed(f"start.{question}", old, new)
    assert verdict.status in (Status.PARTIAL, Status.INCORRECT), verdict.summary
    failed = {p.name for p in verdict.properties if p.passed is False}
    assert broken in failed, failed


def test_the_judge_measures_what_autograd_measures():
    names, _ = run(read_source("start").program("start.detach", "broken_line = 3"), "start.detach")
    names["broken_loss"](names["student_net"], names["teacher_net"], names["inputs"]).backward()
    sizes = [p.grad.abs().sum() for p in names["teacher_net"].parameters()]
    assert float(torch.stack(sizes).sum()) == pytest.approx(leaked(), abs=1e-12)
