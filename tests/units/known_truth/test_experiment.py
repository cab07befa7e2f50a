"""Density experiments: more samples, better fits, and the same way again."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from synthlab.data import Drawing
from synthlab.errors import SynthlabError
from synthlab.experiments import Timeline, replay, write
from synthlab.experiments.density import (
    HELD_OUT,
    MODELS,
    MOST,
    DensityExperiment,
    DensitySettings,
)
from synthlab.experiments.sources import SOURCES


def advanced(steps, **settings):
    experiment = DensityExperiment(DensitySettings(**settings))
    return experiment, [experiment.advance().losses for _ in range(steps)]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("source", SOURCES)
def test_every_model_learns_every_source(source, model):
    experiment, losses = advanced(5, source=source, model=model)
    assert experiment.run.seen == 500
    assert all(math.isfinite(v) for step in losses for v in step.values())
    # The floor holds for the expectation; five standard errors for 2,000 held-out samples.
    nll = -experiment.model.log_prob(experiment.run.held_out)
    slack = 5 * float(nll.std()) / HELD_OUT**0.5
    assert losses[-1]["held_out"] > experiment.source.entropy - slack


def test_a_histogram_of_many_bins_overfits_and_recovers():
    experiment, losses = advanced(100, bins=128)
    gaps = [step["held_out"] - step["train"] for step in losses]
    assert losses[4]["train"] < experiment.source.entropy  # better than the truth: by heart
    assert gaps[4] > 1 > gaps[-1] > 0
    assert losses[-1]["held_out"] < losses[4]["held_out"]


def test_held_out_samples_are_no_training_samples():
    experiment, _ = advanced(20, seed=3)
    both = torch.cat((experiment.run.samples, experiment.run.held_out))
    assert len(both.unique(dim=0)) == len(both)


def test_the_same_seed_goes_the_same_way_and_back():
    timeline = Timeline(DensityExperiment(DensitySettings(model="mixture")))
    losses = [timeline.advance().losses for _ in range(30)]
    timeline.rewind(3)
    assert timeline.subject.run.seen == 300
    assert timeline.advance().losses == losses[3]
    assert advanced(30, model="mixture")[1] == losses


def test_a_model_that_is_chosen_again_at_a_step_is_fitted_anew_whenever_that_is_repeated():
    timeline = Timeline(DensityExperiment(DensitySettings(model="mixture")))
    for _ in range(30):
        timeline.advance()
    timeline.set("model", "gaussian")
    timeline.set("model", "mixture")
    losses = timeline.advance().losses
    timeline.rewind(30)
    assert timeline.advance().losses == losses
    again = replay(write(timeline)).losses.series()["train"]
    assert again[-1, 1] == np.float32(losses["train"])


def test_a_text_leads_to_the_same_numbers():
    timeline = Timeline(DensityExperiment(DensitySettings(source="ring", bins=8)))
    for _ in range(4):
        timeline.advance()
    timeline.set("model", "mixture")
    timeline.set("batch", 50)
    timeline.advance()
    text = write(timeline)
    assert text == "density/1 source=ring bins=8 | 4 model=mixture batch=50 1"
    assert replay(text).advance().losses == timeline.advance().losses


def test_another_model_is_fitted_to_the_same_samples():
    timeline = Timeline(DensityExperiment(DensitySettings(bins=8)))
    for _ in range(5):
        timeline.advance()
    samples = timeline.subject.run.samples
    for name, value in (("model", "gaussian"), ("model", "mixture"), ("components", 3)):
        timeline.set(name, value)
        assert torch.equal(timeline.subject.run.samples, samples)
        assert math.isfinite(float(timeline.subject.model.log_prob(samples).mean()))
    assert len(timeline.subject.model.means) == 3
    timeline.advance()
    timeline.rewind(2)
    assert timeline.subject.settings.model == "histogram"
    timeline.rewind(6)
    assert timeline.subject.settings.components == 3


def test_it_stops_drawing_when_there_is_enough():
    experiment, _ = advanced(12, batch=2000)
    assert experiment.run.seen == MOST


def test_a_drawing_is_a_source():
    text = Drawing([[0.0, 1.0], [1.0, 0.0]]).text
    experiment, _ = advanced(2, source=f"drawing:{text}")
    assert experiment.settings.values()["source"] == "drawing"
    assert experiment.branch().advance().losses == experiment.advance().losses


@pytest.mark.parametrize(
    "wrong",
    [{"source": "moon"}, {"model": "net"}, {"bins": 0}, {"batch": 1}, {"components": 2.5}],
)
def test_bad_settings_get_a_sentence(wrong):
    with pytest.raises(SynthlabError):
        DensitySettings(**wrong)
    with pytest.raises(SynthlabError):
        DensitySettings().changed("noise", 3)
