"""When a frame may go: not unseen, not too often, not with two under way."""

from __future__ import annotations

import pytest
from synthlab_widgets.link import ABANDONED, FRAME, PATIENCE, SHARE, SLOW, Link


def watched(now: float = 0.0) -> Link:
    link = Link()
    link.appear("a", now)
    return link


def test_nothing_goes_where_nobody_looks():
    link = Link()
    assert link.delay(0.0) is None
    link.appear("a", 0.0)
    assert link.delay(0.0) == 0
    link.hide("a", 0.0)
    assert link.delay(9.0) is None
    assert link.watched  # hidden, yet there
    link.leave("a")
    assert not link.watched


def test_frames_keep_time():
    link = watched()
    link.sent(1, 0.0)
    link.painted("a", 1, 0.001)
    assert link.delay(0.0) == FRAME
    assert link.delay(FRAME) == 0
    link.sent(2, 1.25 * FRAME)  # late by a quarter
    link.painted("a", 2, 1.3 * FRAME)
    assert link.delay(1.5 * FRAME) == pytest.approx(0.5 * FRAME)  # the next one is not


def test_what_was_missed_is_not_made_up_for_all_at_once():
    link = watched()
    link.sent(1, 0.0)
    link.sent(2, 9 * FRAME)
    link.painted("a", 2, 9 * FRAME)
    assert link.delay(9 * FRAME) == pytest.approx(0.5 * FRAME)


def test_one_frame_may_go_unanswered():
    """A browser answers to every second frame: it never waits for a word that does not come."""
    link, now = watched(), 0.0
    for index in range(1, 20):
        assert link.delay(now) == 0
        link.sent(index, now)
        if index % 2:
            link.painted("a", index, now)
        now += FRAME + 1e-9


def test_costly_frames_leave_most_of_the_time_to_training():
    link = watched()
    link.sent(1, 0.0, cost=0.05)
    link.painted("a", 1, 0.001)
    assert link.delay(0.0) == 0.05 / SHARE


def test_two_frames_under_way_are_enough():
    link = watched()
    link.sent(1, 0.0)
    link.sent(2, 0.1)
    assert link.delay(0.2) > 0.7  # PATIENCE after the last word from the browser, at 0.0
    link.painted("a", 1, 0.2)
    assert link.delay(0.2) == 0


def test_a_silent_browser_gets_two_frames_a_second():
    link = watched()
    link.sent(1, 0.0)
    link.sent(2, 0.1)
    assert link.delay(PATIENCE) == 0
    link.sent(3, PATIENCE)
    assert link.delay(PATIENCE) == SLOW


def test_a_view_that_comes_back_gets_a_frame_at_once():
    link = watched()
    link.sent(1, 0.0)
    link.sent(2, 0.1)
    link.hide("a", 0.0)
    link.appear("a", 0.2)
    assert link.delay(0.2) == 0


def test_an_acknowledgement_of_a_frame_that_never_went_counts_for_nothing():
    link = watched()
    link.sent(1, 0.0)
    link.painted("a", 99, 0.1)
    link.sent(2, 0.2)
    link.sent(3, 0.3)
    assert link.delay(0.4) > 0.6


def test_views_that_say_nothing_for_long_are_gone():
    link = watched()
    link.hide("a", 10.0)
    assert link.patience(10.0) == ABANDONED
    assert not link.abandoned(9.9 + ABANDONED)
    link.painted("a", 0, 20.0)
    assert not link.abandoned(10.0 + ABANDONED)
    assert link.abandoned(20.0 + ABANDONED)
    link.forget()
    assert not link.watched
    assert not link.abandoned(1e9)  # nobody is awaited
