"""The checks of every unit judge right answers right, known wrong ones wrong, and say why."""

from __future__ import annotations

import pytest

from synthlab import manifest
from synthlab.authoring.source import read_source
from synthlab.checks.registry import find
from synthlab.checks.run import evaluate
from synthlab.checks.verdict import Status

SOURCES = {unit.id: read_source(unit) for unit in manifest.load().units}
AUTOMATIC = [q.id for source in SOURCES.values() for q in source.unit.questions if q.automatic]
PREDICTIONS = {
    q.id for source in SOURCES.values() for q in source.unit.questions if q.kind == "prediction"
}
#: Those that train or test for seconds, which a rate of false fails of 1e-4 tells: one seed each
#: here, 300 in `python -m benchmarks pipeline`.
PIPELINES = [id for id in AUTOMATIC if find(id).false_fail >= 1e-4]
CHEAP = [id for id in AUTOMATIC if id not in PIPELINES]


def known(question):
    return SOURCES[question.partition(".")[0]].questions[question]


def namespace(question, answer):
    """What the learner's kernel holds when the check runs, with this answer in its cell."""
    names = {"__name__": "__main__"}
    for cell in SOURCES[question.partition(".")[0]].program(question, answer):
        exec(compile(cell, "<cell>", "exec"), names)
    return names


def failed(verdict):
    return {p.name: p.detail.render("en") for p in verdict.properties if p.passed is False}


def right(questions):
    for id in questions:
        yield pytest.param(id, known(id).answer, id=f"{id}:answer")
        for variant in known(id).alternatives:
            yield pytest.param(id, variant.code, id=f"{id}:{variant.name}")


def wrong(questions):
    for id in questions:
        for variant in known(id).mistakes:
            yield pytest.param(id, variant, id=f"{id}:{variant.name}")


@pytest.mark.parametrize(("question", "answer"), right(CHEAP))
def test_right_answers_pass_on_every_seed(question, answer):
    names = namespace(question, answer)
    for seed in range(50 if answer == known(question).answer else 10):
        verdict = evaluate(question, names, seed)
        assert verdict.status is Status.CORRECT, (seed, failed(verdict), verdict.summary)


@pytest.mark.parametrize(("question", "answer"), right(PIPELINES))
def test_right_pipelines_pass(question, answer):
    verdict = evaluate(question, namespace(question, answer), 0)
    assert verdict.status is Status.CORRECT, (failed(verdict), verdict.summary)


@pytest.mark.parametrize(("question", "mistake"), wrong(CHEAP))
def test_known_mistakes_fail_for_their_own_reason(question, mistake):
    names = namespace(question, mistake.code)
    for seed in range(5):
        verdict = evaluate(question, names, seed)
        assert verdict.status in (Status.PARTIAL, Status.INCORRECT), (seed, verdict.summary)
        assert set(mistake.fails) <= set(failed(verdict)), (seed, failed(verdict))


@pytest.mark.parametrize(("question", "mistake"), wrong(PIPELINES))
def test_known_wrong_pipelines_fail_for_their_own_reason(question, mistake):
    verdict = evaluate(question, namespace(question, mistake.code), 0)
    assert verdict.status in (Status.PARTIAL, Status.INCORRECT), verdict.summary
    assert set(mistake.fails) <= set(failed(verdict)), failed(verdict)


@pytest.mark.parametrize("question", AUTOMATIC)
def test_stubs_are_not_attempted(question):
    verdict = evaluate(question, namespace(question, known(question).stub), 0)
    assert verdict.status is Status.NOT_ATTEMPTED
    assert verdict.points(3) == 0


@pytest.mark.parametrize("question", sorted(set(AUTOMATIC) - PREDICTIONS))
def test_every_question_is_proven_from_both_sides(question):
    assert len(known(question).mistakes) >= 3
    assert len(known(question).alternatives) >= 2
    declared = {p.name for p in find(question).properties}
    named = {name for mistake in known(question).mistakes for name in mistake.fails}
    assert named <= declared
