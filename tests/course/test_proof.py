"""Every program of every exercise is judged as its source says: the proofs of `synthlab verify`.

They run here alone in ``make test``; no other test judges these programs in this process again.
"""

from __future__ import annotations

import pytest

from synthlab import manifest
from synthlab.authoring.proof import Case, cases, default_judge, prove
from synthlab.authoring.source import read_source

CASES = [case for unit in manifest.load().units for case in cases(read_source(unit))]
#: Seeds of a program that is judged in milliseconds, those of `Case.seeds` among them.
MANY = {"answer": 50, "alternative": 10, "mistake": 5, "stub": 1}
#: Programs of checks that take milliseconds; the benchmark ``pipeline`` judges the others on 300.
QUICK = [case for case in CASES if case.quick]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_program_is_judged_as_its_source_says(case: Case) -> None:
    assert [str(finding) for finding in prove(case, default_judge())] == []


@pytest.mark.full
@pytest.mark.parametrize("case", [case for case in QUICK if case.role != "stub"], ids=str)
def test_a_program_is_judged_alike_on_further_seeds(case: Case) -> None:
    further = range(case.seeds.stop, MANY[case.role])
    assert [str(finding) for finding in prove(case, default_judge(), further)] == []
