"""The example of images: it learns each pixel's levels, and is as small as GaussianFit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import synthlab_widgets
from synthlab_widgets import DigitsHistogram

from synthlab.data import Digits

VIEWS = Path(__file__).parents[2] / "widgets/js/src"


@pytest.fixture
def histogram():
    widget = DigitsHistogram(language="ar")
    yield widget
    widget.close()


def test_its_loss_comes_down_to_what_independent_pixels_can(histogram):
    first = histogram.run(1)
    # Before the first image every level is as likely: 64 pixels of log 17 nats.
    assert first.losses["nll"] == pytest.approx(64 * np.log(17))
    histogram.run(600)
    frame = histogram._live.keyframe()
    last = frame.arrays["loss:nll"][-20:, 1].mean()
    # The entropy of every pixel's levels among the images to train on, by numpy.
    x = Digits().split().train.x.numpy().reshape(-1, 64)
    share = np.stack([(x == level).mean(0) for level in range(17)])
    entropy = -np.sum(share * np.log(share, where=share > 0, out=np.zeros_like(share)))
    assert frame.values["floor"] == pytest.approx(entropy)
    # 16 images of a standard deviation of 9 nats, in each of twenty losses: 9 / sqrt(320) = 0.5;
    # having counted n = 9600 images costs 64 * 16 / (2 n) = 0.05 more. Five times that is plenty.
    assert last == pytest.approx(entropy, abs=2.8)


def test_a_frame_has_digits_and_leaves_the_run_as_it_was(histogram):
    one, two = histogram._live.keyframe(), histogram._live.keyframe()
    for name in ("real", "fake"):
        assert (one.arrays[name].shape, one.arrays[name].dtype) == ((32, 1, 8, 8), np.uint8)
        assert one.arrays[name].max() <= 16 == one.values["levels"] - 1
        np.testing.assert_array_equal(one.arrays[name], two.arrays[name])


def test_it_leaves_a_picture_and_words(histogram):
    frame = histogram._live.keyframe()
    assert len(histogram._draw(frame)) < 60_000
    assert histogram._describe(frame).startswith("الخطوة 0")


def test_it_is_no_longer_than_the_smallest_widget():
    def lines(*paths: Path) -> int:
        return sum(len(path.read_text().splitlines()) for path in paths)

    fit, digits = (VIEWS / name / "index.ts" for name in ("gaussian_fit", "digits_histogram"))
    assert lines(digits) <= lines(fit)
    package = Path(synthlab_widgets.__file__).parent
    assert lines(*(package / "digits_histogram").glob("*.py")) < 150
