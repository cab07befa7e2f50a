"""GanArena without a browser: what it takes, what it tells, what it leaves in a notebook."""

from __future__ import annotations

import html
import io

import numpy as np
import pytest
import torch
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image
from synthlab_widgets import GanArena
from synthlab_widgets.frames import unpack
from synthlab_widgets.gan_observer import POINTS, SIDE, untouched
from synthlab_widgets.labels import GAN_ARENA
from torch import nn

from synthlab.data import Batch, Ring, TwoMoons
from synthlab.errors import SynthlabError
from synthlab.models.gan import GAN
from synthlab.words import catalogue


def model(**options) -> GAN:
    return GAN.mlp(hidden=8, depth=1, **options)


@pytest.fixture
def arena():
    made = GanArena(model(), Ring(), language="en")
    yield made
    made.close()


def test_the_first_frame_is_complete(arena):
    frame = unpack(arena.keyframe)
    assert (frame.index, frame.step) == (0, 0)
    assert frame.arrays["real"].shape == frame.arrays["fake"].shape == (POINTS, 2)
    assert frame.arrays["field"].shape == (SIDE, SIDE)
    assert frame.values["modes"]["total"] == 8
    assert arena.info == {
        "low": Ring().bounds[0],
        "high": Ring().bounds[1],
        "modes": 8,
        "parts": ["discriminator", "generator"],
    }


def test_the_field_is_the_discriminators_probability_with_y_upwards():
    class Upwards(nn.Module):
        def forward(self, x):
            return x[:, 1]  # the logit is y

    gan = model()
    gan.discriminator = Upwards()
    arena = GanArena(gan, Ring())
    low, high = Ring().bounds
    expected = torch.sigmoid(torch.linspace(low, high, SIDE))  # float32: one unit may differ
    field = unpack(arena.keyframe).arrays["field"]
    np.testing.assert_allclose(field, np.tile(expected.numpy()[:, None], (1, SIDE)), rtol=2e-7)
    arena.close()


def test_sources_without_modes_have_no_counters():
    arena = GanArena(model(), TwoMoons(), language="en")
    assert arena.info["modes"] is None
    assert unpack(arena.keyframe).values["modes"] is None
    arena.run(2)
    assert arena._describe(arena._live.keyframe()).startswith("Step 2. Real points")
    arena.close()


def test_the_learners_own_model_drives_it():
    """Anything with the right methods does; a model without ``parts`` cannot step by halves."""

    class Mine:
        def __init__(self):
            self.inner = model()
            self.discriminator, self.optimizers = self.inner.discriminator, self.inner.optimizers
            self.state_dict = self.inner.state_dict
            self.load_state_dict = self.inner.load_state_dict
            self.sample = self.inner.sample

        def update(self, batch, generator, parts=None):
            return self.inner.update(batch, generator)

    arena, theirs = GanArena(Mine(), Ring()), GanArena(model(), Ring())
    assert arena.run(3) == theirs.run(3)
    arena.close()
    theirs.close()


def test_watching_leaves_no_trace_in_a_model_with_dropout_and_batch_norm():
    net = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 2))
    net[2].eval()
    before = {k: v.clone() for k, v in net.state_dict().items()}
    state = torch.random.get_rng_state()
    with untouched(net):
        net(torch.ones(8, 2))
        torch.rand(1)
    assert [module.training for module in net] == [True, True, False, True]
    assert torch.equal(torch.random.get_rng_state(), state)
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: GanArena(nn.Linear(2, 2), Ring()), "has no update.* and no sample"),
        (
            lambda: GanArena(model(), object()),
            "needs a source of points .* no sample and no bounds",
        ),
        (
            lambda: GanArena(model(), Ring(), batch_size=0),
            "batch_size must be a whole number, 1 or more",
        ),
        (lambda: GanArena(model(), Ring(), language="fr"), "no language called 'fr'"),
        (lambda: GanArena(Wrong.mlp(), Ring()), r"sample\(450\) must return .* shape \(450, 3\)"),
        (lambda: GanArena(model(), Cube()), r"source.sample\(450\) must return"),
        (lambda: GanArena(TwoLogits.mlp(), Ring()), r"one logit for each point: .* \(1600, 2\)"),
    ],
)
def test_bad_input_gets_one_sentence(make, sentence):
    with pytest.raises(SynthlabError, match=sentence) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_unknown_arguments_are_refused():
    with pytest.raises(TypeError, match="learning_rate"):
        GanArena(model(), Ring(), learning_rate=1)


class Wrong(GAN):
    def sample(self, n, generator=None):
        return torch.zeros(n, 3)


class TwoLogits(GAN):
    def __init__(self, generator, discriminator, *args, **options):
        super().__init__(generator, nn.Linear(2, 2), *args, **options)


class Cube:
    bounds = (-1.0, 1.0)

    def sample(self, n, generator=None):
        return Batch(torch.zeros(n, 3))


def test_arabic_has_every_word():
    arena = GanArena(model(), Ring(), language="ar")
    assert (arena.direction, arena.language) == ("rtl", "ar")
    entries = catalogue("widgets", "ar")
    same = {"quality_value"}  # a number and a percent sign
    untranslated = {
        key
        for key, msgid in GAN_ARENA.items()
        if entries.gettext(msgid) == msgid and key not in same
    }
    assert untranslated == set()
    assert arena.words["run"] == entries.gettext("Run")
    arena.close()


@pytest.fixture
def published(monkeypatch):
    """What cells put out, as a kernel would send it."""
    shell = InteractiveShell.instance()
    publisher = CapturingDisplayPublisher()
    monkeypatch.setattr(shell, "display_pub", publisher)
    yield publisher.outputs
    InteractiveShell.clear_instance()


def test_a_displayed_arena_leaves_an_ordinary_picture(arena, published):
    arena._ipython_display_()
    view, picture = published
    assert "application/vnd.jupyter.widget-view+json" in view["data"]
    assert "application/vnd.jupyter.widget-view+json" not in picture["data"]
    assert picture["transient"]["display_id"]
    alt = picture["metadata"]["image/png"]["alt"]
    assert alt.startswith("Step 0:")
    assert f'alt="{html.escape(alt)}"' in picture["data"]["text/html"]
    # The same place gets the picture of what headless training made of it.
    arena.run(2)
    assert len(published) == 3
    assert published[2]["update"]
    assert published[2]["transient"] == picture["transient"]
    assert "step 2" in published[2]["data"]["text/html"]


def test_the_picture_is_small_and_sharp(arena):
    arena.run(300)
    png = arena._draw(arena._live.keyframe())
    assert len(png) <= 60_000
    assert Image.open(io.BytesIO(png)).width >= 800


def test_messages_of_a_view_reach_the_run(arena):
    arena._receive(arena, {"type": "view", "view": "a", "state": "hidden"}, [])
    arena._receive(arena, {"type": "nonsense"}, [])
    arena._receive(arena, {"type": "set", "name": "speed", "value": 10, "reply": 1}, [])
    assert arena.run(1).index == 1  # waits for the worker, which has done the others by then
    assert arena._live.status.speed == 10
