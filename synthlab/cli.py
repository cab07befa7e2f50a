"""``synthlab …``: the command line.

Each command imports what it needs when it runs, so that ``synthlab --help`` is quick. Errors
that people can mend (`SynthlabError`) become one sentence and exit status 1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthlab.errors import SynthlabError
from synthlab.grading import commands

if TYPE_CHECKING:
    from synthlab.progress import Progress

app = typer.Typer(
    name="synthlab",
    help="Learn to build, break, measure and judge generative models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Learn to build, break, measure and judge generative models."""
    # `main` reads --debug itself: it must know it even when the command line is not valid.


@app.command()
def lab(
    directory: Annotated[Path, typer.Argument(help="Your workspace.")] = Path("my-course"),
    language: Annotated[str | None, typer.Option(help="en or ar.")] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="JupyterLab's port.")] = None,
) -> None:
    """Lay out your workspace and open the course in JupyterLab."""
    from synthlab.authoring import workspace
    from synthlab.authoring.lab import open_lab
    from synthlab.authoring.project import Project
    from synthlab.progress import Progress, resume

    project = Project.here()
    layout = workspace.lay_out(project, directory, language)
    for line in layout.sentences():
        typer.echo(line)
    kept = Progress(directory)
    try:
        notebook = resume(project.course, kept.read(), directory)
    except SynthlabError as error:  # the course opens without it
        typer.echo(f"synthlab: {error}", err=True)
        notebook = workspace.first_lesson(project)
    raise typer.Exit(open_lab(directory, notebook, browser=browser, port=port))


_Workspace = Annotated[
    Path | None, typer.Argument(help="Your workspace; the one around you when left out.")
]


@app.command()
def progress(
    directory: _Workspace = None,
    as_json: Annotated[bool, typer.Option("--json", help="Show the file itself.")] = False,
    delete: Annotated[bool, typer.Option("--delete", help="Delete what is kept.")] = False,
) -> None:
    """Show what is kept of your progress, or delete it. It never leaves this machine."""
    from synthlab import manifest
    from synthlab.progress.show import overview
    from synthlab.words import N_, translate

    kept, language = _kept(directory)
    if delete:
        gone = kept.delete()
        text = N_("Deleted {file}.") if gone else N_("Nothing was kept in {file}.")
        typer.echo(translate("cli", text, language, file=kept.file))
    elif as_json:
        typer.echo(json.dumps(kept.read().to_dict(), indent=1, ensure_ascii=False))
    else:
        for line in overview(manifest.load(), kept.read(), language):
            typer.echo(line)
        typer.echo(translate("cli", "Kept in {file}.", language, file=kept.file))


@app.command("next")
def next_(directory: _Workspace = None) -> None:
    """Say what to do next."""
    from synthlab import manifest
    from synthlab.progress.show import what_next

    kept, language = _kept(directory)
    typer.echo(what_next(manifest.load(), kept.read(), language))


def _kept(directory: Path | None) -> tuple[Progress, str]:
    """The progress of a workspace, and the workspace's language."""
    from synthlab.progress import of_folder
    from synthlab.words import language, settings_language

    kept = of_folder(directory)
    if kept is None and directory is None:
        kept = of_folder(Path("my-course")) if Path("my-course").is_dir() else None
    if kept is None:
        raise SynthlabError(
            "{folder} is not in a workspace; 'synthlab lab DIRECTORY' makes one.",
            folder=(directory or Path()).resolve(),
        )
    return kept, settings_language(kept.workspace) or language()


@app.command("language")
def language_(
    code: Annotated[str, typer.Argument(help="en or ar.")],
    file: Annotated[Path, typer.Argument(help="A notebook of the course.")],
) -> None:
    """Show a notebook's prose in another language; answers and outputs stay."""
    from synthlab.authoring.project import Project
    from synthlab.authoring.swap import swap

    typer.echo(swap(Project.here(), file, code).sentence())


@app.command()
def reset(
    file: Annotated[Path, typer.Argument(help="A notebook of the course.")],
    question: Annotated[
        str | None, typer.Argument(help="The question to answer anew; all when left out.")
    ] = None,
) -> None:
    """Start a notebook anew; your work until now is kept beside it."""
    from synthlab.authoring.project import Project
    from synthlab.authoring.reset import reset

    typer.echo(reset(Project.here(), file, question).sentence())


@app.command()
def doctor(
    directory: Annotated[Path, typer.Argument(help="Where you want to work.")] = Path(),
) -> None:
    """Look whether everything that the course needs is here."""
    from synthlab.authoring.doctor import examine

    findings = examine(directory)
    for finding in findings:
        typer.echo(str(finding))
    raise typer.Exit(any(finding.problem for finding in findings))


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; compare.")] = False,
) -> None:
    """Write exercises/ and course/published.toml from their sources."""
    from synthlab.authoring import build as builder
    from synthlab.authoring.project import Project

    project = Project.here()
    if not check:
        written = builder.build(project)
        for name in written:
            typer.echo(f"wrote {name}")
        if not written:
            typer.echo("Every generated file is as it should be.")
    differences = builder.compare(project)
    for difference in differences:
        typer.echo(str(difference), err=True)
    raise typer.Exit(bool(differences))


@app.command()
def verify(
    units: Annotated[
        list[str] | None, typer.Argument(help="Ids of units; all units when left out.")
    ] = None,
    lessons: Annotated[bool, typer.Option(help="Run the lessons too.")] = True,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe",
            help="Derive wrong answers from the right ones instead, and list those that pass.",
        ),
    ] = False,
    question: Annotated[
        list[str] | None, typer.Option(help="With --probe: this question; may be repeated.")
    ] = None,
    seeds: Annotated[
        int, typer.Option(min=1, help="With --probe: how many seeds judge each answer.")
    ] = 3,
    limit: Annotated[
        float, typer.Option(min=1, help="With --probe: seconds that an answer may take in all.")
    ] = 300,
    most: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="With --probe: how many answers to a question are judged. All when left out; "
            "40 where each of them trains.",
        ),
    ] = None,
) -> None:
    """Verify the course contract: answers pass, stubs and mistakes fail, nothing leaks.

    With --probe, change the right answers in many places (an operator, an axis, a constant, a
    missing detach, an argument changed in place, a value kept between calls …), judge each, and
    print the share that fails and every one that does not. Below 95 % the exit code is 1.
    """
    from synthlab.authoring.project import Project

    project = Project.here()
    if probe:
        from synthlab.authoring.probe.show import probe_and_show

        ok = probe_and_show(
            project, units or (), question or (), seeds=seeds, limit=limit, most=most
        )
    else:
        from synthlab.authoring.show import verify_and_show

        ok = verify_and_show(project, units or (), lessons=lessons)
    raise typer.Exit(not ok)


@app.command()
def translate(
    language: Annotated[str | None, typer.Argument(help="All languages when left out.")] = None,
) -> None:
    """Merge new and changed messages into the catalogues, and show what is translated."""
    from synthlab.authoring.project import Project
    from synthlab.authoring.show import merge_and_show

    merge_and_show(Project.here(), language)


new = typer.Typer(help="Start a unit.", no_args_is_help=True)
app.add_typer(new, name="new")


@new.command("unit")
def new_unit(
    unit: Annotated[str, typer.Argument(help="Its id.")],
    widget: Annotated[str | None, typer.Option(help="A live widget of it, like GanArena.")] = None,
    title: Annotated[str | None, typer.Option(help="The unit's title.")] = None,
) -> None:
    """Write every part that a unit lacks, and its row in course.toml."""
    from synthlab.authoring.new import new_unit
    from synthlab.authoring.project import Project

    for name in new_unit(Project.here(), unit, title, widget):
        typer.echo(f"wrote {name}")


def main() -> None:
    """Run the command line; the entry point of ``synthlab``."""
    debug = "--debug" in sys.argv[1:]
    # `synthlab verify --debug` reads as well as `synthlab --debug verify`
    arguments = [word for word in sys.argv[1:] if word != "--debug"]
    try:
        commands.register(app)
        app(arguments, prog_name="synthlab")
    except SynthlabError as error:
        if debug:
            raise
        typer.echo(f"synthlab: {error}", err=True)
        sys.exit(1)
    except OSError as error:
        if debug:
            raise
        name = f"{error.filename}: " if error.filename else ""
        typer.echo(f"synthlab: {name}{error.strerror or error}.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
