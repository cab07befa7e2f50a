"""The collapse benchmark: its controls, its clock, what it does with broken runs, its table."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path

import pytest
import torch

from benchmarks import __main__ as command
from benchmarks import _collapse_table, collapse
from benchmarks._report import Row
from synthlab.data import Ring
from synthlab.errors import SynthlabError

DOCS = Path(__file__).resolve().parents[1] / "docs"


def by_name(rows) -> dict[str, Row]:
    return {row.name: row for row in rows}


def options(**changed) -> argparse.Namespace:
    given = vars(command.parser(collapse).parse_args([]))
    return argparse.Namespace(**given | changed)


def test_controls_are_what_theory_says():
    rows = by_name(collapse.controls())
    perfect = rows["ring, perfect sampler: high quality"]
    # 1 - e^-4.5 = .98889; ten runs of 2500: standard error sqrt(.989 * .011 / 25_000) = .00066.
    assert perfect.value == pytest.approx(1 - math.exp(-4.5), abs=5 * 0.00066)
    assert rows["grid, perfect sampler: modes"].value == 25
    # Within 3σ = .06 of a mode on a circle of radius 2: an arc of .06 rad, eight times.
    circle = rows["ring, circle: high quality"].value
    assert circle == pytest.approx(8 * 0.06 / (2 * math.pi), abs=5 * 0.0017)
    assert rows["ring, circle: modes"].value == 8
    # Within 3 of 5σ: 1 - exp(-(3/5)²/2) = .165; the neighbours' tails hardly count.
    blurred = rows["grid, blurred grid: high quality"].value
    assert blurred == pytest.approx(1 - math.exp(-0.18), abs=0.012)


def test_broken_and_empty_runs_count_and_are_told():
    ring = Ring()
    good = ring.sample(2500, torch.Generator().manual_seed(0)).x
    broken, nowhere = torch.full((2500, 2), torch.nan), torch.zeros(2500, 2)
    rows = by_name(collapse.judged("x", [good, good, broken, nowhere], "ring"))
    assert rows["x: modes"].value == 4  # (8 + 8 + 0 + 0) / 4: what breaks down covers nothing
    assert (rows["x: modes"].n, rows["x: mode KL"].n) == (4, 2)
    assert "1 broke down" in rows["x: modes"].note
    assert "KL undefined in 2" in rows["x: modes"].note
    none = by_name(collapse.judged("x", [nowhere, nowhere], "ring"))
    assert math.isnan(none["x: mode KL"].value)


def test_time_is_the_training_thread_s_own(monkeypatch):
    """With a clock that moves a second a look, three seeds of 2 s make 6 steps."""
    ticks = iter(float(i) for i in range(1000))
    monkeypatch.setattr(collapse.time, "thread_time", lambda: next(ticks))
    monkeypatch.setattr(collapse, "BATCH", 8)
    samples, steps = collapse.trained("ring", "vanilla", seconds=2.0, seeds=3)
    assert steps == 5  # the looks at 1 … 5 are below 6
    assert [x.shape for x in samples] == [(2500, 2)] * 3
    assert not torch.equal(samples[0], samples[1])


def test_goal_of_vanilla_is_to_collapse():
    rows = by_name(collapse.judged("v", [torch.zeros(9, 2)] * 2, "ring", goals="vanilla"))
    assert rows["v: modes"].met is True
    assert rows["v: high quality"].met is None


def test_the_lesson_is_short_and_unknown_cures_are_told(monkeypatch):
    monkeypatch.setattr(collapse, "measured", lambda chosen: [chosen])
    (chosen,) = collapse.measure(options(lesson=True))
    total = sum(len(cures) for cures in (chosen.cures, chosen.grid_cures)) * chosen.seeds
    assert total * chosen.seconds <= 60
    with pytest.raises(SynthlabError, match="no cure called 'pacman'"):
        list(collapse.measure(options(cures=["pacman"])))


def test_the_documented_table_is_the_recorded_one():
    recorded = json.loads((DOCS / "data" / "collapse.json").read_text(encoding="utf-8"))
    rows = [Row(**row) for row in recorded["benchmarks"]["collapse"]]
    text = (DOCS / "collapse.md").read_text(encoding="utf-8")
    for table in _collapse_table.markdown(rows).strip().split("\n\n"):
        assert table in text
    assert {"vanilla", "pacgan"} <= {row.name.split(", ")[1].split(":")[0] for row in rows}


def test_what_papers_published_stands_beside_it():
    text = _collapse_table.markdown([])
    assert "| GAN | PacGAN | 6.3 ± .5 | 98.2 ± .2 | .45 ± .09 |" in text
    assert "| GAN | VEEGAN | 1 | 99.3 | – |" in text
