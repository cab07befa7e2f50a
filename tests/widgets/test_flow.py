"""When a frame may go: not unseen, not too often, not with two under way."""

from __future__ import annotations

import pytest
from synthlab_widgets.flow import ABANDONED, FRAME, PATIENCE, SHARE, SLOW, Flow


def watched(now: float = 0.0) -> Flow:
    flow = Flow()
    flow.appear("a", now)
    return flow


def test_nothing_goes_where_nobody_looks():
    flow = Flow()
    assert flow.delay(0.0) is None
    flow.appear("a", 0.0)
    assert flow.delay(0.0) == 0
    flow.hide("a", 0.0)
    assert flow.delay(9.0) is None
    assert flow.watched  # hidden, yet there
    flow.leave("a")
    assert not flow.watched


def test_frames_keep_time():
    flow = watched()
    flow.sent(1, 0.0)
    flow.painted("a", 1, 0.001)
    assert flow.delay(0.0) == FRAME
    assert flow.delay(FRAME) == 0
    flow.sent(2, 1.25 * FRAME)  # late by a quarter
    flow.painted("a", 2, 1.3 * FRAME)
    assert flow.delay(1.5 * FRAME) == pytest.approx(0.5 * FRAME)  # the next one is not


def test_what_was_missed_is_not_made_up_for_all_at_once():
    flow = watched()
    flow.sent(1, 0.0)
    flow.sent(2, 9 * FRAME)
    flow.painted("a", 2, 9 * FRAME)
    assert flow.delay(9 * FRAME) == pytest.approx(0.5 * FRAME)


def test_one_frame_may_go_unanswered():
    """A browser answers to every second frame: it never waits for a word that does not come."""
    flow, now = watched(), 0.0
    for index in range(1, 20):
        assert flow.delay(now) == 0
        flow.sent(index, now)
        if index % 2:
            flow.painted("a", index, now)
        now += FRAME + 1e-9


def test_costly_frames_leave_most_of_the_time_to_training():
    flow = watched()
    flow.sent(1, 0.0, cost=0.05)
    flow.painted("a", 1, 0.001)
    assert flow.delay(0.0) == 0.05 / SHARE


def test_two_frames_under_way_are_enough():
    flow = watched()
    flow.sent(1, 0.0)
    flow.sent(2, 0.1)
    assert flow.delay(0.2) > 0.7  # PATIENCE after the last word from the browser, at 0.0
    flow.painted("a", 1, 0.2)
    assert flow.delay(0.2) == 0


def test_a_silent_browser_gets_two_frames_a_second():
    flow = watched()
    flow.sent(1, 0.0)
    flow.sent(2, 0.1)
    assert flow.delay(PATIENCE) == 0
    flow.sent(3, PATIENCE)
    assert flow.delay(PATIENCE) == SLOW


def test_a_view_that_comes_back_gets_a_frame_at_once():
    flow = watched()
    flow.sent(1, 0.0)
    flow.sent(2, 0.1)
    flow.hide("a", 0.0)
    flow.appear("a", 0.2)
    assert flow.delay(0.2) == 0


def test_an_acknowledgement_of_a_frame_that_never_went_counts_for_nothing():
    flow = watched()
    flow.sent(1, 0.0)
    flow.painted("a", 99, 0.1)
    flow.sent(2, 0.2)
    flow.sent(3, 0.3)
    assert flow.delay(0.4) > 0.6


def test_views_that_say_nothing_for_long_are_gone():
    flow = watched()
    flow.hide("a", 10.0)
    assert flow.patience(10.0) == ABANDONED
    assert not flow.abandoned(9.9 + ABANDONED)
    flow.painted("a", 0, 20.0)
    assert not flow.abandoned(10.0 + ABANDONED)
    assert flow.abandoned(20.0 + ABANDONED)
    flow.forget()
    assert not flow.watched
    assert not flow.abandoned(1e9)  # nobody is awaited
