"""Claims of the lessons on several seeds: a result that holds on one seed alone is not shown.

Each lesson runs as ``synthlab verify`` runs it, with its line ``seed = 0`` replaced; a lesson
without that line draws no random numbers and runs once. A claim that fails on any seed makes
the exit status 1.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from benchmarks._report import Row, row, share
from synthlab.authoring.claims import Outcome
from synthlab.authoring.project import Project
from synthlab.authoring.rehearsal import Performance, lesson_run, perform
from synthlab.manifest import Unit

#: A goal that is missed is a failure.
STRICT = True


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--seeds`` and the units."""
    parser.add_argument("--seeds", type=int, default=5, help="run on the seeds 0, 1, …")
    parser.add_argument("units", nargs="*", metavar="UNIT", help="these lessons; all when none")


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield in how many of the seeds each claim holds, and each lesson's seconds."""
    project = Project.here()
    course = project.course
    for unit in [course.unit(name) for name in options.units] or course.units:
        runs = list(_runs(unit, project, options.seeds))
        yield from claimed(unit.id, runs)
        troubled = [run for run in runs if run.troubles]
        note = " ".join(f"cell {key!r}: {text}" for run in troubled for key, text in run.troubles)
        n = len(runs)
        yield share(f"{unit.id}: runs clean", n - len(troubled), n, at_least=1, note=note)
        yield row(f"{unit.id}: computing", [run.seconds for run in runs], "s")


def _runs(unit: Unit, project: Project, seeds: int) -> Iterator[Performance]:
    first, _ = lesson_run(unit, project)
    for seed in range(seeds):
        notebook, claims = lesson_run(unit, project, seed)
        if seed == 0 or notebook != first:
            yield perform(notebook, claims)


def claimed(unit: str, runs: list[Performance]) -> Iterator[Row]:
    """A row a claim: the share of the runs in which it holds, and why it does not in others."""
    by_claim: dict[tuple[str, str], list[Outcome]] = {}
    for run in runs:
        for key, outcome in run.outcomes:
            by_claim.setdefault((key, outcome.claim), []).append(outcome)
    for (key, claim), outcomes in by_claim.items():
        failed = [(seed, o.complaint) for seed, o in enumerate(outcomes) if not o.holds]
        note = " ".join(f"seed {seed}: it {complaint}" for seed, complaint in failed)
        held, n = len(outcomes) - len(failed), len(outcomes)
        yield share(f"{unit}, {key}: {claim}", held, n, at_least=1, note=note)
