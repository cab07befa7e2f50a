"""How good samples are, measured against the truth: each value comes with its interval."""

from synthlab.metrics.divergence import js_divergence
from synthlab.metrics.estimate import Estimate, proportion
from synthlab.metrics.modes import ModeReport, high_quality, mode_kl, mode_report, modes_covered
from synthlab.metrics.two_sample import TwoSampleTest, classifier_test

__all__ = [
    "Estimate",
    "ModeReport",
    "TwoSampleTest",
    "classifier_test",
    "high_quality",
    "js_divergence",
    "mode_kl",
    "mode_report",
    "modes_covered",
    "proportion",
]
