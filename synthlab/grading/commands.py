"""The commands of the instructor's journey: ``classroom``, ``grade`` and ``demo``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthlab.errors import SynthlabError
from synthlab.words import N_, Text, translate

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from synthlab.grading.results.records import ClassResult, SubmissionResult

_LANGUAGE = Annotated[str, typer.Option("--language", "-l", help="en or ar.")]


def register(app: typer.Typer) -> None:
    """Add the three commands to the command line."""
    app.command()(classroom)
    app.command()(grade)
    app.command()(demo)


def classroom(
    directory: Annotated[Path, typer.Argument(help="A new or empty folder, or a classroom.")],
    language: _LANGUAGE = "en",
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="Only this unit; may be repeated.")
    ] = None,
) -> None:
    """Make an nbgrader course, or add new assignments to one."""
    from synthlab.grading.gradebook.classroom import make_classroom

    room = make_classroom(directory, language, unit)
    for name in room.added:
        _tell(N_("Added the assignment {name}."), name=name)
    for name in room.kept:
        _tell(N_("The assignment {name} was there already and was left alone."), name=name)
    example = (*room.added, *room.kept)[0]
    _tell(
        N_("Collect the work under {folder}, then run: synthlab grade {directory} {name}"),
        folder=f"{directory}/submitted/STUDENT/{example}/",
        directory=directory,
        name=example,
    )


def grade(
    directory: Annotated[Path, typer.Argument(help="The classroom.")],
    assignment: Annotated[str, typer.Argument(help="The assignment's id, e.g. gan.")],
    student: Annotated[
        list[str] | None, typer.Option("--student", help="Only this student; may be repeated.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, help="Submissions at once; as many as processors."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Judge again what has not changed.")
    ] = False,
    unsandboxed: Annotated[
        bool,
        typer.Option(
            "--unsandboxed", help="Run the students' code as you, with your files and network."
        ),
    ] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write the class report to this HTML file.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the results to this file.")
    ] = None,
) -> None:
    """Grade an assignment: in a sandbox, several submissions at once, into nbgrader's gradebook."""
    from synthlab.grading.autograde import grade_class

    try:
        with _progress() as on_result:
            result = grade_class(
                directory,
                assignment,
                student,
                on_result,
                jobs=jobs,
                force=force,
                sandboxed=not unsandboxed,
            )
    except KeyboardInterrupt:
        _tell(N_("Stopped. What was graded is kept: run the same command again to go on."))
        raise typer.Exit(130) from None
    _show(result)
    if report is not None:
        from synthlab.grading.results.report import report_html

        _write(report, report_html(result))
    if json_file is not None:
        _write(json_file, json.dumps(result.to_dict(), indent=1) + "\n")


def demo(
    directory: Annotated[Path, typer.Argument(help="Where the class is made.")] = Path(
        "demo-class"
    ),
    language: _LANGUAGE = "en",
) -> None:
    """Grade a made-up class and write its report."""
    from synthlab.grading.demo import run_demo
    from synthlab.grading.gradebook.grades import number

    with _progress() as on_result:
        made = run_demo(directory, language, on_result)
    _show(made.result)
    _tell(N_("Some tried to get what they had not earned:"))
    fooled = False
    for student, got in made.hostile():
        fooled = fooled or got.points != student.deserves
        _tell(
            N_("  {student} {tries}: earned {points}, deserved {deserved}"),
            student=student.id,
            tries=translate("cli", student.tries),
            points=number(got.points),
            deserved=number(student.deserves),
        )
    _tell(N_("The report: {path}"), path=made.report)
    if fooled:
        raise SynthlabError("A hostile submission got other points than it deserves.")


def _console() -> Console:
    from rich.console import Console

    return Console()


def _tell(msgid: str, **params: object) -> None:
    typer.echo(Text(msgid, params, domain="cli").render())


def _show(result: ClassResult) -> None:
    from synthlab.grading.results.table import score_table
    from synthlab.grading.untrusted.verdicts import TRUST

    _console().print(score_table(result))
    if not result.sandboxed:
        _tell(TRUST[False])


@contextmanager
def _progress() -> Iterator[Callable[[SubmissionResult, int], None]]:
    """A bar while a terminal watches, nothing in a file or a pipe."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from synthlab.grading.gradebook.grades import number
    from synthlab.grading.untrusted.text import one_line

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = _console()
    shown = console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        task = bar.add_task(translate("cli", N_("Grading")), total=None, pace="")

        def advance(result: SubmissionResult, total: int) -> None:
            name = one_line(result.student, 30)
            took = translate("cli", N_("{seconds} s"), seconds=number(result.seconds))
            bar.update(task, advance=1, total=total, description=name, pace=took)

        yield advance


def _write(path: Path, text: str) -> None:
    from synthlab.files import write_atomically

    try:
        write_atomically(path, text)
    except OSError as error:
        raise SynthlabError(
            "{file} cannot be written: {reason}.", file=path, reason=error.strerror
        ) from error
