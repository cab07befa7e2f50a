"""Output of ``synthlab verify --probe``: a row for each question, then what survived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from synthlab.authoring.probe.judge import Question
from synthlab.authoring.probe.report import GOAL, Report, probe
from synthlab.authoring.project import Project
from synthlab.errors import unknown


def chosen(project: Project, units: Sequence[str], questions: Sequence[str]) -> list[Question]:
    """The automatic questions of units (all when there is none), or those of them with these ids.

    Raises:
        SynthlabError: When there is no such unit, or no such automatic question in it.
    """
    asked = [project.course.unit(unit) for unit in units] or list(project.course.units)
    root = project.course_dir.parent
    found = {
        q.id: Question(root, unit.id, q.id)
        for unit in asked
        for q in unit.questions
        if q.automatic and q.prediction is None and q.kind != "prediction"
    }
    for name in questions:
        if name not in found:
            raise unknown("There is no question called {name} to probe.", name, list(found))
    return [question for name, question in found.items() if not questions or name in questions]


def probe_and_show(
    project: Project,
    units: Sequence[str] = (),
    questions: Sequence[str] = (),
    *,
    seeds: int,
    limit: float,
    most: int | None = None,
) -> bool:
    """Probe, print what was found, and return whether every question reaches the goal."""
    console = Console()
    reports = []
    with console.status("Probing …"):
        asked = chosen(project, units, questions)
        for report in probe(asked, seeds=seeds, limit=limit, most=most):
            reports.append(report)
            for line in survivors(report):
                console.print(Text(line), soft_wrap=True)
    console.print(table(reports))
    return all(report.ok for report in reports)


def table(reports: Sequence[Report]) -> Table:
    """A row for each question; what raises or is right counts for neither share."""
    shown = Table(box=None, pad_edge=False)
    shown.add_column("question", no_wrap=True, min_width=max(len(r.question) for r in reports))
    for name in ("derived", "judged", "raise", "same", "allowed", "survive", "fail", "fitting"):
        shown.add_column(name, justify="right")
    for report in reports:
        counts = (report.of(fate) for fate in ("raises", "equivalent", "allowed", "survived"))
        shown.add_row(
            report.question,
            str(report.derived),
            str(len(report.outcomes)),
            *(str(len(outcomes)) for outcomes in counts),
            Text(f"{report.killed:.1%}", style="green" if report.killed >= GOAL else "bold red"),
            f"{report.fitting:.1%}",
        )
    return shown


def survivors(report: Report) -> Iterator[str]:
    """Every survivor with its difference, and what else an author has to see of a question."""
    for outcome in report.of("survived"):
        seed = len(outcome.verdicts) - 1
        often = f" under seed {seed}" if seed else ""
        differs = f"survives{often}; it differs in the {outcome.difference}"
        yield f"{report.question}: {outcome.mutant.name} {differs}"
        yield from (f"    {line}" for line in outcome.mutant.diff(report.answer))
    for outcome in report.of("killed"):
        if not outcome.fits:
            failed = sorted({name for verdict in outcome.verdicts for name in verdict.failed})
            named = ", ".join(failed) or outcome.verdicts[0].status
            plain = all(verdict.plain for verdict in outcome.verdicts)
            way = "with another property" if plain else "with an exception's words"
            yield f"{report.question}: {outcome.mutant.name} fails {way}: {named}"
            yield from (f"    {line}" for line in outcome.mutant.diff(report.answer))
    for outcome in report.of("ended"):
        change = " ".join(outcome.mutant.diff(report.answer))
        yield f"{report.question}: {outcome.mutant.name} takes longer than the limit: {change}"
    for outcome in report.of("equivalent"):
        change = " ".join(outcome.mutant.diff(report.answer))
        yield f"{report.question}: {outcome.mutant.name} does the same: {change}"
    for allowed in report.stale:
        yield f"{report.question}: no survivor is what is allowed: {' '.join(allowed.lines)}"
