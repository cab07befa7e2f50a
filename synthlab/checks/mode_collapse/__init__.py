"""The checks of unit ``mode-collapse``: "The generator that learned one trick".

Importing this package registers them; each module holds the questions of one subject.
"""

from synthlab.checks.mode_collapse import (
    cure,
    diagnosis,
    gradient_penalty,
    packing,
    prediction,
    three_numbers,
)

__all__ = ["cure", "diagnosis", "gradient_penalty", "packing", "prediction", "three_numbers"]
