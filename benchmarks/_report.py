"""Report of a benchmark: a table for people, JSON for the record."""

from __future__ import annotations

import json
import os
import platform
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from synthlab import __version__
from synthlab.errors import SynthlabError
from synthlab.metrics import proportion


@dataclass(frozen=True)
class Row:
    """One measured quantity.

    Attributes:
        name: What was measured.
        value: The median of the measurements; for a share, the share.
        low, high: Their quartiles; for a share, its 95 % interval.
        n: How many measurements there were.
        unit: ``"ms"``, ``"s"``, ``"MB"``, … or empty for a plain number.
        target: The goal in words, e.g. ``"<= 1.1"``; empty when the row is for comparison.
        met: Whether the goal is reached; None without a goal.
        note: A sentence more, e.g. about what failed.
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    unit: str = ""
    target: str = ""
    met: bool | None = None
    note: str = ""


def row(
    name: str,
    values: Sequence[float],
    unit: str = "",
    *,
    at_most: float | None = None,
    at_least: float | None = None,
) -> Row:
    """Summarise measurements; the median is held against the goal, if there is one."""
    if not values:
        raise SynthlabError(f"{name!r} was measured no times: raise the number of repeats.")
    low, value, high = quartiles(values)
    target, met = "", None
    if at_most is not None:
        target, met = f"<= {at_most:g}", value <= at_most
    elif at_least is not None:
        target, met = f">= {at_least:g}", value >= at_least
    return Row(name, value, low, high, len(values), unit, target, met)


def share(name: str, passed: int, n: int, *, at_least: float, note: str = "") -> Row:
    """A share of n trials with its 95 % interval, held against the goal."""
    estimate = proportion(passed, n)
    met = estimate.value >= at_least
    return Row(
        name, estimate.value, estimate.low, estimate.high, n, "", f">= {at_least:g}", met, note
    )


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The lower quartile, the median and the upper quartile."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def machine() -> dict[str, str | int]:
    """Where the numbers come from; without it they mean little."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else -1,
        "torch": version("torch"),
        "synthlab": __version__,
    }


def show(name: str, rows: Sequence[Row], console: Console) -> None:
    """Print the table."""
    table = Table(title=name, title_justify="left")
    table.add_column("measured")
    for heading in ("median", "spread", "n", "goal"):
        table.add_column(heading, justify="right")
    table.add_column("reached")
    for r in rows:
        reached = "" if r.met is None else "yes" if r.met else "NO"
        value = f"{_number(r.value)} {r.unit}".strip()
        spread = "" if r.n == 1 else f"{_number(r.low)} … {_number(r.high)}"
        table.add_row(escape(r.name), value, spread, str(r.n), r.target, reached)
    console.print(table)
    for r in rows:
        if r.note:
            console.print(escape(f"{r.name}: {r.note}"))
    console.print(", ".join(f"{key} {value}" for key, value in machine().items()))


def _number(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def write(path: Path, results: Mapping[str, Sequence[Row]]) -> None:
    """Write results by benchmark as JSON; an existing file is replaced whole or not at all."""
    rows = {name: [asdict(r) for r in measured] for name, measured in results.items()}
    unfinished = path.with_name(path.name + ".part")
    try:
        text = json.dumps({"machine": machine(), "benchmarks": rows}, indent=2)
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise SynthlabError(f"The results cannot be written to {path}: {error.strerror}.") from None
