"""The whole state of an experiment as one short line that can be shared, and read by a check.

``gan/1 noise=16 beta1=0.9 | 400 g_lr=0.01 200`` names the kind of experiment and what differs from
its defaults, then what was done. Two twins are two such lines with ``||`` between them. The same
line leads to the same numbers, on the same machine and with the same versions; what the learner
wrote alone is ``own`` and has to be there.
"""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path as File
from typing import Any, NamedTuple

from synthlab.errors import SynthlabError
from synthlab.experiments.experiment import KINDS, Experiment
from synthlab.experiments.path import Change, Path
from synthlab.experiments.timeline import Timeline

_TWINS = " || "


class State(NamedTuple):
    """A state as a text tells it: which experiment, how it begins, and what is done to it."""

    experiment: type[Experiment[Any]]
    settings: Any
    path: Path


def write(*timelines: Timeline) -> str:
    """The present state of one timeline of an experiment, or of two twins."""
    lines = []
    for timeline in timelines:
        experiment = timeline.subject
        changes = experiment.start.text_form().items()
        start = " ".join([experiment.kind, *(f"{name}={value}" for name, value in changes)])
        path = str(timeline.here)
        lines.append(f"{start} | {path}" if path else start)
    return _TWINS.join(lines)


def read(text: str, kind: str | None = None) -> list[State]:
    """The states of one run, or of two twins.

    Args:
        text: What `write` wrote.
        kind: The only kind of experiment that it may be; None for any.

    Raises:
        SynthlabError: When the text is no state of an experiment.
    """
    kinds = {kind: KINDS[kind]} if kind is not None else _kinds()
    runs = [_read(line, kinds) for line in text.split(_TWINS.strip())]
    if len(runs) > 2 or (len(runs) == 2 and runs[0].path.steps != runs[1].path.steps):
        raise SynthlabError("A text tells one run, or two twins that are at the same step.")
    return runs


def _read(line: str, kinds: dict[str, type[Experiment[Any]]]) -> State:
    start, _, path = line.partition("|")
    kind, *words = start.split() or [""]
    if kind not in kinds:
        raise SynthlabError(
            "This is not the state of a run: such a text starts with {kind}. Copy it whole.",
            kind=" / ".join(sorted(kinds)),
        )
    settings = kinds[kind].settings_type()
    for act in Path.parse(" ".join(words)).acts:
        if not isinstance(act, Change):
            raise SynthlabError(
                "{word} stands before the | of this text: steps come after it.", word=str(act)
            )
        settings = settings.changed(act.name, act.value)
    return State(kinds[kind], settings, Path.parse(path))


@cache
def _kinds() -> dict[str, type[Experiment[Any]]]:
    """Every experiment by its kind: those of this folder, found by their files."""
    for file in sorted(File(__file__).parent.glob("*.py")):
        importlib.import_module(f"{__package__}.{file.stem}")
    return KINDS


def replay(text: str) -> Timeline:
    """Go through the first run of a text, to its end.

    >>> replay("gan/1 g_width=8 d_width=8 | 3 g_lr=0.01 2").index
    5
    """
    state = read(text)[0]
    timeline = Timeline(state.experiment(state.settings))
    for act in state.path.between(-1, state.path.steps):
        timeline.do(act)
    return timeline
