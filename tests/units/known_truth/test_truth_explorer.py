"""TruthExplorer without a browser: what a frame says is what the experiment is."""

from __future__ import annotations

import numpy as np
import pytest
from synthlab_widgets import TruthExplorer

from synthlab.errors import SynthlabError
from synthlab.experiments.density import DensityExperiment, DensitySettings


@pytest.fixture
def explorer():
    made = TruthExplorer("ring", model="histogram", bins=24, language="en")
    yield made
    made.close()


def frame(explorer):
    return explorer._live.keyframe()


def test_a_frame_says_what_the_experiment_is(explorer):
    explorer.run(5)
    twin = DensityExperiment(DensitySettings(source="ring", bins=24))
    losses = [twin.advance().losses for _ in range(5)]
    seen = frame(explorer)
    assert seen.values["n"] == 500
    assert seen.values["floor"] == pytest.approx(twin.source.entropy)
    assert seen.values["gap"] == pytest.approx(losses[-1]["held_out"] - losses[-1]["train"])
    assert seen.arrays["loss:held_out"][-1, 1] == pytest.approx(losses[-1]["held_out"], rel=1e-6)
    excess = seen.values["excess"]
    assert excess["low"] < excess["value"] < excess["high"]
    # paired on 2,000 samples, so not the NLL minus the entropy to the digit, but near
    assert excess["value"] == pytest.approx(losses[-1]["held_out"] - twin.source.entropy, abs=0.2)


def test_before_the_first_sample_nothing_is_claimed(explorer):
    start = frame(explorer)
    assert (start.values["n"], start.values["excess"], start.values["gap"]) == (0, None, None)
    assert len(start.arrays["train"]) == len(start.arrays["fake"]) == 0
    assert explorer._describe(start).startswith("Step 0: the histogram has seen no samples yet.")


def test_the_colour_shows_what_was_asked_for(explorer):
    explorer.run(3)
    fields = {}
    for shown in ("model", "truth", "difference"):
        explorer.set("shown", shown)
        fields[shown] = frame(explorer).arrays["field"]
        assert fields[shown].dtype == np.uint8
    assert fields["model"].min() >= 128  # never below the line that the plane draws at 127.5
    assert fields["truth"].min() >= 128
    assert fields["difference"].min() < 127 < fields["difference"].max()


def test_layers_that_are_off_send_no_points(explorer):
    explorer.run(2)
    explorer.set("layers", ["fake"])
    seen = frame(explorer)
    assert (len(seen.arrays["train"]), len(seen.arrays["fake"])) == (0, 450)


def test_looking_leaves_no_trace_and_the_past_comes_back(explorer):
    explorer.run(4)
    before = frame(explorer)
    explorer.run(6)
    explorer.rewind(4)
    again = frame(explorer)
    assert again.values == before.values
    for name in before.arrays:
        assert np.array_equal(again.arrays[name], before.arrays[name]), name


def test_another_source_starts_again_and_another_model_does_not(explorer):
    explorer.run(4)
    explorer.set("model", "gaussian")
    assert frame(explorer).step == 4
    explorer.set("source", "grid")
    assert (frame(explorer).step, frame(explorer).values["model"]) == (0, "gaussian")
    explorer.set("drawing", [[0.0, 0.0], [1.0, 1.0]])
    explorer.run(1)
    assert frame(explorer).values["n"] == 100


@pytest.mark.parametrize(
    ("name", "value"),
    [("shown", "colour"), ("bins", 0), ("source", "drawing"), ("layers", ["fack"]), ("nothing", 1)],
)
def test_what_cannot_be_set_is_refused_and_changes_nothing(explorer, name, value):
    explorer.run(1)
    before = frame(explorer).values
    with pytest.raises(SynthlabError):
        explorer.set(name, value)
    assert frame(explorer).values == before


def test_it_leaves_a_picture_and_words_in_arabic():
    made = TruthExplorer(model="mixture", components=4, language="ar")
    made.run(2)
    seen = frame(made)
    assert len(made._draw(seen)) < 60_000
    assert made._describe(seen).startswith("الخطوة 2")
    assert made.direction == "rtl"
    made.close()


def test_it_records(tmp_path):
    made = TruthExplorer(language="en")
    recording = made.record(4, every=2)
    made.save_page(tmp_path / "run.html", recording)
    assert recording.steps == (0, 2, 4)
    assert (tmp_path / "run.html").stat().st_size > 10_000
    made.close()
