"""The checks of unit ``known-truth``: wrong answers that nobody listed, and the judge itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from synthlab.authoring.source import read_source
from synthlab.checks.known_truth import bins, mixture, p_value
from synthlab.checks.verdict import Status

SOURCE = read_source("known-truth")


def failed(verdict):
    return {p.name for p in verdict.properties if p.passed is False}


@pytest.mark.parametrize(
    ("question", "broken", "old", "new"),
    [
        ("mixture", "centres-on-the-ring", "torch.arange(modes", "1 + torch.arange(modes"),
        (
            "mixture",
            "centres-on-the-ring",
            "[angle.cos(), angle.sin()]",
            "[angle.sin(), angle.cos()]",
        ),
        ("mixture", "centres-on-the-ring", "radius *", "radius**2 *"),
        ("mixture", "distinct-centres", "/ modes", "/ modes * 2"),  # 8 centres on 4 places
        ("mixture", "log-density", "weights.log()", "-math.log(len(means))"),
        ("mixture", "log-density", "(2 * std**2)", "(2 * std)"),
        ("mixture", "log-density", ".square().sum(2)", ".abs().sum(2)"),
        (
            "mixture",
            "stable",
            "torch.logsumexp(joint, dim=1)",
            "joint.clamp(min=-500).logsumexp(1)",
        ),
        ("mixture", "sample-spread", "std * noise", "std * noise.clamp(-2, 2)"),
        ("excess_nll", "value", "difference.mean()", "difference.median()"),
        ("excess_nll", "value", "difference.mean()", "difference.sum()"),
        ("excess_nll", "paired-interval", "difference.std()", "difference.std(correction=0)"),
        ("excess_nll", "paired-interval", "1.96", "2"),
        ("excess_nll", "may-be-negative", "difference.mean()", "difference.mean().abs()"),
        ("divergences", "kl", "p[here].log() - q[here].log()", "q[here].log() - p[here].log()"),
        ("divergences", "jsd", "m = (p + q) / 2", "m = (p * q).sqrt()"),
        ("divergences", "jsd", "(kl(p, m) + kl(q, m)) / 2", "kl(p, m) + kl(q, m)"),
        ("divergences", "jsd", "kl(q, m)", "kl(m, q)"),
        ("histogram_bins", "held-out-nll", "(counts + 1)", "counts"),
        ("histogram_bins", "held-out-nll", "* bins).double()", ").double()"),
        ("histogram_bins", "held-out-nll", "cell(held_out)", "cell(train)"),
        ("histogram_bins", "no-overfitting", "return min(candidates, key=score)", "return 512"),
        ("histogram_bins", "no-underfitting", "return min(candidates, key=score)", "return 64"),
        ("p_value", "one-sided", "return (1 + reached) / (1 + deals)", "return 0.005"),
        ("p_value", "uniform-under-the-null", "/ (1 + deals)", "/ (1 + deals) / 2"),
    ],
)
def test_unlisted_wrong_answers_fail(judge_changed, question, broken, old, new):
    verdict = judge_changed(f"known-truth.{question}", old, new)
    assert verdict.status in (Status.PARTIAL, Status.INCORRECT), verdict.summary
    assert broken in failed(verdict), failed(verdict)


def test_who_types_linspace_is_told_that_two_centres_are_one(judge_changed):
    """The sentence that issue and curriculum promise, in the learner's own verdict."""
    verdict = judge_changed(
        "known-truth.mixture",
        "2 * math.pi * torch.arange(modes, dtype=torch.float64) / modes",
        "torch.tensor(__import__('numpy').linspace(0, 2 * math.pi, modes))",
    )
    (found,) = (p for p in verdict.properties if p.name == "distinct-centres")
    assert found.detail.render("en") == (
        "Two of your 8 centres are the same point: number 0 and number 7. "
        "So the ring has 7 modes, expected 8."
    )
    assert "نفسها" in found.detail.render("ar")


def test_no_fixed_number_of_bins_is_right_on_both_kinds_of_data():
    """On the smooth data the right choices end below where they begin on the fine data."""
    most, least = 0, bins.MOST
    for seed in range(2):
        rng = np.random.default_rng(seed)
        for truth, n, fine in (
            (bins.Truth.smooth(rng), bins.SMOOTH, False),
            (bins.Truth.fine(rng), bins.FINE, True),
        ):
            x = truth.sample(n, rng)
            limit = bins._best(truth, x) + bins.REGRET
            some = [b for b in range(1, bins.MOST + 1, 11) if truth.expected_nll(x, b) <= limit]
            least = min(least, some[0]) if fine else least
            most = max(most, some[-1]) if not fine else most
    assert most < least


def test_the_judge_knows_the_mass_of_every_bin():
    rng = np.random.default_rng(0)
    truth = bins.Truth.smooth(rng)
    assert truth.mass(7).sum() == pytest.approx(1, abs=1e-12)
    x = truth.sample(200_000, rng)
    counts, _ = np.histogram(x, bins=7, range=(0, 1))
    # five standard errors of a share of 200,000
    assert counts / len(x) == pytest.approx(truth.mass(7), abs=5 * 0.5 / len(x) ** 0.5)
    assert bins._best(truth, x[:500]) == pytest.approx(
        min(truth.expected_nll(x[:500], b) for b in range(1, bins.MOST + 1)), abs=2e-2
    )


def test_the_judge_knows_the_mixture():
    means, weights = np.array([[0.0, 1.0], [2.0, -1.0]]), np.array([0.3, 0.7])
    # integrated over the second axis, one coordinate of a round Gaussian is a normal density
    inside, _ = quad(
        lambda y: math.exp(mixture.log_prob(np.array([[0.5, y]]), means, 0.8, weights)[0]), -12, 12
    )
    line = sum(
        w * math.exp(-((0.5 - m) ** 2) / (2 * 0.64)) / math.sqrt(2 * math.pi * 0.64)
        for w, m in zip(weights, means[:, 0], strict=True)
    )
    assert inside == pytest.approx(line, abs=1e-8)


def test_the_exercise_states_the_numbers_of_the_check():
    texts = {c.key: c.text for c in SOURCE.cells}
    assert f"within {bins.REGRET} nats of the best of all {bins.MOST}" in texts["histogram-bins"]
    assert f"{bins.SMOOTH:,} samples" in texts["histogram-bins"]
    assert f"{bins.FINE:,} samples" in texts["histogram-bins"]
    assert f"{p_value.TESTS} times on {p_value.N} and {p_value.N} scores" in texts["p-value"]
