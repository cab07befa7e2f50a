"""The checks of unit ``known-truth``: "How would you know that data is fake?".

Importing this package registers them; each module holds the questions of one subject.
"""

from synthlab.checks.known_truth import (
    bins,
    divergences,
    excess,
    mixture,
    p_value,
    prediction,
)

__all__ = ["bins", "divergences", "excess", "mixture", "p_value", "prediction"]
