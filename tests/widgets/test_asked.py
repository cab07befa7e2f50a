"""Predict and Quiz: nothing given away before the answer, and the answer kept."""

from __future__ import annotations

import json

import numpy as np
import pytest
from synthlab_widgets import Predict, Quiz

from synthlab.errors import SynthlabError
from synthlab.progress import FOLDER, Progress


@pytest.fixture
def kept(tmp_path, monkeypatch):
    for name in ("NBGRADER_EXECUTION", "SYNTHLAB_NO_PROGRESS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / FOLDER).mkdir()
    monkeypatch.chdir(tmp_path)
    return Progress(tmp_path)


def page(widget):
    """Everything that the browser gets."""
    return json.dumps({name: getattr(widget, name) for name in ("item", "state", "words")})


def test_the_page_gets_neither_what_is_right_nor_why_before_the_answer(kept):
    quiz = Quiz("gan.logits", language="en")
    assert "clearer the signal" not in page(quiz)
    assert 'right": true' not in page(quiz)
    quiz.commit(1)
    assert quiz.state["right"] is True
    assert "clearer the signal" in page(quiz)


def test_an_order_starts_from_another_one_than_the_right(kept):
    start = Quiz("gan.step").item["start"]
    assert sorted(start) == [0, 1, 2, 3, 4] != start
    assert Quiz("gan.step").item["start"] == start


def test_a_prediction_comes_before_its_result(kept):
    predict = Predict("gan.modes", 7, language="en")
    assert predict.state["result"] is None
    predict._hear(predict, {"commit": 5}, [])  # what the page sends
    assert (predict.state["answer"], predict.state["result"]) == (5, 7)
    assert predict.answer == 5


def test_an_answer_is_kept_and_comes_back_with_the_next_kernel(kept):
    Predict("gan.modes").commit(5)
    assert kept.read().answers["gan.modes"].value == 5
    again = Predict("gan.modes", 8)
    assert (again.state["answer"], again.state["result"]) == (5, 8)


def test_what_is_no_answer_is_told_on_the_page_and_kept_nowhere(kept):
    predict = Predict("gan.modes")
    predict._hear(predict, {"commit": 99}, [])
    assert predict.state["problem"]
    assert predict.state["answer"] is None
    assert kept.read().answers == {}
    with pytest.raises(SynthlabError, match=r"no answer to 'gan\.modes'"):
        predict.commit("five")


def test_a_kernel_that_grades_keeps_no_answer(kept, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    Predict("gan.modes").commit(5)
    assert not kept.file.exists()


def test_a_curve_takes_a_function_or_its_values(kept):
    best = Predict("gan.best", lambda x: 1 / (1 + np.exp(-2 * x)))
    best.commit([0.5] * 33)
    assert best.state["result"][16] == pytest.approx(0.5)
    assert best.state["result"] == pytest.approx(sorted(best.state["result"]))
    with pytest.raises(SynthlabError, match="33 finite values"):
        Predict("gan.best", [1, 2, 3])
    with pytest.raises(SynthlabError, match="index of one of its options"):
        Predict("gan.opinion", 7)


def test_each_speaks_its_language(kept):
    quiz = Quiz("gan.logits", language="ar")
    assert (quiz.language, quiz.direction) == ("ar", "rtl")
    assert quiz.words["answer"] == "أجب"
    assert quiz.item["options"] != Quiz("gan.logits", language="en").item["options"]
    assert repr(Predict("gan.modes", language="ar")).startswith("كم")  # what an exported page shows


def test_a_widget_shows_its_own_kinds_alone(kept):
    with pytest.raises(SynthlabError, match="asks nothing of the kind"):
        Quiz("gan.modes")
    with pytest.raises(SynthlabError, match="asks nothing of the kind"):
        Predict("gan.logits")
