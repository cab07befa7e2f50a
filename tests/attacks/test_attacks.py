"""Every hostile notebook gets what its honest part earned, and none is a dud."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from synthlab import manifest

from .attack import Attack
from .conftest import Ask
from .corpus import ATTACKS, FAMILIES
from .runner import LIMITS, SLACK

QUESTIONS = [q.id for q in manifest.load().unit("gan").questions if q.automatic]
NAMES = list(ATTACKS)


def test_the_corpus_is_large_and_no_two_attacks_are_one() -> None:
    assert len(ATTACKS) >= 60
    every = [attack for family in FAMILIES.values() for attack in family]
    for key in ("id", "mechanism"):
        (most, count), *_ = Counter(getattr(a, key) for a in every).most_common(1)
        assert count == 1, f"two attacks have the {key} {most!r}"
    assert all(a.tries and a.defence for a in every)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("defended", [True], ids=["defended"])
def test_an_attack_earns_what_its_honest_part_earned(
    judged: Ask, name: str, defended: bool
) -> None:
    attack: Attack = ATTACKS[name]
    found = judged(name, defended)
    deserved = {question: attack.deserves.get(question, 0.0) for question in QUESTIONS}
    assert found.points == deserved, found.words
    assert found.graded == (len(QUESTIONS), sum(deserved.values()))
    assert set(found.statuses) == set(QUESTIONS), "every question has a verdict"
    assert not found.succeeded
    assert found.changed == [], "files outside are as they were"
    assert found.left == [], "nothing of the run is left"
    assert found.invalid == "", "nbformat takes the judged notebook"
    limits = {"total": LIMITS.total} | dict(attack.limits)
    assert found.seconds < limits["total"] + SLACK


@pytest.mark.full
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("defended", [False], ids=["undefended"])
def test_an_attack_succeeds_without_its_one_defence(judged: Ask, name: str, defended: bool) -> None:
    found = judged(name, defended)
    if ATTACKS[name].root_only and os.geteuid() != 0:
        assert not found.succeeded, "the system's own rights are a second defence"
    else:
        assert found.succeeded, f"a dud: {found.words} {found.printed[-500:]}"
