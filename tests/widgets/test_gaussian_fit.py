"""The example widget: it learns, and it is as small as the guide says."""

from __future__ import annotations

from pathlib import Path

import pytest
import synthlab_widgets
from synthlab_widgets import GaussianFit

ROOT = Path(__file__).parents[2]


def test_it_learns_its_data():
    fit = GaussianFit(language="en")
    fit.run(400)
    values = fit._live.keyframe().values
    # 64 points a step at a learning rate of .05 average over some 20 steps, 1280 points: the mean
    # wanders by 0.5 / sqrt(1280) = .014, the std by .01. Five times that is plenty.
    assert values["mean"] == pytest.approx(1.0, abs=0.07)
    assert values["std"] == pytest.approx(0.5, abs=0.05)
    assert values["floor"] == pytest.approx(0.7258, abs=1e-4)
    fit.rewind(3)
    assert fit._live.keyframe().step == 3
    fit.close()


def test_it_leaves_a_picture_and_words():
    fit = GaussianFit(language="ar")
    frame = fit._live.keyframe()
    assert len(fit._draw(frame)) < 60_000
    assert fit._describe(frame).startswith("الخطوة 0")
    fit.close()


def test_it_is_as_small_as_an_example_should_be():
    package = Path(synthlab_widgets.__file__).parent
    script = ROOT / "widgets/js/src/gaussian_fit/index.ts"
    files = [*(package / "gaussian_fit").glob("*.py")]
    code = [line for file in files for line in file.read_text().splitlines()]
    assert len(code) < 100
    assert len(script.read_text().splitlines()) < 150
