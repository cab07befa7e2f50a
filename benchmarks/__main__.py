"""Run one benchmark by name, or all of them."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from rich.console import Console

import benchmarks
from benchmarks import _report
from synthlab.errors import SynthlabError, unknown


def names() -> list[str]:
    """The benchmarks that exist: the public modules of this package."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    return sorted(name for name in found if not name.startswith("_"))


def find(name: str) -> ModuleType:
    """Import one benchmark; an unknown name raises with the nearest valid ones."""
    if name not in names():
        raise unknown("There is no benchmark called {name}.", name, [*names(), "all"])
    return importlib.import_module(f"benchmarks.{name}")


def parser(module: ModuleType) -> argparse.ArgumentParser:
    """The command line of one benchmark."""
    name = module.__name__.rpartition(".")[2]
    arguments = argparse.ArgumentParser(f"python -m benchmarks {name}", description=module.__doc__)
    if hasattr(module, "add_options"):
        module.add_options(arguments)
    return arguments


def usage() -> str:
    """The names with a line about each."""
    lines = ["usage: python -m benchmarks NAME|all [--json FILE] [options: NAME --help]", ""]
    lines += [f"  {name:10} {(find(name).__doc__ or '').partition(chr(10))[0]}" for name in names()]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the command line names; return the exit code."""
    given = sys.argv[1:] if argv is None else list(argv)
    if not given or given[0].startswith("-"):
        print(usage())
        return 0 if given and given[0] in ("-h", "--help") else 2
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    options, own = common.parse_known_args(given[1:])
    chosen = names() if given[0] == "all" else [given[0]]
    try:
        runs = {name: (find(name), parser(find(name)).parse_args(own)) for name in chosen}
        results = {name: run(name, *runs[name]) for name in chosen}
        if options.json is not None:
            _report.write(options.json, {name: rows for name, rows in results.items() if rows})
    except SynthlabError as error:
        print(error, file=sys.stderr)
        return 1
    missed = (
        row.met is False
        for name in chosen
        if hasattr(find(name), "STRICT")
        for row in results[name]
    )
    return int(not all(results.values()) or any(missed))


def run(name: str, module: ModuleType, options: argparse.Namespace) -> list[_report.Row]:
    """Measure and show. What cannot run says why and has no rows; others of ``all`` go on."""
    console = Console()
    try:
        with console.status(f"Measuring {name} …"):
            rows = list(module.measure(options))
    except SynthlabError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return []
    _report.show(name, rows, console)
    return rows


if __name__ == "__main__":
    sys.exit(main())
