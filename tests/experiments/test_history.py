"""The history of losses: exact means, in a bounded number of points."""

from __future__ import annotations

import numpy as np
import pytest

from synthlab.experiments.history import History


def test_few_steps_are_kept_as_they_are():
    history = History(bins=4)
    for step, loss in enumerate([3.0, 1.0, 2.0], start=1):
        history.add(step, {"g": loss})
    np.testing.assert_array_equal(history.series()["g"], [[1, 3], [2, 1], [3, 2]])


@pytest.mark.parametrize("steps", [4, 5, 9, 16, 17, 1000])
def test_bins_double_and_hold_the_means(steps):
    history = History(bins=4)
    for step in range(1, steps + 1):
        history.add(step, {"g": float(step)})
    series = history.series()["g"]
    # The smallest power of two with which four bins reach the last step.
    width = next(w for w in (2**k for k in range(20)) if 4 * w >= steps)
    assert history.width == width
    assert len(series) == -(-steps // width)
    for k, (middle, mean) in enumerate(series):
        inside = range(k * width + 1, min((k + 1) * width, steps) + 1)
        assert mean == np.mean(inside)  # small integers: exact in float32
        assert middle == k * width + (width + 1) / 2


def test_a_loss_that_is_missing_in_some_steps_keeps_its_own_count():
    history = History(bins=2)
    history.add(1, {"d": 1.0, "g": 10.0})
    history.add(2, {"d": 3.0})
    history.add(3, {"d": 5.0})  # bins double: steps 1 and 2 share one
    series = history.series()
    np.testing.assert_array_equal(series["d"], [[1.5, 2], [3.5, 5]])
    np.testing.assert_array_equal(series["g"], [[1.5, 10]])


def test_numbers_that_come_every_so_many_steps():
    history = History(bins=2, first=0, every=20)
    for step in (0, 20, 40):
        history.add(step, {"modes": float(step)})
    # Two numbers a bin: steps 0 and 20 have the middle 10 and the mean 10, step 40 is alone in
    # the bin of 40 and 60.
    np.testing.assert_array_equal(history.series()["modes"], [[10, 10], [50, 40]])


def test_a_copy_goes_its_own_way():
    history = History(bins=2)
    history.add(1, {"g": 1.0})
    other = history.copy()
    other.add(2, {"g": 5.0})
    np.testing.assert_array_equal(history.series()["g"], [[1, 1]])
    np.testing.assert_array_equal(other.series()["g"], [[1, 1], [2, 5]])
