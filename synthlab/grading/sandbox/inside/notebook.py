"""``check`` and ``hint`` in a graded notebook: the judge outside decides, so these decide nothing.

In the library that a sandbox shows, this module stands where `synthlab.checks.notebook` stands.
"""

from __future__ import annotations

from typing import Any


class Later:
    """What ``check(...)`` results in while a notebook is graded."""

    points = 0.0

    def __repr__(self) -> str:
        return "0.0"

    def __float__(self) -> float:
        return 0.0

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": repr(self)}


def check(check_id: str) -> Later:
    """Stand for a check, which the judge makes when the notebook comes to its check cell."""
    return Later()


def hint(check_id: str) -> None:
    """Give no hint: nobody reads it while a notebook is graded."""
