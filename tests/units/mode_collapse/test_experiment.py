"""Cures in training: one configuration, one seed, and the same way again."""

from __future__ import annotations

import pytest
import torch

from synthlab.data import Grid, Ring
from synthlab.errors import SynthlabError
from synthlab.experiments import COLLAPSE_FIELDS, CollapseSettings, CureExperiment, Timeline
from synthlab.models.cures import CURES


def test_the_settings_decide_source_noise_and_seed():
    experiment = CureExperiment(CollapseSettings("grid", "16", 7), "vanilla")
    assert isinstance(experiment.source, Grid)
    assert isinstance(CureExperiment(CollapseSettings(), "vanilla").source, Ring)
    assert experiment.model.noise_dim == 16
    twin = CURES["vanilla"].build(seed=7, noise_dim=16).state_dict()
    for name, weight in experiment.model.state_dict().items():
        assert torch.equal(weight, twin[name])


def test_all_settings_are_told_as_text():
    told = CollapseSettings("grid", "16", 7).told()
    assert told == {"source": "grid", "noise": "16", "seed": "7"}
    assert list(told) == list(COLLAPSE_FIELDS)
    assert CollapseSettings(**told) == CollapseSettings("grid", "16", 7)


@pytest.mark.parametrize("cure", CURES)
def test_a_branch_goes_the_same_way_and_leaves_the_run_alone(cure):
    experiment = CureExperiment(CollapseSettings(noise="16"), cure)
    for _ in range(3):
        experiment.advance()
    other = experiment.branch()
    theirs = [other.advance().losses for _ in range(3)]
    assert experiment.index == 3
    assert [experiment.advance().losses for _ in range(3)] == theirs


@pytest.mark.parametrize("cure", CURES)
def test_a_state_that_was_kept_leads_the_same_way(cure):
    timeline = Timeline(CureExperiment(CollapseSettings(noise="16"), cure))
    losses = [timeline.advance().losses for _ in range(8)]
    timeline.rewind(0)
    assert [timeline.advance().losses for _ in range(8)] == losses


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: CureExperiment(CollapseSettings(), "pacgam"), "Did you mean 'pacgan'"),
        (lambda: CollapseSettings(noise="3"), "noise cannot be 3"),
        (lambda: CollapseSettings(source="moons"), "source cannot be moons"),
        (lambda: CollapseSettings().changed("colour", 1), "no setting called 'colour'"),
    ],
)
def test_what_does_not_exist_is_refused_in_a_sentence(make, sentence):
    with pytest.raises(SynthlabError, match=sentence):
        make()
