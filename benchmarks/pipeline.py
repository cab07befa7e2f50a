"""Graded training: the rate at which right answers get full marks, and the seconds of a verdict.

Every question of kind ``pipeline`` is judged, as a grader judges it, on many seeds: with its
answer and with each alternative. A right answer must never fail, so the goal is 1.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

import torch

from benchmarks._report import Row, row, share
from synthlab.authoring import proof
from synthlab.authoring.source import read_source
from synthlab.errors import unknown
from synthlab.manifest import load


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--question``, ``--answer``, ``--seeds``, ``--first`` and ``--workers``."""
    parser.add_argument("--question", metavar="ID", help="this one alone, of whatever kind")
    parser.add_argument("--answer", metavar="NAME", help="'answer' or an alternative's name alone")
    parser.add_argument("--seeds", type=int, default=5, help="seeds for each answer; record 300")
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--workers", type=int, default=1, help="processes that judge at once")


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """Yield the pass rate and the seconds of each answer."""
    seeds = range(options.first, options.first + options.seeds)
    spawn = multiprocessing.get_context("spawn")  # torch's threads do not survive a fork
    with ProcessPoolExecutor(options.workers, spawn, share_cores, (options.workers,)) as workers:
        for question in [options.question] if options.question else pipelines():
            for name in chosen(question, options.answer):
                judged = list(workers.map(partial(judge, question, name), seeds))
                lost = [reason for reason, _ in judged if reason]
                title, n = f"{question}, {name}", len(judged)
                note = "; ".join(lost)
                yield share(f"{title}: full marks", n - len(lost), n, at_least=1, note=note)
                yield row(f"{title}: verdict", [seconds for _, seconds in judged], "s")


def share_cores(workers: int) -> None:
    """Keep the workers from fighting for the cores."""
    torch.set_num_threads(max(1, torch.get_num_threads() // workers))


def pipelines() -> list[str]:
    """The ids of the questions that train something."""
    return [q.id for unit in load().units for q in unit.questions if q.kind == "pipeline"]


def chosen(question: str, name: str | None) -> list[str]:
    """The names of the right answers to judge: all of them, or the one that was asked for."""
    names = list(answers(question))
    if name is None:
        return names
    if name not in names:
        raise unknown(
            "There is no right answer to {question} called {name}.", name, names, question=question
        )
    return [name]


@cache
def answers(question: str) -> dict[str, proof.Case]:
    """The right answers of a question by name."""
    load().question(question)
    source = read_source(question.partition(".")[0])
    right = [case for case in proof.cases(source) if case.role in ("answer", "alternative")]
    return {case.variant.name: case for case in right if case.question == question}


@cache
def ran(question: str, name: str) -> proof.Ran:
    """What a learner with this answer has defined when the check runs."""
    return answers(question)[name].run()


def judge(question: str, name: str, seed: int) -> tuple[str, float]:
    """Judge one answer under one seed: what does not hold (empty is right), and the seconds."""
    before = ran(question, name)
    start = time.perf_counter()
    complaint = answers(question)[name].judge(before, proof.default_judge(), seed)
    return complaint, time.perf_counter() - start
