"""``synthlab verify``: the whole course contract, clause by clause."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from synthlab.authoring import contract, home
from synthlab.authoring.findings import Clause, Finding
from synthlab.authoring.leaks import leaks
from synthlab.authoring.lesson import read_lesson
from synthlab.authoring.project import Project
from synthlab.authoring.proof import Judge, cases, default_judge, prove
from synthlab.authoring.rehearsal import lesson_run, rehearse
from synthlab.authoring.source import ExerciseSource, read_source
from synthlab.errors import SynthlabError
from synthlab.manifest import Unit


@dataclass(frozen=True)
class Step:
    """One thing to verify; ``run`` yields what does not hold."""

    clause: Clause
    where: str
    run: Callable[[], Iterable[Finding]]

    def __str__(self) -> str:
        """The clause and where it must hold."""
        return f"{self.clause}:{self.where}"


@dataclass
class Report:
    """What was verified, and everything that does not hold.

    Attributes:
        findings: In the order in which they were found.
        checked: Per clause, how many things were looked at.
        seconds: Per clause, how long that took.
    """

    findings: list[Finding] = field(default_factory=list)
    checked: dict[Clause, int] = field(default_factory=dict)
    seconds: dict[Clause, float] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every clause holds."""
        return not self.findings

    def make(self, step: Step) -> None:
        """Take one step; a SynthlabError on the way is a finding like any other."""
        start = time.perf_counter()
        try:
            self.findings += step.run()
        except SynthlabError as error:
            self.findings.append(Finding(step.clause, step.where, str(error)))
        spent = time.perf_counter() - start
        self.checked[step.clause] = self.checked.get(step.clause, 0) + 1
        self.seconds[step.clause] = self.seconds.get(step.clause, 0.0) + spent


def plan(
    project: Project,
    units: Sequence[str] = (),
    *,
    judge: Judge | None = None,
    lessons: bool = True,
) -> list[Step]:
    """Everything there is to verify, cheapest first.

    Args:
        project: The course.
        units: Prove and rehearse these alone, all when there is none; what concerns the whole
            course stays.
        judge: What judges answers; the checks of synthlab by default.
        lessons: Whether to run the lessons.

    Raises:
        SynthlabError: When there is no such unit, or the manifest is damaged.
    """
    chosen = [project.course.unit(unit) for unit in units] or list(project.course.units)
    return list(_plan(project, chosen, judge, lessons))


def _plan(
    project: Project, units: list[Unit], judge: Judge | None, lessons: bool
) -> Iterator[Step]:
    name = project.display(project.course_dir / "course.toml")
    yield Step("published", name, partial(contract.published_ids, project))
    for unit in units:
        yield Step("points", unit.id, partial(contract.points, unit))
    for unit in project.course.units:
        yield Step("parts", unit.id, partial(home.missing, project, unit))
    sources, broken = _sources(project)
    if broken or len(sources) < len(project.course.units):  # everything below reads the sources
        for finding in broken:
            yield Step("source", finding.where, partial(iter, [finding]))
        return
    yield Step("source", name, partial(iter, list[Finding]()))
    yield Step("generated", "exercises", partial(contract.generated_files, project))
    yield Step("translation", "course/locale", partial(contract.translations, project))
    for unit in units:
        source = sources[unit.id]
        yield Step("variants", unit.id, partial(contract.variants, source))
        yield Step("claims", unit.id, partial(contract.stated, project, unit))
        yield Step("results", unit.id, partial(contract.labelled_results, unit, project))
        for language in project.course.languages:
            yield Step("leaks", unit.id, partial(_leaks, project, source, language))
    for unit in units:
        for case in cases(sources[unit.id]):
            yield Step("proof", str(case), partial(prove, case, judge or default_judge()))
    for unit in units if lessons else ():
        yield Step("lesson", unit.id, partial(_rehearse, project, unit))


def _sources(project: Project) -> tuple[dict[str, ExerciseSource], list[Finding]]:
    sources = {}
    findings = []
    for unit in project.course.units:
        if not home.complete(project, unit):  # the clause "parts" says so
            continue
        try:
            sources[unit.id] = read_source(unit, project)
            read_lesson(unit, project)
        except SynthlabError as error:
            findings.append(Finding("source", unit.id, str(error)))
    return sources, findings


def _leaks(project: Project, source: ExerciseSource, language: str) -> Iterator[Finding]:
    path = project.exercise(source.unit, language)
    if path.is_file():  # a missing one is found by the clause "generated"
        yield from leaks(source, path.read_text(encoding="utf-8"), project.display(path))


def _rehearse(project: Project, unit: Unit) -> Iterator[Finding]:
    notebook, claimed = lesson_run(unit, project)
    return rehearse(notebook, project.display(project.lesson(unit)), claimed)


def verify(project: Project, units: Sequence[str] = (), *, judge: Judge | None = None) -> Report:
    """Verify everything in `plan`, without showing progress."""
    report = Report()
    for step in plan(project, units, judge=judge):
        report.make(step)
    return report
