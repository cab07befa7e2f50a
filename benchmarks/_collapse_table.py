"""The collapse benchmark as a Markdown table, beside what two papers published."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from benchmarks._report import Row

MEASURES = ("modes", "high quality", "mode KL")

#: What PacGAN's Table 1 and VEEGAN's table say: modes of 8, high quality in %, reverse KL; then
#: the same for the grid of 25. ``None`` where nothing is reported. PacGAN gives the mean of 10
#: runs ± its standard error.
PUBLISHED: tuple[tuple[str, str, tuple[str | None, ...]], ...] = (
    (
        "GAN",
        "PacGAN",
        ("6.3 ± .5", "98.2 ± .2", ".45 ± .09", "17.3 ± .8", "94.8 ± .7", ".70 ± .07"),
    ),
    (
        "ALI",
        "PacGAN",
        ("6.6 ± .3", "97.6 ± .4", ".36 ± .04", "24.1 ± .4", "95.7 ± .6", ".14 ± .03"),
    ),
    (
        "PacGAN2",
        "PacGAN",
        ("7.9 ± .1", "95.6 ± 2.0", ".07 ± .03", "23.8 ± .7", "91.3 ± .8", ".13 ± .04"),
    ),
    (
        "PacGAN3",
        "PacGAN",
        ("7.8 ± .1", "97.7 ± .3", ".10 ± .02", "24.6 ± .4", "94.2 ± .4", ".06 ± .02"),
    ),
    (
        "PacGAN4",
        "PacGAN",
        ("7.8 ± .1", "95.9 ± 1.4", ".07 ± .02", "24.8 ± .2", "93.6 ± .6", ".04 ± .01"),
    ),
    ("GAN", "VEEGAN", ("1", "99.3", None, "3.3", "0.5", None)),
    ("ALI", "VEEGAN", ("2.8", "0.13", None, "15.8", "1.6", None)),
    ("Unrolled GAN", "VEEGAN", ("7.6", "35.6", None, "23.6", "16", None)),
    ("VEEGAN", "VEEGAN", ("8", "52.9", None, "24.6", "40", None)),
)


def markdown(rows: Sequence[Row]) -> str:
    """Three tables: ours, the papers', and what a step costs."""
    return "\n".join([*_ours(rows), "", *_papers(), "", *_costs(rows), ""])


def _ours(rows: Sequence[Row]) -> Iterator[str]:
    yield "| source | generator | modes | high quality, % | mode KL, nats | runs | notes |"
    yield "|---|---|---|---|---|---|---|"
    found: list[dict[str, Row]] = []  # the measures of a generator follow each other
    for row in rows:
        measure = row.name.rpartition(": ")[2]
        if measure == MEASURES[0]:
            found.append({})
        if measure in MEASURES:
            found[-1][measure] = row
    for three in found:
        source, _, generator = three["modes"].name.rpartition(": ")[0].partition(", ")
        cells = [
            _value(three["modes"], 1, ".1f"),
            _value(three["high quality"], 100, ".1f"),
            _value(three["mode KL"], 1, ".3f"),
        ]
        notes = three["modes"].note
        yield f"| {source} | {generator} | {' | '.join(cells)} | {three['modes'].n} | {notes} |"


def _papers() -> Iterator[str]:
    measures = "modes | high quality, % | KL"
    yield f"| generator | table of | ring: {measures} | grid: {measures} |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, paper, values in PUBLISHED:
        yield f"| {name} | {paper} | {' | '.join(value or '–' for value in values)} |"


def _costs(rows: Sequence[Row]) -> Iterator[str]:
    yield "| what | median | quartiles | n | goal | reached |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        if row.name.startswith("a step, ") or " in sequence" in row.name:
            reached = "" if row.met is None else "yes" if row.met else "**no**"
            spread = f"{row.low:.2f} – {row.high:.2f}"
            value = f"{row.value:.2f} {row.unit}".strip()
            yield f"| {row.name} | {value} | {spread} | {row.n} | {row.target} | {reached} |"


def _value(row: Row, factor: float, spec: str) -> str:
    if math.isnan(row.value):
        return "undefined"
    value, low, high = (format(factor * x, spec) for x in (row.value, row.low, row.high))
    return f"{value} [{low}, {high}]"
