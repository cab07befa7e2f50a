"""Judgement of mutants, in processes of their own that may be ended."""

from __future__ import annotations

import ast
import multiprocessing
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import local
from typing import Any

from synthlab.authoring import proof
from synthlab.authoring.probe.inside import Arguments
from synthlab.authoring.project import Project
from synthlab.authoring.source import ExerciseSource, read_source

#: The first of the seeds under which calls are recorded, so that they are not those of a verdict.
_RECORDED = 1000

#: How many those seeds are; one where an answer trains for seconds.
_COMPARED = 5

#: An exception of Python's among a property's words.
_RAW = re.compile(r"[A-Za-z]Error: ")


@dataclass(frozen=True)
class Judged:
    """One verdict on a mutant, as much of it as the probe needs.

    Attributes:
        status: The verdict's.
        failed: The properties that failed.
        plain: Whether each failed property says what was seen, in a sentence of its own.
    """

    status: str
    failed: tuple[str, ...] = ()
    plain: bool = True


@dataclass(frozen=True)
class Question:
    """A question of a course, named so that another process finds it."""

    root: Path
    unit: str
    id: str
    judge: Callable[[], proof.Judge] = field(default=proof.default_judge)

    @property
    def source(self) -> ExerciseSource:
        """The unit's exercise."""
        return _source(self.root, self.unit)

    @property
    def trains(self) -> bool:
        """Whether a verdict takes seconds."""
        return any(q.id == self.id and q.kind == "pipeline" for q in self.source.unit.questions)

    @property
    def answer(self) -> str:
        """The right answer."""
        return self.source.questions[self.id].answer

    def run(self, code: str) -> proof.Ran:
        """What a learner with this answer has defined."""
        return proof.run(self.source.program(self.id, code), self.id)


@cache
def _source(root: Path, unit: str) -> ExerciseSource:
    return read_source(unit, Project.at(root))


def judged(question: Question, code: str, seeds: range) -> list[Judged]:
    """The verdict on an answer under each seed, up to the first that calls it correct."""
    verdicts: list[Judged] = []
    for seed in seeds:
        verdicts.append(_judged(question, code, seed))
        if verdicts[-1].status == "correct":
            break
    return verdicts


def _judged(question: Question, code: str, seed: int) -> Judged:
    namespace, raised = question.run(code)
    if raised:
        return Judged("error")
    verdict = question.judge()(question.id, namespace, seed)
    failed = [p for p in verdict.properties if p.passed is False]
    raw = any(p.detail is not None and _RAW.search(p.detail.render("en")) for p in failed)
    return Judged(str(verdict.status), tuple(p.name for p in failed), not raw)


def arguments(question: Question) -> Arguments:
    """What the answer's functions take and return, as its check calls them."""
    kinds: Arguments = _recorded(question, 1).kinds
    return kinds


def differs(question: Question, code: str) -> str:
    """Where an answer first differs from the right one on recorded calls; empty when nowhere."""
    from synthlab.authoring.probe.calls import difference

    right, other = question.run(question.answer)[0], question.run(code)[0]
    for name in _names(question.answer):
        if not callable(right.get(name)) and repr(right.get(name)) != repr(other.get(name)):
            return f"value of {name}"
    calls = _recorded(question, 1 if question.trains else _COMPARED).calls
    return difference(right, other, calls, once=question.trains)


@cache
def _recorded(question: Question, seeds: int) -> Any:
    from synthlab.authoring.probe.calls import Recorder

    most = 1 if question.trains else 6
    found = Recorder(most)
    for seed in range(seeds):
        namespace, _ = question.run(question.answer)
        own = Recorder(most, kinds=found.kinds)
        own.listen(namespace, _names(question.answer))
        question.judge()(question.id, namespace, _RECORDED + seed)
        found.calls += own.calls
    return found


def _names(answer: str) -> list[str]:
    """What an answer defines at its top."""
    names = []
    for statement in ast.parse(answer).body:
        if isinstance(statement, ast.FunctionDef):
            names.append(statement.name)
        elif isinstance(statement, ast.Assign):
            names += [ast.unparse(target) for target in statement.targets]
    return names


class Bench:
    """Processes that judge one thing after another, each for a limited time.

    Args:
        workers: How many.
        limit: Seconds after which a process is ended, and another takes its place.
    """

    def __init__(self, workers: int, limit: float) -> None:
        self._limit = limit
        self._mine = local()
        self._all: list[BaseProcess] = []
        self._threads = ThreadPoolExecutor(workers)

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)
        for process in self._all:
            process.kill()
            process.join()

    def map(self, task: Callable[..., Any], jobs: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """The results in the order of the jobs; None for one that was ended."""
        return self._threads.map(lambda job: self._do(task, job), jobs)

    def _do(self, task: Callable[..., Any], job: tuple[Any, ...]) -> Any:
        if getattr(self._mine, "process", None) is None:
            self._start()
        process, pipe = self._mine.process, self._mine.pipe
        try:
            pipe.send((task, job))
            if pipe.poll(self._limit):
                done, result = pipe.recv()
                if done:
                    return result
                raise result
        except (EOFError, OSError):  # the process ended itself
            pass
        process.kill()
        process.join()
        self._mine.process = None
        return None

    def _start(self) -> None:
        spawn = multiprocessing.get_context("spawn")  # torch's threads do not survive a fork
        self._mine.pipe, theirs = spawn.Pipe()
        self._mine.process = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        self._mine.process.start()
        theirs.close()
        self._mine.pipe.recv()  # it stands ready, and its time begins
        self._all.append(self._mine.process)


def _serve(pipe: Connection) -> None:
    """Do what comes, one after another."""
    import torch

    torch.set_num_threads(1)
    pipe.send("ready")
    while True:
        try:
            task, job = pipe.recv()
        except EOFError:
            return
        try:
            answer: tuple[bool, Any] = True, task(*job)
        except Exception as error:
            answer = False, RuntimeError(f"{type(error).__name__}: {error}")
        pipe.send(answer)
