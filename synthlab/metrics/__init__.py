"""Measures of how good samples are, taken against the truth: each value comes with its interval."""

from synthlab.metrics.divergence import js_divergence, kl_divergence
from synthlab.metrics.estimate import Estimate, proportion
from synthlab.metrics.likelihood import excess_nll
from synthlab.metrics.modes import ModeReport, high_quality, mode_kl, mode_report, modes_covered
from synthlab.metrics.permutation import PermutationTest, energy_test, score_test
from synthlab.metrics.quadrature import js_quadrature, kl_quadrature
from synthlab.metrics.result import Result
from synthlab.metrics.two_sample import TwoSampleTest, classifier_test

__all__ = [
    "Estimate",
    "ModeReport",
    "PermutationTest",
    "Result",
    "TwoSampleTest",
    "classifier_test",
    "energy_test",
    "excess_nll",
    "high_quality",
    "js_divergence",
    "js_quadrature",
    "kl_divergence",
    "kl_quadrature",
    "mode_kl",
    "mode_report",
    "modes_covered",
    "proportion",
    "score_test",
]
