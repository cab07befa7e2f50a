"""A timeline goes to any step, and the numbers there are the same again."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from synthlab.data import Ring
from synthlab.errors import SynthlabError
from synthlab.experiments import Timeline
from synthlab.experiments import timeline as module
from synthlab.experiments.density import DensityExperiment, DensitySettings
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


class Large(torch.nn.Module):
    """A model of a million bytes and more, whose every number depends on all steps."""

    def __init__(self, bytes_: int) -> None:
        super().__init__()
        self.register_buffer("sum", torch.zeros(bytes_ // 8, dtype=torch.float64))
        self.optimizers: dict[str, torch.optim.Optimizer] = {}

    def update(self, batch, generator, parts=None):
        self.sum = 0.9 * self.sum + batch.x.sum().double() * torch.rand((), generator=generator)
        return {"sum": float(self.sum[0])}


def large(bytes_: int, budget: int) -> Timeline:
    return Timeline(train(Large(bytes_), Ring(), steps=None, batch_size=4), budget=budget)


def test_large_states_stay_within_the_budget_and_every_step_comes_back():
    """Two hundred steps would keep 9 states of 1 MB; the budget holds four."""
    budget = 4_500_000
    timeline, sizes = large(1_000_000, budget), []
    losses = []
    for _ in range(200):
        losses.append(timeline.advance().losses)
        sizes.append(timeline.kept_bytes)
    assert max(sizes) <= budget
    assert max(sizes) > 3_000_000  # and it is used
    assert timeline.warning is None
    for to in (199, 3, 130, 77, 1, 150):
        timeline.rewind(to)
        assert float(timeline.subject.model.sum[0]) == losses[to - 1]["sum"]


def test_of_states_that_are_too_large_only_the_first_is_kept_and_that_is_said():
    timeline = large(3_000_000, 4_000_000)
    losses = [timeline.advance().losses for _ in range(60)]
    assert list(timeline._kept) == [0]
    assert timeline.warning.render("en").startswith(
        "A state of this run takes 3 MB, and 4 MB is all that may be kept of its past."
    )
    timeline.rewind(41)
    assert timeline.advance().losses == losses[41]


def test_states_that_grow_too_large_are_told_of_when_they_do():
    """Adam's two moments come with the first step: the state is thrice as large from then on."""
    net = GAN.mlp(hidden=256)  # 67,074 + 66,817 weights of 4 bytes: 0.5 MB, then 1.6 MB
    timeline = Timeline(train(net, Ring(), steps=None, batch_size=4), budget=1_900_000)
    assert timeline.warning is None
    for _ in range(25):
        timeline.advance()
    assert list(timeline._kept) == [0]
    assert "A state of this run takes 2 MB" in timeline.warning.render("en")


def test_memory_that_states_share_counts_once():
    """A density's samples are never changed: kept states share them."""
    timeline = Timeline(DensityExperiment(DensitySettings(batch=2000, model="gaussian")))
    for _ in range(50):
        timeline.advance()
    # Three states share 10 batches of 2000 points of 8 bytes. Beside them they have charts of two
    # losses, 256 sums and counts of 8 bytes for each, a generator of 5056 bytes, and little else.
    samples, charts = 10 * 2000 * 8, 2 * 2 * 256 * 8
    assert samples < timeline.kept_bytes < samples + 3 * (charts + 5056 + 200)


def test_a_model_names_its_own_parts():
    gan = GAN.mlp(hidden=4, depth=1)
    gan.optimizers = {
        "prior": gan.optimizers["generator"],
        "posterior": gan.optimizers["generator"],
    }
    gan.update = lambda batch, generator, parts=None: dict.fromkeys(parts or ("prior",), 1.0)
    timeline = Timeline(train(gan, Ring(), steps=None))
    assert timeline.advance(("posterior",)).losses == {"posterior": 1.0}
    timeline.advance()
    assert str(timeline.path) == "Po1 1"
    with pytest.raises(SynthlabError, match="one of these alone: prior, posterior"):
        timeline.advance(("encoder",))
    with pytest.raises(SynthlabError, match=r"has the letter D\. It has these: Pr, Po"):
        timeline.do("D")
