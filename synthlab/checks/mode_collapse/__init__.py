"""The checks of unit ``mode-collapse``: "The generator that learned one trick".

Importing this package registers them; each module holds the questions of one subject.
"""

from synthlab.checks.mode_collapse import (
    cure,
    diagnosis,
    gradient_penalty,
    packing,
    prediction,
    spectral_norm,
    three_numbers,
    unrolled,
)

__all__ = [
    "cure",
    "diagnosis",
    "gradient_penalty",
    "packing",
    "prediction",
    "spectral_norm",
    "three_numbers",
    "unrolled",
]
