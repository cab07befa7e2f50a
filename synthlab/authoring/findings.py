"""Findings of ``synthlab verify``: one sentence each, with the clause that it breaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: The clauses of the course contract, in the order in which they are verified.
Clause = Literal[
    "parts",
    "source",
    "generated",
    "published",
    "points",
    "variants",
    "leaks",
    "translation",
    "claims",
    "results",
    "proof",
    "lesson",
]

CLAUSES: dict[Clause, str] = {
    "parts": "every unit has the parts that it needs",
    "source": "exercise sources and lessons can be read",
    "generated": "generated files are what their sources give",
    "published": "no published id vanished",
    "points": "20 points a unit, most of them graded automatically",
    "variants": "enough known mistakes and alternatives",
    "leaks": "no answer leaks into a released notebook",
    "translation": "a complete language stays complete",
    "claims": "what a lesson states rests on its cells' names and on one seed",
    "results": "what a lesson's cell shows has names",
    "proof": "answers pass, stubs are not attempted, mistakes fail for their own reason",
    "lesson": "lessons run top to bottom, within their budget, without stderr",
}


@dataclass(frozen=True)
class Finding:
    """One broken promise: where, and what is wrong."""

    clause: Clause
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"
