"""Training a GAN: what a step costs beside a plain PyTorch loop, and how soon the ring is found."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from benchmarks._report import Row, row
from benchmarks._timing import interleaved
from synthlab.data import Ring
from synthlab.metrics import mode_report
from synthlab.models.gan import GAN
from synthlab.training import Run, torch_threads, train

BATCH = 256
#: Steps in one timing: at about 2 ms each, the clock and the scheduler do not matter.
STEPS = 25


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--repeats`` and ``--seeds``."""
    parser.add_argument("--repeats", type=int, default=40, help="timings of each loop")
    parser.add_argument("--seeds", type=int, default=10, help="runs until the ring is found")


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield the cost of a step, then the time to the ring."""
    yield from cost(options.repeats)
    yield from ring(options.seeds)


def plain_loop(source: Ring, G: nn.Module, D: nn.Module, **adam: Any) -> Callable[[], None]:
    """A GAN step as it is written by hand: the same nets, batches and optimiser, no library.

    The fakes are detached, and the discriminator's gradients from the generator's step are
    thrown away, as in PyTorch's own tutorial.
    """
    d_optimizer = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99), **adam)
    g_optimizer = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99), **adam)
    generator = torch.Generator().manual_seed(0)

    def noise() -> Tensor:
        return torch.randn(BATCH, 2, generator=generator)

    def step() -> None:
        real = source.sample(BATCH, generator).x
        d_optimizer.zero_grad()
        d_loss = softplus(-D(real)).mean() + softplus(D(G(noise()).detach())).mean()
        d_loss.backward()
        d_optimizer.step()
        g_optimizer.zero_grad()
        g_loss = softplus(-D(G(noise()))).mean()
        g_loss.backward()
        g_optimizer.step()
        d_loss.item(), g_loss.item()

    return step


def cost(repeats: int) -> Iterator[Row]:
    """Milliseconds per step, interleaved; all on one thread but where the name says so."""
    source = Ring()
    many = max(2, torch.get_num_threads())

    def ours(threads: int) -> Callable[[], object]:
        return train(GAN.mlp(), source, steps=None, batch_size=BATCH, threads=threads).advance

    def one_thread(step: Callable[[], None]) -> Callable[[], object]:
        def steps() -> None:
            with torch_threads(1):
                step()

        return steps

    def plain(**adam: Any) -> Callable[[], object]:
        nets = GAN.mlp()
        return one_thread(plain_loop(source, nets.generator, nets.discriminator, **adam))

    loops = {
        "synthlab": ours(1),
        "plain loop": plain(fused=True),
        "plain loop, PyTorch's default Adam": plain(),
        f"synthlab, {many} threads": ours(many),
    }
    seconds = interleaved({name: times(loop, STEPS) for name, loop in loops.items()}, repeats)
    for name, values in seconds.items():
        yield row(f"step, {name}", [1000 * value / STEPS for value in values], "ms")
    pairs = zip(seconds["synthlab"], seconds["plain loop"], strict=True)
    yield row("step, synthlab / plain loop", [a / b for a, b in pairs], at_most=1.1)
    pairs = zip(seconds[f"synthlab, {many} threads"], seconds["synthlab"], strict=True)
    yield row(f"step, {many} threads / one thread", [a / b for a, b in pairs])


def times(function: Callable[[], object], n: int) -> Callable[[], None]:
    """A function that calls the given one n times."""

    def repeated() -> None:
        for _ in range(n):
            function()

    return repeated


def ring(seeds: int, limit: float = 10.0, every: int = 25) -> Iterator[Row]:
    """Default settings on the ring, each seed trained for ``limit`` seconds of its own.

    The clock stands while samples are judged. "To stay" counts from the last time that a mode
    was missing.
    """
    first, stay, modes = [], [], []
    shares: dict[float, list[float]] = {5.0: [], limit: []}
    source = Ring(modes=8, radius=2.0, std=0.02)
    for seed in range(seeds):
        run = train(GAN.mlp(seed=seed), source, steps=None, seed=seed, batch_size=BATCH)
        found, lost, spent = float("inf"), 0.0, 0.0
        for mark, kept in shares.items():
            while spent < mark:
                spent += seconds_of(run, every)
                report = judge(run)
                if report[0] >= 7.5:
                    found = min(found, spent)
                else:
                    lost = spent
            kept.append(report[1])
        first.append(found)
        stay.append(lost)
        modes.append(report[0])
    yield row("ring, until >= 7.5 of 8 modes", first, "s")
    yield row("ring, until >= 7.5 of 8 modes to stay", stay, "s")
    yield row(f"ring, modes after {limit:g} s", modes, at_least=7.5)
    for mark, kept in shares.items():
        yield row(f"ring, high quality after {mark:g} s", kept)


def seconds_of(run: Run, steps: int) -> float:
    """Train for some steps; return how long that took."""
    start = time.perf_counter()
    for _ in range(steps):
        run.advance()
    return time.perf_counter() - start


def judge(run: Run) -> tuple[float, float]:
    """Modes covered and share of high quality, of 2500 samples on noise that is always the same."""
    x = run.model.sample(2500, torch.Generator().manual_seed(0))  # type: ignore[attr-defined]
    report = mode_report(x, run.source)  # type: ignore[arg-type]
    return report.modes.value, report.high_quality.value
