"""Output of the authoring commands: progress while they work, then a summary."""

from __future__ import annotations

import os
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from synthlab.authoring import translate, verify
from synthlab.authoring.findings import CLAUSES
from synthlab.authoring.project import Project
from synthlab.files import write_atomically
from synthlab.words import check_language


def verify_and_show(project: Project, units: Sequence[str] = (), *, lessons: bool = True) -> bool:
    """Verify with a progress bar, print a summary and every finding; returns whether all holds."""
    # answers that draw must not open a window, nor fail where there is none
    os.environ.setdefault("MPLBACKEND", "agg")
    console = Console()
    steps = verify.plan(project, units, lessons=lessons)
    report = verify.Report()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    shown = console.is_terminal  # in a file or a pipe it would leave an empty line
    with Progress(*columns, console=console, transient=True, disable=not shown) as progress:
        task = progress.add_task("", total=len(steps))
        for step in steps:
            progress.update(task, description=f"{step.clause} {step.where}")
            report.make(step)
            progress.advance(task)
    console.print(_summary(report))
    for finding in report.findings:
        console.print(Text(f"{finding.clause}: {finding}"), soft_wrap=True)
    return report.ok


def _summary(report: verify.Report) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("clause")
    table.add_column("looked at", justify="right")
    table.add_column("broken", justify="right")
    table.add_column("seconds", justify="right")
    for clause, meaning in CLAUSES.items():
        if clause in report.checked:
            broken = sum(1 for finding in report.findings if finding.clause == clause)
            table.add_row(
                meaning,
                str(report.checked[clause]),
                Text(str(broken), style="bold red" if broken else "green"),
                f"{report.seconds[clause]:.1f}",
            )
    return table


def merge_and_show(project: Project, language: str | None = None) -> None:
    """Merge every catalogue of one language, or of all, and print the coverage."""
    languages = [check_language(language)] if language else project.course.languages
    console = Console()
    for code in languages:
        if code == "en":
            continue
        # all texts first: a source that cannot be read leaves every catalogue as it was
        texts = {d: translate.merged(project, d, code) for d in translate.domains(project)}
        for domain, text in texts.items():
            path = project.catalogue(domain, code)
            if text is not None and (not path.is_file() or path.read_text("utf-8") != text):
                write_atomically(path, text)
                console.print(Text(f"wrote {project.display(path)}"), soft_wrap=True)
    console.print(_coverage(translate.all_coverage(project), set(languages)))


def _coverage(found: list[translate.Coverage], languages: set[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("catalogue")
    for name in ("messages", "translated", "stale", "missing"):
        table.add_column(name, justify="right")
    for one in found:
        if one.language in languages:
            table.add_row(
                f"{one.language}/{one.domain}",
                str(one.total),
                str(one.translated),
                str(one.fuzzy),
                str(one.missing - one.fuzzy),
            )
    return table
