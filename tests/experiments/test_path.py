"""Paths: what was done, as a line of words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthlab.errors import SynthlabError
from synthlab.experiments.path import MOST_STEPS, Change, Path, initials

ACTS = st.lists(
    st.one_of(
        st.just(("step", "")),
        st.just(("step", "D")),
        st.just(("step", "G")),
        st.tuples(st.just("set"), st.sampled_from(["g_lr=0.1", "g_lr=0.2", "loss=minimax"])),
    ),
    max_size=30,
)


def made(acts) -> Path:
    path = Path()
    for kind, what in acts:
        path = path.stepped(what) if kind == "step" else path.changed(*what.split("="))
    return path


@given(ACTS)
def test_a_path_is_read_as_it_was_written(acts):
    path = made(acts)
    assert Path.parse(str(path)) == path
    assert path.steps == sum(kind == "step" for kind, _ in acts)


@given(ACTS, st.data())
def test_the_way_there_and_the_rest_are_the_whole(acts, data):
    path = made(acts)
    at = data.draw(st.integers(0, path.steps))
    assert path.upto(at).steps == at
    assert path.upto(path.steps) == path
    start = [*path.upto(at).between(-1, at)]
    rest = [*path.between(at, path.steps)]
    assert [*path.between(-1, path.steps)] == start + rest


def test_a_change_belongs_to_the_state_at_its_step():
    path = Path.parse("10 g_lr=0.1 5")
    assert str(path.upto(10)) == "10 g_lr=0.1"
    assert str(path.upto(9)) == "9"
    assert [*path.between(10, 11)] == [""]
    assert [*path.between(9, 10)] == ["", Change("g_lr", "0.1")]


@pytest.mark.parametrize(
    ("one", "other", "step"),
    [("10", "10", 10), ("10 g_lr=0.1 5", "15", 10), ("3 D2", "3 G2", 3), ("", "4", 0)],
)
def test_twins_share_their_way_up_to_a_step(one, other, step):
    assert Path.parse(one).shared(Path.parse(other)) == step
    assert Path.parse(other).shared(Path.parse(one)) == step


def test_changes_of_a_setting_at_a_step_leave_the_way_to_the_last():
    path = Path.parse("4 a=0")
    for name, value in (("a", "1"), ("b", "7"), ("a", "1"), ("a", "2"), ("a", "2"), ("a", "1")):
        path = path.changed(name, value)
    assert str(path) == "4 b=7 a=2 a=1"


@pytest.mark.parametrize(
    "parts",
    [
        ["gen", "generator"],
        ["g", "G"],
        ["net_d", "net_g"],
        ["مولد", "مميز"],
        [*map(str, range(30))],
    ],
)
def test_parts_have_letters_of_their_own_that_a_text_tells(parts):
    letters = initials(parts)
    assert len(set(letters.values())) == len(parts) == len(letters)
    for letter in letters.values():
        assert Path.parse(f"{letter}3").acts[0].part == letter


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10 x5", "x5 is no part of a path"),
        ("=3", "=3 is no part"),
        ("-4", "-4 is no part"),
        ("9999999", f"at most {MOST_STEPS} steps"),
    ],
)
def test_other_texts_are_refused_in_a_sentence(text, sentence):
    with pytest.raises(SynthlabError, match=sentence):
        Path.parse(text)
