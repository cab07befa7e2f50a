"""Training is an iterator: a loop, a progress bar, a widget, a test and a grader all consume it.

>>> from synthlab.data import Ring
>>> from synthlab.models.gan import GAN
>>> run = train(GAN.mlp(), Ring(), steps=2)
>>> [step.index for step in run]
[1, 2]

Pausing is not calling `next`; rewinding is loading an earlier `Run.state_dict`. Every random
number of a run comes from ``run.generator``, so the same seed gives the same numbers, bit by
bit: on the same machine, with the same versions.
"""

from __future__ import annotations

import copy
import math
import signal
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, Self

import torch
from tqdm import tqdm

from synthlab.data.source import Batch, Source, check_count
from synthlab.errors import SynthlabError

if TYPE_CHECKING:
    from types import FrameType


class Model(Protocol):
    """What a run needs of a model: an ``nn.Module`` that owns its optimisers."""

    optimizers: dict[str, torch.optim.Optimizer]

    def update(
        self, batch: Batch, generator: torch.Generator, parts: Collection[str] | None = None
    ) -> Mapping[str, float]:
        """Make one optimisation step, of the named parts alone when given; return the losses."""

    def state_dict(self) -> dict[str, Any]:
        """Weights and buffers by name."""

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> Any:
        """Take over weights and buffers."""


class TrainingDiverged(SynthlabError):  # noqa: N818 - a state of the run, told as an error
    """A loss became nan or infinite. The run stays as it is: load an earlier state to go on."""


@dataclass(frozen=True)
class Step:
    """One finished step of training.

    Attributes:
        index: The step's number, from 1.
        losses: The named losses of this step, before its update.
    """

    index: int
    losses: dict[str, float]


def train(
    model: Model,
    source: Source,
    steps: int | None = 2000,
    seed: int = 0,
    batch_size: int = 256,
    threads: int | None = 1,
) -> Run:
    """Start a training run; nothing is computed until you iterate over it.

    The model keeps the weights it has: the seed decides the batches and the noise alone.

    Args:
        model: What to train; it is changed in place.
        source: Where fresh batches come from.
        steps: How many steps the run has; None never ends.
        seed: Seed of ``run.generator``.
        batch_size: Examples in a step.
        threads: Threads that torch uses inside a step; outside nothing changes. For nets as
            small as these, one is as fast as two on an idle machine, many times faster on a
            busy one, and gives the same numbers however many cores there are. None leaves
            torch's own setting alone.

    Raises:
        SynthlabError: When a number makes no sense.
    """
    return Run(model, source, steps, seed, batch_size, threads)


class Run(Iterator[Step]):
    """A training run, made by `train`: iterate over it to train.

    A step is whole or not at all: Ctrl+C (the stop button) takes effect when the step at hand
    is done, and iterating again goes on as if nothing had happened. A second Ctrl+C gets
    through at once, for a step that hangs.

    Attributes:
        model: The model in training.
        source: Where its batches come from.
        steps: How many steps the run has; None when it is endless.
        index: How many are done.
        generator: The only source of randomness.
    """

    def __init__(
        self,
        model: Model,
        source: Source,
        steps: int | None,
        seed: int,
        batch_size: int,
        threads: int | None,
    ) -> None:
        _require(model, "model", "update", "state_dict", "load_state_dict")
        _require(source, "source", "sample")
        self.model, self.source = model, source
        self.steps = None if steps is None else check_count(steps, "steps", 0)
        self.batch_size = check_count(batch_size, "batch_size", 1)
        self.threads = None if threads is None else check_count(threads, "threads", 1)
        self.generator = torch.Generator().manual_seed(check_count(seed, "seed", 0))
        self.index = 0

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the model that can make steps alone: those with an optimiser."""
        return tuple(self.model.optimizers)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Step:
        if self.steps is not None and self.index >= self.steps:
            raise StopIteration
        return self.advance()

    def __length_hint__(self) -> int:
        return 0 if self.steps is None else max(0, self.steps - self.index)

    def advance(self, parts: Collection[str] | None = None) -> Step:
        """Make one step, past the last one too; with ``parts``, of those parts alone.

        Raises:
            TrainingDiverged: When a loss is not finite. The step counts; the model keeps the
                weights that it led to.
        """
        with _uninterrupted(), torch_threads(self.threads):
            batch = self.source.sample(self.batch_size, self.generator)
            losses = self.model.update(batch, self.generator, parts)
            self.index += 1
        return Step(self.index, {name: self._number(name, losses[name]) for name in losses})

    def _number(self, name: str, loss: object) -> float:
        """The loss as a plain finite float: learners' own steps return all kinds of things."""
        if isinstance(loss, torch.Tensor):
            loss = loss.detach()
        try:
            value = float(loss)  # type: ignore[arg-type]
        except (TypeError, ValueError, RuntimeError):
            raise SynthlabError(
                "The {name}'s step must return its loss as one number; it returned {loss}.",
                name=name,
                loss=_describe(loss),
            ) from None
        if not math.isfinite(value):
            raise TrainingDiverged(
                "The {name}'s loss became {value} at step {index}: lower the learning rate or "
                "repair the loss, then start again or load an earlier state.",
                name=name,
                value=value,
                index=self.index,
            )
        return value

    def state_dict(self) -> dict[str, Any]:
        """Everything that the rest of the run depends on, as a copy that training leaves alone."""
        return copy.deepcopy(
            {
                "model": self.model.state_dict(),
                "optimizers": {k: o.state_dict() for k, o in self.model.optimizers.items()},
                "generator": self.generator.get_state(),
                "index": self.index,
            }
        )

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go to a state of this run, or of a run with the same networks.

        Raises:
            SynthlabError: When the state does not fit; the run then stays as it was.
        """
        before = self.state_dict()
        try:
            with _uninterrupted():
                self._load(state)
        except (KeyError, TypeError, ValueError, RuntimeError, AttributeError):
            self._load(before)
            raise SynthlabError(
                "This state does not fit the run: it comes from a model of another shape, or it "
                "is not what Run.state_dict() returned."
            ) from None

    def _load(self, state: Mapping[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        for name, optimizer in self.model.optimizers.items():
            # Optimizer.load_state_dict keeps the tensors that it is given, and changes them.
            optimizer.load_state_dict(copy.deepcopy(state["optimizers"][name]))
        self.generator.set_state(state["generator"])
        self.index = int(state["index"])

    def branch(self) -> Run:
        """An independent copy that goes on from here; neither run sees the other."""
        other = copy.copy(self)
        other.model = copy.deepcopy(self.model)
        other.generator = torch.Generator()
        other.generator.set_state(self.generator.get_state())
        return other


def progress(run: Run, every: int = 50) -> Iterator[Step]:
    """Yield the run's steps with a progress bar below them.

    The bar goes to stdout: nbgrader takes whatever a cell writes to stderr for an error.

    Args:
        run: The run to go through.
        every: Steps from one drawing of the bar to the next.
    """
    bar = _Bar(total=run.steps, initial=run.index, file=sys.stdout, unit=" steps", miniters=every)
    with bar:
        for step in run:
            if step.index % every == 0 or step.index == run.steps:
                losses = {name: f"{loss:.3f}" for name, loss in step.losses.items()}
                bar.set_postfix(losses, refresh=False)
            bar.update(step.index - bar.n)
            yield step


class _Bar(tqdm):  # type: ignore[misc]
    monitor_interval = 0  # tqdm's monitor is a thread that would outlive the run


@contextmanager
def torch_threads(n: int | None) -> Iterator[None]:
    """Let torch use n threads for a while, then as many as before; None changes nothing."""
    before = torch.get_num_threads()
    if n is None or n == before:
        yield
        return
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold a first Ctrl+C back until the block is done; let a second one through at once.

    Only the main thread of a process receives signals, so elsewhere there is nothing to hold.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    usual = signal.getsignal(signal.SIGINT)
    if not callable(usual):  # ignored, left to the system, or not set from Python
        yield
        return
    held: list[tuple[int, FrameType | None]] = []

    def hold(number: int, frame: FrameType | None) -> None:
        if held:
            usual(number, frame)
        held.append((number, frame))

    signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if len(held) == 1:
            usual(*held[0])


def _require(thing: object, role: str, *methods: str) -> None:
    missing = [name for name in methods if not callable(getattr(thing, name, None))]
    if missing:
        raise SynthlabError(
            "The model of a run needs {names}; a {type} has no such method."
            if role == "model"
            else "The source of a run needs {names}; a {type} has no such method.",
            names=", ".join(f"{name}()" for name in missing),
            type=type(thing).__name__,
        )


def _describe(value: object) -> SynthlabError:
    if isinstance(value, torch.Tensor):
        return SynthlabError("a tensor of shape {shape}", shape=tuple(value.shape))
    if value is None:
        return SynthlabError("nothing")
    return SynthlabError("a {type}", type=type(value).__name__)
