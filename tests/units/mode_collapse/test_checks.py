"""The checks of unit ``mode-collapse``: wrong answers that nobody listed, and the judge itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from synthlab.checks.mode_collapse import diagnosis, three_numbers
from synthlab.checks.mode_collapse.penalty import penalty
from synthlab.checks.parts.gradients import value
from synthlab.checks.parts.harness import critic
from synthlab.checks.parts.perceptron import draw
from synthlab.checks.verdict import Status
from synthlab.data import Ring
from synthlab.metrics import mode_report
from synthlab.models.cures.wgan_gp import gradient_penalty


def failed(verdict):
    return {p.name for p in verdict.properties if p.passed is False}


@pytest.mark.parametrize(
    ("question", "broken", "old", "new"),
    [
        ("three_numbers", "distinct-centres", "/ modes", "/ (modes - 1)"),
        (
            "three_numbers",
            "centres-on-the-ring",
            "angle.cos(), angle.sin()",
            "angle.sin(), angle.cos()",
        ),
        ("three_numbers", "centres-on-the-ring", "radius *", "radius**2 *"),
        ("three_numbers", "high-quality", "3 * std", "2 * std"),
        ("three_numbers", "high-quality", "len(good) / len(x)", "len(good) / len(nearest[:500])"),
        ("three_numbers", "modes", "counts > 0).sum()", "counts > 1).sum() - 1"),
        ("three_numbers", "kl", "len(centres) * share", "(counts > 0).sum() * share"),
        ("three_numbers", "kl", "(share * ", "(1 / len(centres) * "),
        ("three_numbers", "undefined", 'float("nan")', "math.log(len(centres))"),
        ("three_numbers", "undefined", "0, 0.0, float", "len(centres), 0.0, float"),
        ("packing", "packs", "x.reshape(len(x) // m, -1)", "x.flip(0).reshape(len(x) // m, -1)"),
        ("packing", "refuses", "raise ValueError(", "raise TypeError("),
        ("packing", "refuses", "if len(x) % m", "if len(x) < m"),
        ("packing", "discriminator-loss", "-real_logits).mean()", "-real_logits).sum()"),
        ("packing", "discriminator-loss", "pack(real, m)", "pack(real, m) * 1.01"),
        (
            "packing",
            "generator-loss",
            "-discriminator(pack(fake, m))",
            "discriminator(pack(fake, m))",
        ),
        (
            "packing",
            "every-row-learns",
            "discriminator(pack(fake, m))).mean()",
            "discriminator(pack(fake, m).detach())).mean() + 0 * fake.sum()",
        ),
        ("gradient_penalty", "between", "(1 - share) * fake", "(1 - share) * real"),
        (
            "gradient_penalty",
            "between",
            "share * real + (1 - share) * fake",
            "share.mean() * real + (1 - share.mean()) * fake",
        ),
        ("gradient_penalty", "linear-critic", "- 1).square()", "- 1).square().sqrt()"),
        ("gradient_penalty", "critic-learns", "+ weight * penalty", "+ 10 * penalty"),
        ("gradient_penalty", "critic-learns", "+ weight * penalty", "+ weight * penalty.detach()"),
        ("gradient_penalty", "critic-learns", "loss.backward()", "(-loss).backward()"),
        (
            "gradient_penalty",
            "returns-the-loss",
            "return loss.item()",
            "return loss.item() - weight * penalty.item()",
        ),
        ("gradient_penalty", "returns-the-loss", "return loss.item()", "return loss"),
        ("diagnosis", "line", "broken_line = 7", "broken_line = True"),
        ("diagnosis", "measured", "measured = 1 - ", "measured = 0.5 - "),
        ("diagnosis", "critic-moves", "+ 10 * penalty", "+ penalty"),
        ("diagnosis", "critic-moves", "critic(fake).mean() -", "critic(fake).sum() -"),
    ],
)
def test_unlisted_wrong_answers_fail(judge_changed, question, broken, old, new):
    verdict = judge_changed(f"mode-collapse.{question}", old, new)
    assert verdict.status in (Status.PARTIAL, Status.INCORRECT), verdict.summary
    assert broken in failed(verdict), failed(verdict)


def test_who_types_linspace_is_told_that_two_centres_are_one(judge_changed):
    """The sentence that issue and curriculum promise, in this unit's own verdict."""
    verdict = judge_changed(
        "mode-collapse.three_numbers",
        "2 * math.pi * torch.arange(modes, dtype=torch.float64) / modes",
        "torch.tensor(__import__('numpy').linspace(0, 2 * math.pi, modes))",
    )
    (found,) = (p for p in verdict.properties if p.name == "distinct-centres")
    assert found.detail.render("en") == (
        "Two of your 8 centres are the same point: number 0 and number 7. "
        "So the ring has 7 modes, expected 8."
    )
    assert "نفسها" in found.detail.render("ar")


def test_a_penalty_without_a_graph_has_the_right_value_and_is_found_out(judge_changed):
    verdict = judge_changed("mode-collapse.gradient_penalty", "create_graph", "retain_graph")
    assert failed(verdict) == {"critic-learns"}


def test_the_judge_and_the_library_have_the_same_penalty():
    """With every epsilon equal to 1 or 0 there is nothing random in the library's."""
    rng = np.random.default_rng(1)
    weights, x = draw(rng, 2, 6, 1), rng.normal(size=(16, 2))
    net = critic({name: torch.tensor(array) for name, array in weights.items()})
    same = torch.tensor(x)  # real = fake: every mixture is the point itself
    found = gradient_penalty(net, same, same, torch.Generator().manual_seed(0))
    wanted = value(penalty, weights, x, x, np.zeros(16))
    assert found.item() == pytest.approx(float(wanted), rel=1e-10)


def test_the_judge_and_the_library_have_the_same_three_numbers():
    ring = Ring(modes=8, radius=2.0, std=0.02)
    x = ring.sample(500, torch.Generator().manual_seed(0)).x.double()
    x[:100] += 1.0
    report = mode_report(x, ring)
    found = three_numbers.expected(x.numpy(), ring.means.numpy(), 0.02)
    wanted = (report.modes.value, report.high_quality.value, report.kl.value)
    assert found == pytest.approx(wanted, abs=1e-12)
    assert math.isnan(three_numbers.expected(x.numpy() + 9, ring.means.numpy(), 0.02)[2])


def test_the_missed_share_is_the_variance_of_the_lengths():
    lengths = 1.2 + 0.9 * np.sin(np.arange(64))
    right, wrong = np.square(lengths - 1).mean(), np.square(lengths.mean() - 1)
    assert diagnosis.missed_share() == pytest.approx(1 - wrong / right, rel=1e-12)
