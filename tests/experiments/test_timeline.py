"""A timeline goes to any step, and the numbers there are the same again."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from synthlab.data import Ring
from synthlab.errors import SynthlabError
from synthlab.experiments import Timeline
from synthlab.experiments import timeline as module
from synthlab.experiments.gan import GANExperiment, GANSettings
from synthlab.models.gan import GAN
from synthlab.training import TrainingDiverged, train

SMALL = GANSettings(g_width=8, d_width=8, batch=16)


def measure(experiment) -> dict[str, float]:
    return {"x": float(experiment.model.sample(4, torch.Generator().manual_seed(0)).mean())}


@pytest.fixture
def timeline() -> Timeline:
    return Timeline(GANExperiment(SMALL), measure, every=5)


def everything(timeline: Timeline) -> list[np.ndarray]:
    """All that a picture could show of a timeline: weights, charts."""
    state = [v.clone().numpy() for v in timeline.subject.model.state_dict().values()]
    charts = timeline.losses.series() | timeline.measures.series()
    return [*state, *charts.values()]


def assert_same(a, b) -> None:
    assert len(a) == len(b)
    for x, y in zip(a, b, strict=True):
        np.testing.assert_array_equal(x, y)


def test_every_step_can_be_gone_back_to(timeline):
    """Steps of both and of one, changes between them: each moment comes back as it was."""
    moments = [everything(timeline)]
    for step in range(60):
        if step == 20:
            timeline.set("g_lr", 0.01)
        if step == 33:
            timeline.set("d_optimizer", "sgd")
            timeline.set("loss", "minimax")
        timeline.advance(("discriminator",) if step % 7 == 0 else None)
        moments.append(everything(timeline))
    for to in (60, 0, 26, 25, 40, 41, 19, 20, 60, 1, 33):
        timeline.rewind(to)
        assert (timeline.index, timeline.end) == (to, 60)
        assert_same(everything(timeline), moments[to])
        assert timeline.subject.settings.g_lr == (0.01 if to >= 20 else 1e-3)
        assert timeline.subject.settings.loss == ("minimax" if to >= 33 else "non-saturating")


def test_a_rewound_run_goes_on_as_if_it_had_never_been_further(timeline):
    straight = Timeline(GANExperiment(SMALL), measure, every=5)
    for _ in range(30):
        timeline.advance()
    timeline.rewind(12)
    timeline.advance(("generator",))
    for _ in range(12):
        straight.advance()
    straight.advance(("generator",))
    assert_same(everything(timeline), everything(straight))
    assert timeline.end == 13
    assert str(timeline.path) == "12 G1"


def test_a_branch_and_its_origin_leave_each_other_alone(timeline):
    for _ in range(10):
        timeline.advance()
    before = everything(timeline)
    twin = timeline.branch()
    twin.set("g_lr", 0.1)
    for _ in range(10):
        twin.advance()
    assert_same(everything(timeline), before)
    assert timeline.subject.settings.g_lr == 1e-3
    for _ in range(10):
        timeline.advance()
    twin.rewind(10)
    timeline.rewind(10)
    assert_same(everything(twin), everything(timeline))
    assert twin.subject.settings.g_lr == 0.1  # it was changed at this very step


def test_kept_states_are_few_however_long_the_run(timeline, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 4)
    timeline._spacing = 2
    for _ in range(40):
        timeline.advance()
    assert len(timeline._kept) <= 4
    after = everything(timeline)
    timeline.rewind(0)
    timeline.rewind(40)
    assert_same(everything(timeline), after)


def test_a_plain_run_has_a_timeline_but_no_settings():
    timeline = Timeline(train(GAN.mlp(hidden=4, depth=1), Ring(), steps=None, batch_size=8))
    timeline.advance()
    with pytest.raises(SynthlabError, match="no settings"):
        timeline.set("g_lr", 1)
    with pytest.raises(SynthlabError, match="at the steps 0 to 1; it cannot go to 2"):
        timeline.rewind(2)
    timeline.rewind(0)
    assert timeline.end == 1
    timeline.restart()
    assert (timeline.index, timeline.end) == (0, 0)


def test_a_step_that_diverges_is_part_of_the_past(timeline):
    timeline.advance()
    timeline.subject.plug(generator_loss=lambda logits: logits.sum() * float("nan"))
    with pytest.raises(TrainingDiverged):
        timeline.advance()
    assert (timeline.index, timeline.end) == (2, 2)
    timeline.rewind(1)
    assert timeline.index == 1
