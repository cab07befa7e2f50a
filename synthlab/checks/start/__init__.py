"""The checks of unit ``start``: "Twenty minutes to be ready".

Importing this package registers them; each module holds the questions of one subject.
"""

from synthlab.checks.start import detached, log_sum_exp, prediction, randomness, shapes, step

__all__ = ["detached", "log_sum_exp", "prediction", "randomness", "shapes", "step"]
