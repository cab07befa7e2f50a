"""Mode collapse: every cure on the ring and the best on the grid, with equal time for all.

The clock is the processor time of the thread that trains, so that what else the machine does
decides nothing. Modes, share of high quality and KL of the mode histogram stand together, means
over the seeds with 95 % intervals (Student's t), beside samplers that need no training.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import torch
from scipy import stats
from torch import Tensor

from benchmarks._report import Row, row
from benchmarks._timing import interleaved
from synthlab.data import GaussianMixture, Grid, Ring
from synthlab.ensemble import Ensemble
from synthlab.errors import unknown
from synthlab.metrics import ModeReport, mode_report
from synthlab.models.cures import CURES
from synthlab.training import TrainingDiverged, torch_threads, train

BATCH = 256
SAMPLES = 2500
#: Steps in one timing.
STEPS = 20
#: The cures that go to the grid, unless others are named.
GRID = ("vanilla", "pacgan", "instance_noise")
SOURCES = {"ring": Ring(modes=8, radius=2.0, std=0.02), "grid": Grid()}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add sizes, and the choice of cures."""
    parser.add_argument("--seeds", type=int, default=10, help="runs of each cure")
    parser.add_argument("--seconds", type=float, default=25, help="of each run on the ring")
    parser.add_argument("--grid-seconds", type=float, default=40, help="of each run on the grid")
    parser.add_argument("--repeats", type=int, default=15, help="timings of a step of each cure")
    parser.add_argument("--cures", nargs="*", default=list(CURES), help="on the ring")
    parser.add_argument("--grid", nargs="*", default=list(GRID), help="cures on the grid")
    parser.add_argument(
        "--lesson", action="store_true", help="what a lesson has time for: three cures, two seeds"
    )


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield the controls, the cures on both sources, and what a step costs."""
    if options.lesson:
        options.cures, options.grid = ["vanilla", "pacgan", "wgan_gp"], []
        options.seeds, options.seconds, options.repeats = 2, 8.0, 5
    for name in (*options.cures, *options.grid):
        if name not in CURES:
            raise unknown("cure", name, CURES)
    yield from controls()
    yield from compared("ring", options.cures, options.seeds, options.seconds)
    if options.grid:
        yield from compared("grid", options.grid, options.seeds, options.grid_seconds)
    yield from cost(options.cures, options.repeats)
    yield from together(options.repeats)


def controls() -> Iterator[Row]:
    """Three samplers that need no training: perfect, evenly on the circle, and blurred."""
    ring, grid = SOURCES["ring"], SOURCES["grid"]
    seeds = range(10)
    yield from three("ring, the source itself", [_judged(ring, _sampled(ring, s)) for s in seeds])
    yield from three("ring, evenly on the circle", [_judged(ring, _circle(s)) for s in seeds])
    yield from three("grid, the source itself", [_judged(grid, _sampled(grid, s)) for s in seeds])
    blurred = GaussianMixture(means=grid.means, std=4 * grid.std)
    yield from three(
        "grid, four times as wide", [_judged(grid, _sampled(blurred, s)) for s in seeds]
    )


def _sampled(source: GaussianMixture, seed: int) -> Tensor:
    return source.sample(SAMPLES, torch.Generator().manual_seed(seed)).x


def _circle(seed: int) -> Tensor:
    angle = 2 * math.pi * torch.rand(SAMPLES, generator=torch.Generator().manual_seed(seed))
    return 2 * torch.stack([angle.cos(), angle.sin()], 1)


def _judged(source: GaussianMixture, x: Tensor) -> ModeReport:
    return mode_report(x, source)


def compared(source: str, names: Sequence[str], seeds: int, seconds: float) -> Iterator[Row]:
    """Train each cure with each seed, on all cores, and yield its three measures."""
    tasks = [(source, name, seed, seconds) for seed in range(seeds) for name in names]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        reports = list(pool.map(trained, *zip(*tasks, strict=True)))
    for name in names:
        own = [r for (_, n, _, _), r in zip(tasks, reports, strict=True) if n == name]
        yield from three(f"{source}, {name}", [report for report, _ in own])
        yield row(f"{source}, {name}: steps", [steps for _, steps in own])


def trained(source: str, name: str, seed: int, seconds: float) -> tuple[ModeReport, int]:
    """Train for so many seconds of this thread; judge 2500 samples, and count the steps."""
    truth = SOURCES[source]
    model = CURES[name].build(seed)
    run = train(model, truth, steps=None, seed=seed, batch_size=BATCH)
    start = time.thread_time()
    try:
        while time.thread_time() - start < seconds:
            run.advance()
    except TrainingDiverged:
        pass  # what it led to is the result
    x = model.sample(SAMPLES, torch.Generator().manual_seed(10_000 + seed))
    return mode_report(torch.nan_to_num(x, nan=1e6), truth), run.index


def three(name: str, reports: Sequence[ModeReport]) -> Iterator[Row]:
    """The three measures of some runs, always together."""
    yield average(f"{name}: modes", [r.modes.value for r in reports])
    yield average(f"{name}: high quality", [100 * r.high_quality.value for r in reports], "%")
    yield average(f"{name}: mode KL", [r.kl.value for r in reports])


def average(name: str, values: Sequence[float], unit: str = "") -> Row:
    """A mean with its 95 % interval; what is undefined is left out, and counted."""
    defined = [v for v in values if not math.isnan(v)]
    if not defined:
        return Row(name, math.nan, math.nan, math.nan, 0, unit, note="undefined in every run")
    mean, half = statistics.fmean(defined), 0.0
    if len(defined) > 1:
        quantile = float(stats.t.ppf(0.975, len(defined) - 1))
        half = quantile * statistics.stdev(defined) / math.sqrt(len(defined))
    left_out = len(values) - len(defined)
    note = f"undefined in {left_out} of {len(values)} runs" if left_out else ""
    return Row(name, mean, mean - half, mean + half, len(defined), unit, note=note)


def cost(names: Sequence[str], repeats: int) -> Iterator[Row]:
    """Milliseconds of a step of each cure, in turns, and beside the plain GAN's."""
    runs = {
        name: train(CURES[name].build(), SOURCES["ring"], steps=None, batch_size=BATCH)
        for name in dict.fromkeys(["vanilla", *names])
    }

    def steps(name: str) -> None:
        for _ in range(STEPS):
            runs[name].advance()

    timings = interleaved({name: partial(steps, name) for name in runs}, repeats)
    for name, seconds in timings.items():
        yield row(f"a step, {name}", [1000 * s / STEPS for s in seconds], "ms")
    for name in runs:
        pairs = zip(timings[name], timings["vanilla"], strict=True)
        goal = 2.0 if name == "wgan_gp" else None
        yield row(f"a step, {name} / vanilla", [a / b for a, b in pairs], at_most=goal)


def together(repeats: int, n: int = 10) -> Iterator[Row]:
    """Ten seeds in one batched step, beside ten runs in turn."""
    source = SOURCES["ring"]
    models = [CURES["vanilla"].build(seed) for seed in range(n)]
    runs = [train(CURES["vanilla"].build(seed), source, steps=None, seed=seed) for seed in range(n)]
    ensemble = Ensemble(models, source, seeds=range(n), batch_size=BATCH)

    def one_by_one() -> None:
        for run in runs:
            run.advance()

    def at_once() -> None:
        with torch_threads(1):
            ensemble.advance()

    timings = interleaved({"in turn": one_by_one, "together": at_once}, 3 * repeats)
    yield row(f"a step of {n} seeds in turn", [1000 * s for s in timings["in turn"]], "ms")
    yield row(f"a step of {n} seeds together", [1000 * s for s in timings["together"]], "ms")
    pairs = zip(timings["together"], timings["in turn"], strict=True)
    yield row(f"{n} seeds together / in turn", [a / b for a, b in pairs], at_most=0.8)
