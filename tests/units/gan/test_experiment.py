"""GAN experiments: settings that act, texts that lead to the same numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch

from synthlab.data import Drawing, Ring, TwoMoons
from synthlab.errors import SynthlabError
from synthlab.experiments import Timeline, read, replay, write
from synthlab.experiments.gan import GANExperiment, GANSettings, Own, settings_of
from synthlab.experiments.sources import SOURCES
from synthlab.models.gan import GAN, minimax_loss
from synthlab.training import train

SMALL = {"g_width": 8, "d_width": 8, "batch": 16}


def small(**changes) -> GANExperiment:
    return GANExperiment(GANSettings(**(SMALL | changes)))


def weights(model) -> list[np.ndarray]:
    return [v.clone().numpy() for v in model.state_dict().values()]


def assert_same(a, b) -> None:
    for x, y in zip(a, b, strict=True):
        np.testing.assert_array_equal(x, y)


def test_the_defaults_are_the_courses_gan():
    experiment = GANExperiment(GANSettings())
    run = train(GAN.mlp(seed=0), Ring(), steps=None, seed=0)
    for _ in range(5):
        assert experiment.advance() == run.advance()
    assert_same(weights(experiment.model), weights(run.model))


@pytest.mark.parametrize("name", [n for n, f in GANSettings.fields().items() if not f.restarts])
def test_every_live_setting_acts_at_once_and_can_be_told(name):
    other = {"source": "moons", "loss": "minimax", "g_optimizer": "sgd", "d_optimizer": "sgd"}
    value = other.get(name, {"number": 0.5, "count": 3}.get(GANSettings.fields()[name].kind))
    plain, changed = small(), small()
    plain.set("beta1", 0.1)
    changed.set("beta1", 0.1)
    told = changed.set(name, value)
    for _ in range(3):
        plain.advance()
        changed.advance()
    pairs = zip(weights(plain.model), weights(changed.model), strict=True)
    differs = any((a != b).any() for a, b in pairs)
    assert differs
    again = small()
    again.set("beta1", 0.1)
    again.set(name, told)
    for _ in range(3):
        again.advance()
    assert_same(weights(again.model), weights(changed.model))


@pytest.mark.parametrize(
    "name", [n for n, f in GANSettings.fields().items() if f.restarts and n != "networks"]
)
def test_every_other_setting_makes_another_start(name):
    value = {"prior": "uniform"}.get(name, 3)
    plain, other = small(), small(**{name: value})
    a, b = plain.advance(), other.advance()
    assert a.losses != b.losses
    with pytest.raises(SynthlabError, match="starts again"):
        plain.set(name, value)


def test_so_many_updates_of_each_network():
    experiment = small(d_updates=3, g_updates=0)
    before = weights(experiment.model.generator)
    seen = []
    step = experiment.model.discriminator_step
    experiment.model.discriminator_step = lambda *a: seen.append(a[3]) or step(*a)
    assert set(experiment.advance().losses) == {"discriminator"}
    assert len(seen) == 3
    assert torch.equal(seen[0], seen[2])  # one real batch
    assert_same(weights(experiment.model.generator), before)


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_can_be_chosen(name):
    experiment = small(source=name)
    experiment.advance()
    assert repr(experiment.source) == repr(SOURCES[name]())


def test_a_drawing_is_a_source_that_a_text_can_tell():
    drawing = Drawing([[0.0, 1.0], [1.0, -1.0]])
    timeline = Timeline(small())
    timeline.set("source", f"drawing:{drawing.text}")
    timeline.advance()
    text = write(timeline)
    assert drawing.text in text
    assert torch.equal(replay(text).subject.source.dots, drawing.dots)


def test_a_text_leads_to_the_same_numbers():
    timeline = Timeline(small(noise=3, prior="uniform", seed=5))
    for _ in range(10):
        timeline.advance()
    timeline.set("g_optimizer", "sgd")
    timeline.advance(("discriminator",))
    timeline.set("d_lr", 0.02)
    text = write(timeline)
    assert text == (
        "gan/1 batch=16 seed=5 noise=3 prior=uniform g_width=8 d_width=8 | "
        "10 g_optimizer=sgd D1 d_lr=0.02"
    )
    again = replay(text)
    assert write(again) == text
    assert_same(weights(again.subject.model), weights(timeline.subject.model))
    assert again.subject.settings == timeline.subject.settings


def test_twins_are_two_lines():
    a = Timeline(small())
    a.advance()
    b = a.branch()
    b.set("loss", "minimax")
    (_, first, way), (_, second, other) = read(write(a, b))
    assert first == second == a.subject.start
    assert (str(way), str(other)) == ("1", "1 loss=minimax")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not the state of a run"),
        ("gan/2 | 4", "starts with .*gan/1"),
        ("gan/1 | 5 X5", "No part of this model has the letter X. It has these: D, G"),
        ("gan/1 400", "400 stands before the |"),
        ("gan/1 colour=blue", "no setting called colour. Did you mean"),
        ("gan/1 beta=0.9", "one of these: beta1"),
        ("gan/1 g_depth=9", "g_depth must be a whole number from 0 to 5, not 9"),
        ("gan/1 seed=-1", "seed must be a whole number from 0 to 2147483647, not -1"),
        ("gan/1 g_lr=nan", "g_lr must be a number"),
        ("gan/1 loss=non-saturatin", "loss cannot be non-saturatin. It can be: non-saturating, "),
        ("gan/1 | 4 || gan/1 | 5", "at the same step"),
        ("gan/1 || gan/1 || gan/1", "one run, or two twins"),
        ("gan/1 source=drawing:abc", "not the text of a drawing"),
        ("gan/1 networks=own", "you wrote yourself"),
    ],
)
def test_other_texts_are_refused_in_a_sentence(text, sentence):
    with pytest.raises(SynthlabError, match=sentence) as caught:
        _ = [read(text), replay(text)]
    assert "\n" not in str(caught.value)
    assert re.search("[\u0621-\u064a]", caught.value.text.render("ar"))


def test_a_learners_model_is_trained_in_place_and_starts_again():
    gan = GAN.mlp(hidden=8, depth=1, lr=0.01)
    first = weights(gan)
    own = Own(model=gan, source=TwoMoons(std=0.3))
    experiment = GANExperiment(GANSettings(source="own", **settings_of(gan)), own)
    assert experiment.settings.g_lr == 0.01
    experiment.advance()
    assert any((a != b).any() for a, b in zip(weights(gan), first, strict=True))
    again = experiment.again(experiment.settings)
    assert again.model is gan
    assert_same(weights(gan), first)


def test_learners_losses_are_plugged_in_while_it_trains():
    called = []

    def mine(logits):
        called.append(tuple(logits.shape))
        return minimax_loss(logits)

    experiment = small()
    experiment.advance()
    experiment.plug(generator_loss=mine)
    experiment.advance()
    assert called == [(16,)]
    assert experiment.settings.loss == "own"
    # The branch has them, too.
    experiment.branch().advance()
    assert called == [(16,), (16,)]


def test_what_cannot_be_copied_has_no_twin():
    class Uncopied(GAN):
        def __deepcopy__(self, memo):
            raise TypeError("cannot pickle a file")

    gan = Uncopied.mlp(hidden=4, depth=1)
    experiment = GANExperiment(GANSettings(**settings_of(gan)), Own(model=gan))
    with pytest.raises(SynthlabError, match="no twin: TypeError: cannot pickle"):
        experiment.branch()
