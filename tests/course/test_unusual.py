"""Right answers in unusual style keep every point.

They stand in ``unusual/UNIT.py``, each in a cell ``# %% QUESTION:NAME``. numpy, loops, closures, a
class for a function: whatever the statement allows. The more usual ones are the alternatives of
``solutions/``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from synthlab.authoring.proof import Case, default_judge, prove
from synthlab.authoring.source import Variant, read_source

FOLDER = Path(__file__).with_name("unusual")


def unusual() -> Iterator[Case]:
    """Every answer, as a case of the proof."""
    for path in sorted(FOLDER.glob("*.py")):
        source = read_source(path.stem)
        _, *cells = re.split(r"(?m)^# %% (\S+)\n", path.read_text("utf-8"))
        for title, code in zip(cells[::2], cells[1::2], strict=True):
            question, _, name = title.partition(":")
            yield Case(source, question, "alternative", Variant(name, code))


@pytest.mark.parametrize("case", unusual(), ids=str)
def test_keeps_every_point(case: Case) -> None:
    assert not list(prove(case, default_judge()))


@pytest.mark.full
@pytest.mark.parametrize("case", [case for case in unusual() if case.quick], ids=str)
def test_keeps_every_point_on_forty_seeds(case: Case) -> None:
    assert not list(prove(case, default_judge(), range(40)))
