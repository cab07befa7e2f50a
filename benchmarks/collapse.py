"""Mode collapse: what each cure does to it in equal time, and what it costs.

One configuration for all: see `synthlab.models.cures`. The ten seeds of a cure advance
together (`synthlab.models.together`). The clock is the processor time of the one thread that
trains, so that what else the machine does decides nothing; judging is not on it.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch

from benchmarks import _collapse_table
from benchmarks._report import Row, row
from benchmarks._timing import interleaved
from synthlab.data import GaussianMixture, Grid, Ring
from synthlab.errors import unknown
from synthlab.metrics import mode_report
from synthlab.metrics.estimate import Estimate, mean
from synthlab.models.cures import CURES
from synthlab.models.cures.wgan_gp import CriticStep
from synthlab.models.together import Together
from synthlab.training import Run, torch_threads, train

BATCH = 256
SAMPLES = 2500
SOURCES: dict[str, GaussianMixture] = {"ring": Ring(), "grid": Grid()}
#: The grid is for vanilla and what works best on the ring: it takes longer.
ON_THE_GRID = ("vanilla", "minibatch_std")


PARTS = ("controls", "ring", "grid", "cost", "speed")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what decides how long it takes."""
    parser.add_argument("--seconds", type=float, default=4.0, help="a run on the ring")
    parser.add_argument("--grid-seconds", type=float, default=8.0, help="a run on the grid")
    parser.add_argument("--seeds", type=int, default=10, help="runs of each cure")
    parser.add_argument("--repeats", type=int, default=20, help="timings of each step")
    parser.add_argument("--cures", nargs="+", default=list(CURES), help="those to measure")
    parser.add_argument("--grid-cures", nargs="*", default=ON_THE_GRID, help="those on the grid")
    parser.add_argument("--parts", nargs="+", default=PARTS, choices=PARTS, help="of the table")
    parser.add_argument(
        "--lesson",
        action="store_true",
        help="within a minute: vanilla and two cures on the ring, three seeds",
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there")


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield controls, every cure on the ring, some on the grid, and what a step costs."""
    if options.lesson:
        options.seconds, options.seeds, options.repeats = 4.0, 3, 3
        options.cures, options.grid_cures = ["vanilla", "pacgan", "minibatch_std"], []
    for name in {*options.cures, *options.grid_cures} - set(CURES):
        raise unknown("There is no cure called {name}.", name, CURES)
    rows = []
    for one in measured(options):
        rows.append(one)
        yield one
    if options.markdown is not None:
        options.markdown.write_text(_collapse_table.markdown(rows), encoding="utf-8")


def measured(options: argparse.Namespace) -> Iterator[Row]:
    """The rows, in the order of the table."""
    with torch_threads(1):
        if "controls" in options.parts:
            yield from controls()
        for cure in options.cures if "ring" in options.parts else ():
            yield from quality("ring", cure, options.seconds, options.seeds)
        for cure in options.grid_cures if "grid" in options.parts else ():
            yield from quality("grid", cure, options.grid_seconds, options.seeds)
        if "cost" in options.parts:
            yield from cost(options.cures, options.repeats)
        if "speed" in options.parts:
            yield from speed(options.seeds, options.repeats)


# What the numbers of a cure are read against.


def controls() -> Iterator[Row]:
    """A perfect sampler, even points on the circle, and modes five times too wide."""
    ring, grid = SOURCES["ring"], SOURCES["grid"]
    for place, name, draw in (
        ("ring", "perfect sampler", lambda g: ring.sample(SAMPLES, g).x),
        ("ring", "circle", circle),
        ("grid", "perfect sampler", lambda g: grid.sample(SAMPLES, g).x),
        ("grid", "blurred grid", blurred),
    ):
        samples = [draw(torch.Generator().manual_seed(seed)) for seed in range(10)]
        yield from judged(f"{place}, {name}", samples, place)


def circle(generator: torch.Generator) -> torch.Tensor:
    """Points spread evenly on the ring's circle: every mode, hardly a point on one."""
    angle = 2 * math.pi * torch.rand(SAMPLES, generator=generator)
    return 2.0 * torch.stack((angle.cos(), angle.sin()), 1)


def blurred(generator: torch.Generator) -> torch.Tensor:
    """The grid with modes five times as wide."""
    return Grid(std=5 * SOURCES["grid"].std).sample(SAMPLES, generator).x


# A cure on a source.


def quality(place: str, cure: str, seconds: float, seeds: int) -> Iterator[Row]:
    """The three measures after equal time, and how many steps fitted into it."""
    samples, steps = trained(place, cure, seconds, seeds)
    note = f"{steps} steps in {seconds:g} s of processor time each"
    yield from judged(f"{place}, {cure}", samples, place, goals=cure, note=note)


def trained(place: str, cure: str, seconds: float, seeds: int) -> tuple[list[torch.Tensor], int]:
    """Samples of each seed after so much time for each, and the steps that each made."""
    source = SOURCES[place]
    models = Together([CURES[cure].build(seed) for seed in range(seeds)])
    generators = [torch.Generator().manual_seed(seed) for seed in range(seeds)]
    steps, start = 0, time.thread_time()
    while time.thread_time() - start < seconds * seeds:
        models.update([source.sample(BATCH, random) for random in generators], generators)
        steps += 1
    judge = [torch.Generator().manual_seed(seed) for seed in range(seeds)]
    return list(models.sample(SAMPLES, judge)), steps


def judged(
    name: str, samples: Sequence[torch.Tensor], place: str, goals: str = "", note: str = ""
) -> Iterator[Row]:
    """Modes, share of high quality and mode KL: mean and 95 % interval over the runs.

    A run whose points are not finite covers nothing. Where a run has no point on a mode its KL
    is undefined; the row counts those that have one and says so.
    """
    reports = [mode_report(x, SOURCES[place]) for x in samples if bool(x.isfinite().all())]
    broken = len(samples) - len(reports)
    modes = [report.modes.value for report in reports] + [0.0] * broken
    share = [report.high_quality.value for report in reports] + [0.0] * broken
    kl = [report.kl.value for report in reports if report.kl.defined]
    if broken:
        note += f"; {broken} broke down"
    if len(kl) < len(samples):
        note += f"; KL undefined in {len(samples) - len(kl)}"
    for measure_, values in (("modes", modes), ("high quality", share), ("mode KL", kl)):
        estimate = mean(values) if len(values) > 1 else Estimate.undefined()
        target, met = "", None
        if measure_ == "modes" and place == "ring" and goals == "vanilla":
            target, met = "<= 6.5", estimate.value <= 6.5
        yield Row(
            f"{name}: {measure_}",
            estimate.value,
            estimate.low,
            estimate.high,
            len(values),
            target=target,
            met=met,
            note=note if measure_ == "modes" else "",
        )


# What it costs.


def cost(cures: Sequence[str], repeats: int) -> Iterator[Row]:
    """Milliseconds of processor time a step, in turn; and each against vanilla's."""
    ring = SOURCES["ring"]
    steps: dict[str, Callable[[], object]] = {
        cure: train(CURES[cure].build(0), ring, steps=None, batch_size=BATCH).advance
        for cure in dict.fromkeys(["vanilla", *cures])
    }
    one = CURES["wgan_gp"].build(0)
    one.discriminator_step = CriticStep(n_critic=1, weight=0.1)
    steps["wgan_gp with one critic step"] = train(one, ring, steps=None, batch_size=BATCH).advance
    seconds = interleaved(steps, repeats, clock=time.thread_time)
    for name, values in seconds.items():
        yield row(f"a step, {name}", [1000 * value for value in values], "ms")
    for name, values in seconds.items():
        if name != "vanilla":
            ratios = [a / b for a, b in zip(values, seconds["vanilla"], strict=True)]
            goal = 2.0 if name.endswith("one critic step") else None
            yield row(f"a step, {name} / vanilla", ratios, at_most=goal)


def speed(seeds: int, repeats: int) -> Iterator[Row]:
    """All seeds together against one after the other, for vanilla and WGAN-GP."""
    ring = SOURCES["ring"]
    for cure in ("vanilla", "wgan_gp"):
        build = CURES[cure].build
        runs = [train(build(seed), ring, steps=None, seed=seed) for seed in range(seeds)]
        models = Together([build(seed) for seed in range(seeds)])
        generators = [torch.Generator().manual_seed(seed) for seed in range(seeds)]

        def together(
            models: Together = models, generators: list[torch.Generator] = generators
        ) -> None:
            models.update([ring.sample(BATCH, g) for g in generators], generators)

        def in_sequence(runs: list[Run] = runs) -> None:
            for run in runs:
                run.advance()

        loops: dict[str, Callable[[], object]] = {
            "together": together,
            "in sequence": in_sequence,
        }
        seconds = interleaved(loops, repeats, clock=time.thread_time)
        pairs = zip(seconds["together"], seconds["in sequence"], strict=True)
        ratios = [a / b for a, b in pairs]
        yield row(f"{seeds} seeds together / in sequence, {cure}", ratios, at_most=0.8)
