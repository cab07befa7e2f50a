"""Seconds of a test run, by suite (a folder of ``tests``) and by unit of the course.

A second of a test counts towards a unit when the test stands in ``tests/units/UNIT`` or has the
unit, one of its questions or one of its widgets as a parameter. With several workers the seconds
add up to more than the run took.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import PurePosixPath
from typing import Any

import pytest

from synthlab import manifest


def suite_of(nodeid: str) -> str:
    """The folder of ``tests`` that a test stands in; ``tests`` for a file directly in it.

    >>> suite_of("tests/browser/test_a.py::test_it[en]"), suite_of("tests/test_cli.py::test_it")
    ('browser', 'tests')
    """
    parts = PurePosixPath(nodeid.partition("::")[0]).parts
    return parts[1] if len(parts) > 2 else "tests"


def unit_of(nodeid: str, units: tuple[str, ...]) -> str | None:
    """The unit that a test is about; None for what is no unit's.

    >>> unit_of("tests/units/mode_collapse/test_checks.py::test_it", ("gan", "mode-collapse"))
    'mode-collapse'
    >>> unit_of("tests/course/test_contract.py::test_it[gan.ring:answer]", ("gan", "mode-collapse"))
    'gan'
    """
    path, _, test = nodeid.partition("::")
    folders = PurePosixPath(path).parts[:-1]
    if len(folders) > 2 and folders[1] == "units":
        named = folders[2].replace("_", "-")
        return named if named in units else None
    parameters = test.partition("[")[2]
    names = sorted(units, key=len, reverse=True)
    return next((u for u in names if re.search(rf"(?<![a-z]){u}(?![a-z])", parameters)), None)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print both tables below the results."""
    units = tuple(unit.id for unit in manifest.load().units)
    suites: defaultdict[str, float] = defaultdict(float)
    by_unit: defaultdict[str, float] = defaultdict(float)
    tests: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if not isinstance(report, pytest.TestReport):
                continue
            suite, unit = suite_of(report.nodeid), unit_of(report.nodeid, units)
            suites[suite] += report.duration
            tests[suite] += report.when == "call"
            if unit is not None:
                by_unit[unit] += report.duration
    if not suites:
        return
    terminalreporter.section("seconds by suite and unit")
    for suite, seconds in sorted(suites.items(), key=lambda row: -row[1]):
        terminalreporter.write_line(f"{suite:<16}{seconds:8.1f} s {tests[suite]:6d} tests")
    for unit, seconds in sorted(by_unit.items(), key=lambda row: -row[1]):
        terminalreporter.write_line(f"  unit {unit:<20}{seconds:8.1f} s")
