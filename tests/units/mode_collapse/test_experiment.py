"""Cures in training: one configuration, one seed, and the same way again."""

from __future__ import annotations

import pytest
import torch

from synthlab.data import Grid, Ring
from synthlab.errors import SynthlabError
from synthlab.experiments import Timeline, replay, write
from synthlab.experiments.collapse import CollapseSettings, CureExperiment
from synthlab.models.cures import CURES


def test_the_settings_decide_source_noise_and_seed():
    experiment = CureExperiment(CollapseSettings("grid", "16", 7))
    assert isinstance(experiment.source, Grid)
    assert isinstance(CureExperiment(CollapseSettings()).source, Ring)
    assert experiment.model.noise_dim == 16
    twin = CURES["vanilla"].build(seed=7, noise_dim=16).state_dict()
    for name, weight in experiment.model.state_dict().items():
        assert torch.equal(weight, twin[name])


def test_a_text_leads_to_the_same_numbers():
    timeline = Timeline(CureExperiment(CollapseSettings("grid", "16", 7, "pacgan")))
    losses = [timeline.advance().losses for _ in range(3)]
    text = write(timeline)
    assert text == "collapse/1 source=grid noise=16 seed=7 cure=pacgan | 3"
    again = replay(text)
    assert again.subject.settings == timeline.subject.settings
    assert again.advance().losses == timeline.advance().losses
    again.rewind(0)
    assert [again.advance().losses for _ in range(3)] == losses


@pytest.mark.parametrize("cure", CURES)
def test_a_branch_goes_the_same_way_and_leaves_the_run_alone(cure):
    experiment = CureExperiment(CollapseSettings(noise="16", cure=cure))
    for _ in range(3):
        experiment.advance()
    other = experiment.branch()
    theirs = [other.advance().losses for _ in range(3)]
    assert experiment.index == 3
    assert [experiment.advance().losses for _ in range(3)] == theirs


@pytest.mark.parametrize("cure", CURES)
def test_a_state_that_was_kept_leads_the_same_way(cure):
    timeline = Timeline(CureExperiment(CollapseSettings(noise="16", cure=cure)))
    losses = [timeline.advance().losses for _ in range(8)]
    timeline.rewind(0)
    assert [timeline.advance().losses for _ in range(8)] == losses


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: CollapseSettings(cure="pacgam"), "cure cannot be pacgam. It can be: vanilla, "),
        (lambda: CollapseSettings(noise="3"), "noise cannot be 3"),
        (lambda: CollapseSettings(source="moons"), "source cannot be moons"),
        (lambda: CollapseSettings().changed("colour", 1), "no setting called colour"),
    ],
)
def test_what_does_not_exist_is_refused_in_a_sentence(make, sentence):
    with pytest.raises(SynthlabError, match=sentence):
        make()
