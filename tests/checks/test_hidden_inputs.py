"""No graded verdict shows an input that the judge drew.

Everything numeric that a check sends to the learner's side is recorded, for every known mistake of
every unit. A number of four digits may equal one of thousands of inputs by chance. So a place in a
verdict leaks when it shows an input of its own run on each of eight seeds, and seldom one of the
other runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import numpy as np
import pytest

from synthlab import manifest
from synthlab.authoring.proof import run
from synthlab.authoring.source import read_source
from synthlab.checks import proxy, render
from synthlab.checks.faults import ErrorReport
from synthlab.checks.run import evaluate
from synthlab.checks.verdict import Status, Verdict
from synthlab.grading.judging.redaction import digits, redact
from synthlab.words import Text

SEEDS = 8
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)

MARKUP = re.compile("<style>.*?</style>|<[^>]*>")

SOURCES = {unit.id: read_source(unit.id) for unit in manifest.load().units}


def mistakes() -> Iterator[object]:
    for unit in manifest.load().units:
        for question in (q.id for q in unit.questions if q.automatic):
            for i, mistake in enumerate(SOURCES[unit.id].questions[question].mistakes):
                marks = pytest.mark.full if i else ()  # the others judge one check once more
                name = f"{question}:{mistake.name}"
                yield pytest.param(question, mistake.code, id=name, marks=marks)


def numbers_in(value: object) -> Iterator[float]:
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "fiu":
            yield from value.ravel().tolist()
    elif isinstance(value, (int, float, np.number)) and not isinstance(value, bool):
        yield float(value)
    elif isinstance(value, (dict, list, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from numbers_in(item)


class Run:
    """One verdict, and the telling numbers that its check sent to the learner's side."""

    def __init__(self, question: str, code: str, seed: int) -> None:
        names, _ = run(SOURCES[question.partition(".")[0]].program(question, code), question)
        sent: list[float] = []
        with pytest.MonkeyPatch.context() as patch:
            request = proxy.Session.request

            def recording(session: proxy.Session, **what: object) -> object:
                sent.extend(numbers_in(what))
                return request(session, **what)

            patch.setattr(proxy.Session, "request", recording)
            self.verdict = redact(evaluate(question, names, seed))
        assert sent, "the check asked nothing"
        self.sent = {abs(x) for x in sent if np.isfinite(x) and digits(repr(abs(x))) >= 4}
        self._rounded: dict[int, set[str]] = {}

    def shows(self, text: str, of: Run) -> bool:
        """Whether a number in a text is an input ``of`` a run, to four digits or more.

        One of two or three digits may be one of four whose last are 0, and so are not written.
        """
        return any(
            f"{abs(float(found)):g}" in of.rounded(4)
            if digits(found) < 4
            else f"{abs(float(found)):.{digits(found)}g}" in of.rounded(digits(found))
            for found in NUMBER.findall(text)
            if digits(found) >= 2
        )

    def rounded(self, count: int) -> set[str]:
        if count not in self._rounded:
            self._rounded[count] = {f"{x:.{count}g}" for x in self.sent}
        return self._rounded[count]


def places(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text and number in a verdict's data, with the way to it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, f"{path}/{key}")
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from places(item, f"{path}/{i}")
    else:
        yield path, str(value)


def leaking(question: str, code: str) -> set[str]:
    """The places of a verdict that show an input of its own run, whatever the seed."""
    runs: list[Run] = []
    suspects: set[str] | None = None
    while len(runs) < SEEDS and suspects != set():
        run = Run(question, code, len(runs))
        shown = {p for p, text in places(run.verdict.to_dict()) if run.shows(text, run)}
        suspects = shown if suspects is None else suspects & shown
        runs.append(run)
        # The page and the text say nothing beyond the data and the points.
        known = " ".join(text for _, text in places(run.verdict.to_dict()))
        for page in (
            run.verdict.text("en"),
            MARKUP.sub(" ", render.html(run.verdict, "en")),
        ):
            assert {n for n in NUMBER.findall(page) if digits(n) >= 4} <= set(NUMBER.findall(known))
    by_chance = {
        place: np.mean(
            [a.shows(dict(places(a.verdict.to_dict()))[place], b) for a in runs for b in runs[1:]]
        )
        for place in suspects or ()
    }
    return {place for place, rate in by_chance.items() if rate < 0.5}


@pytest.mark.parametrize(("question", "code"), mistakes())
def test_no_known_mistake_is_shown_a_hidden_input(question, code):
    assert leaking(question, code) == set()


def test_a_leak_would_be_seen(registry):
    from synthlab.checks.core import Property, check
    from synthlab.checks.properties import holds

    @check(
        "known-truth.p_value",
        target="classifier_p_value",
        properties=[Property("p", 1, goal="g", nudge="n", method="m")],
    )
    def leaky(student, rng):
        x = float(rng.normal())
        student(x)
        yield holds("p", False, "You were given {x}.", x=x)

    code = "def classifier_p_value(x):\n    return x"
    assert leaking("known-truth.p_value", code) == {"/properties/0/detail/params/x"}


def test_what_the_students_code_says_keeps_its_words_and_loses_its_numbers():
    error = ErrorReport("ValueError", "bad input 0.12345 of shape (64, 2)", "f", 3, "raise x")
    summary = Text("{type}: {message}", {"type": "ValueError", "message": error.message})
    verdict = Verdict(
        "gan.ring", Status.ERROR, 0.0, (), summary, error, "x = -1.2345e-05, step 20\n", seed=7
    )
    shown = redact(verdict)
    assert shown.seed == 0
    assert shown.printed == "x = …, step 20\n"
    assert shown.error is not None
    assert shown.error.message == "bad input … of shape (64, 2)"
    assert (shown.error.line, shown.error.source) == (3, "raise x")
    assert "0.12345" not in json.dumps(shown.to_dict()) + shown.text("en") + render.html(
        shown, "en"
    )
    assert redact(shown) == shown
