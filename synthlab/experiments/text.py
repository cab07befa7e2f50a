"""The whole state of an experiment as one short line that can be shared, and read by a check.

``gan/1 noise=16 beta1=0.9 | 400 g_lr=0.01 200`` names what differs from the defaults, then what
was done. Two twins are two such lines with ``||`` between them. The same line leads to the same
numbers, on the same machine and with the same versions; what the learner wrote alone is ``own``
and has to be there.
"""

from __future__ import annotations

from synthlab.errors import SynthlabError
from synthlab.experiments.gan import GANExperiment
from synthlab.experiments.path import Change, Path
from synthlab.experiments.settings import GANSettings
from synthlab.experiments.timeline import Timeline

_KIND = "gan/1"
_TWINS = " || "


def write(*timelines: Timeline) -> str:
    """The present state of one timeline of a `GANExperiment`, or of two twins."""
    lines = []
    for timeline in timelines:
        told = timeline.subject.start.told()
        start = " ".join([_KIND, *(f"{name}={value}" for name, value in told.items())])
        path = str(timeline.here)
        lines.append(f"{start} | {path}" if path else start)
    return _TWINS.join(lines)


def read(text: str) -> list[tuple[GANSettings, Path]]:
    """How each experiment of a text begins, and what is done to it.

    Raises:
        SynthlabError: When the text is not a state of a GAN experiment.
    """
    runs = [_read(line) for line in text.split(_TWINS.strip())]
    if len(runs) > 2 or (len(runs) == 2 and runs[0][1].steps != runs[1][1].steps):
        raise SynthlabError("A text tells one run, or two twins that are at the same step.")
    return runs


def _read(line: str) -> tuple[GANSettings, Path]:
    start, _, path = line.partition("|")
    kind, *words = start.split() or [""]
    if kind != _KIND:
        raise SynthlabError(
            "This is not the state of a GAN: such a text starts with {kind}. Copy it whole.",
            kind=_KIND,
        )
    changes = Path.parse(" ".join(words)).acts
    settings = GANSettings()
    for act in changes:
        if not isinstance(act, Change):
            raise SynthlabError(
                "{word} stands before the | of this text: steps come after it.", word=str(act)
            )
        settings = settings.changed(act.name, act.value)
    return settings, Path.parse(path)


def replay(text: str) -> Timeline:
    """Go through the first run of a text, to its end.

    >>> replay("gan/1 g_width=8 d_width=8 | 3 g_lr=0.01 2").index
    5
    """
    settings, path = read(text)[0]
    timeline = Timeline(GANExperiment(settings))
    for act in path.between(-1, path.steps):
        if isinstance(act, Change):
            timeline.set(act.name, act.value)
        else:
            timeline.advance(None if act is None else (act,))
    return timeline
