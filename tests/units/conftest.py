"""Learners' answers as their own source would make them."""

from __future__ import annotations

import pytest

from synthlab.authoring.proof import run
from synthlab.authoring.source import read_source
from synthlab.checks.run import evaluate


@pytest.fixture
def judge_changed():
    """The verdict on a right answer with some of its code replaced: ``(question, old, new)``."""

    def judge(question, old, new, seed=0):
        source = read_source(question.partition(".")[0])
        code = source.questions[question].answer
        assert old in code, old
        names, raised = run(source.program(question, code.replace(old, new)), question)
        assert not raised, raised
        return evaluate(question, names, seed)

    return judge
