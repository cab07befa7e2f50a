"""GanArena without a browser: what it takes, what it tells, what it leaves in a notebook."""

from __future__ import annotations

import html
import io
import threading

import numpy as np
import pytest
import torch
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image
from synthlab_widgets import GanArena
from synthlab_widgets.frames import unpack
from synthlab_widgets.gan_arena.best import BestAnswer
from synthlab_widgets.gan_arena.observe import SIDE
from synthlab_widgets.gan_arena.shapes import manifold, pull
from synthlab_widgets.gan_arena.words import PRESETS, WORDS
from synthlab_widgets.look import POINTS, untouched
from torch import nn
from torch.distributions import Normal

from synthlab.data import Batch, EightGaussians, Ring, TwoMoons
from synthlab.errors import SynthlabError
from synthlab.experiments.gan import GANSettings
from synthlab.models.gan import (
    GAN,
    least_squares_discriminator_loss,
    least_squares_generator_loss,
)
from synthlab.words import catalogue


def model(**options) -> GAN:
    return GAN.mlp(hidden=8, depth=1, **options)


@pytest.mark.parametrize(
    ("name", "modes", "quality"), [("trained", (8, 8), (0.6, 1)), ("collapse", (1, 5), (0.3, 1))]
)
def test_the_ready_made_states_show_what_they_are_called(name, modes, quality):
    """Far from the edges, as another machine rounds otherwise: 8 and 0.81 here, and 3 and 0.57."""
    arena = GanArena(language="en")
    arena.load(PRESETS[name])
    seen = arena._live.keyframe().values["a"]["modes"]
    arena.close()
    assert modes[0] <= seen["covered"]["value"] <= modes[1]
    assert quality[0] <= seen["quality"]["value"] <= quality[1]


@pytest.fixture
def arena():
    made = GanArena(model(), Ring(), language="en")
    yield made
    made.close()


def test_the_first_frame_is_complete(arena):
    frame = unpack(arena.keyframe)
    assert (frame.index, frame.step) == (0, 0)
    assert frame.arrays["real"].shape == frame.arrays["a.fake"].shape == (POINTS, 2)
    assert frame.arrays["a.field"].shape == (SIDE, SIDE)
    assert frame.values["runs"] == ["a"]
    assert (frame.values["low"], frame.values["high"]) == Ring().bounds
    assert frame.values["a"]["modes"]["total"] == 8
    assert arena.info["parts"] == ["discriminator", "generator"]
    assert {field["name"] for field in arena.info["fields"]} == set(GANSettings.fields())


def test_the_field_is_the_discriminators_probability_with_y_upwards():
    class Upwards(nn.Module):
        def forward(self, x):
            return x[:, 1]  # the logit is y

    gan = model()
    gan.discriminator = Upwards()
    arena = GanArena(gan, Ring())
    expected = torch.sigmoid(torch.linspace(*Ring().bounds, SIDE))
    field = unpack(arena.keyframe).arrays["a.field"] / 255
    np.testing.assert_allclose(
        field, np.tile(expected.numpy()[:, None], (1, SIDE)), atol=0.5 / 255 + 1e-6
    )
    arena.close()


def test_least_squares_shows_the_output_itself():
    class Upwards(nn.Module):
        def forward(self, x):
            return x[:, 1]

    gan = model(
        discriminator_loss=least_squares_discriminator_loss,
        generator_loss=least_squares_generator_loss,
    )
    gan.discriminator = Upwards()
    arena = GanArena(gan, Ring())
    expected = torch.linspace(*Ring().bounds, SIDE).clamp(0, 1)
    field = unpack(arena.keyframe).arrays["a.field"][:, 0] / 255
    np.testing.assert_allclose(field, expected.numpy(), atol=0.5 / 255 + 1e-6)
    arena.close()


def test_sources_without_modes_have_no_counters():
    arena = GanArena(model(), TwoMoons(), language="en")
    assert unpack(arena.keyframe).values["a"]["modes"] is None
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
    assert arena.info["parts"] == ["discriminator", "generator"]
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
        (lambda: GanArena(nn.Linear(2, 2), Ring()), "has no update.*, sample"),
        (
            lambda: GanArena(model(), object()),
            "needs a source of points .* no sample, bounds",
        ),
        (
            lambda: GanArena(model(), Ring(), batch_size=0),
            "batch_size must be a whole number, 1 or more",
        ),
        (lambda: GanArena(model(), Ring(), language="fr"), "no language called 'fr'"),
        (lambda: GanArena(Wrong.mlp(), Ring()), r"sample\(2500\) must return .* shape \(2500, 3\)"),
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
    # Numbers, names of the field that Arabic writes the same way, and punctuation.
    same = {"quality_value", "of_run", "option_adam", "option_sgd", "loss_minimax"}
    untranslated = {
        key for key, msgid in WORDS.items() if entries.gettext(msgid) == msgid and key not in same
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
    arena._receive(arena, {"type": "do", "job": None}, [])  # Python's alone
    speed = {"type": "set", "name": "speed", "value": 10, "view": "a", "number": 1}
    arena._receive(arena, speed, [])
    assert arena.run(1).index == 1  # waits for the worker, which has done the others by then
    assert arena._live.status.speed == 10
    assert arena._live.status.replies == {"a": 1}


def test_the_state_is_a_text_that_leads_there_again(arena):
    arena.run(7)
    other = GanArena(language="en")
    other.load("gan/1 g_width=8 d_width=8 | 4 loss=minimax 3")
    assert other.state == "gan/1 g_width=8 d_width=8 | 4 loss=minimax 3"
    assert other.run(1).index == 8  # from here it goes on freely
    assert arena.state == "gan/1 networks=own | 7"
    with pytest.raises(SynthlabError, match="starts with gan/1"):
        other.load("nonsense")
    other.close()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("gan/1 | 5 noise=3 1", "noise can be chosen only for a run that starts again"),
        ("gan/1 | 5 X3", "No part of this model has the letter X"),
        ("gan/1 | 5 || gan/1 | 2 loss=own 3", "loss=own means something that you wrote"),
        ("gan/1 | 5 source=drawing:zz 3", "not the text of a drawing"),
    ],
)
def test_a_way_that_cannot_be_gone_is_refused_before_anything_is_lost(text, sentence):
    arena = GanArena(language="en")
    arena.run(3)
    with pytest.raises(SynthlabError, match=sentence):
        arena.load(text)
    assert arena.state == "gan/1 | 3"
    assert arena.run(1).index == 4
    arena.close()


def test_a_refused_text_leaves_a_model_of_ones_own_as_it_was(arena):
    arena.run(3)
    before = [p.clone() for p in arena.model.generator.parameters()]
    with pytest.raises(SynthlabError, match="letter X"):
        arena.load("gan/1 networks=own | 1 X1")
    now = arena.model.generator.parameters()
    assert all(torch.equal(a, b) for a, b in zip(before, now, strict=True))


def test_losses_are_plugged_in_while_the_worker_trains(arena):
    arena._receive(arena, {"type": "view", "view": "a", "state": "hidden"}, [])
    arena._receive(arena, {"type": "run", "view": "a", "number": 1}, [])
    called = threading.Event()

    def mine(logits):
        called.set()
        return -logits.mean()

    arena.plug(generator_loss=mine)
    assert called.wait(30)
    assert "loss=own" in arena.state
    with pytest.raises(SynthlabError, match="discriminator_loss, generator_loss"):
        arena.plug(loss=mine)
    with pytest.raises(SynthlabError, match="functions"):
        arena.plug(generator_loss=3)


def test_rewinding_and_resetting_from_python(arena):
    arena.run(10)
    arena.rewind(4)
    assert arena.run(1).index == 5
    arena.reset()
    assert arena.run(1).index == 1
    with pytest.raises(SynthlabError, match="cannot go to 9"):
        arena.rewind(9)


def frames_by_step(recording) -> dict[int, tuple[dict, dict]]:
    found = {}
    for data in recording.frames:
        frame = unpack(data)
        found[frame.step] = (frame.values, {k: v.tobytes() for k, v in frame.arrays.items()})
    return found


def test_same_seed_same_frames_live_headless_and_replayed(monkeypatch):
    """The picture of a step is the same, byte for byte, however it came about."""
    headless = GanArena(model(seed=1), seed=1, language="en")
    told = frames_by_step(headless.record(60, every=20))
    assert set(told) == {0, 20, 40, 60}

    live = GanArena(model(seed=1), seed=1, language="en")
    sent = []
    seen = threading.Condition()

    def send(content, buffers=None):
        with seen:
            if content["type"] == "frame":
                frame = unpack(buffers[0])
                arrays = {k: v.tobytes() for k, v in frame.arrays.items()}
                sent.append((frame.step, (frame.values, arrays)))
                ack = {"type": "ack", "view": "v", "frame": frame.index}
                live._receive(live, ack, [])
            seen.notify_all()

    monkeypatch.setattr(live, "send", send)
    live._receive(live, {"type": "view", "view": "v", "state": "visible"}, [])
    for to in (20, 40, 60):
        live.run(20)
        with seen:
            assert seen.wait_for(lambda to=to: any(step == to for step, _ in sent), 30)
    frames = dict(sent)
    for step in (20, 40, 60):
        assert frames[step] == told[step]
    live.rewind(40)
    frame = live._live.keyframe()
    again = (frame.values, {k: v.tobytes() for k, v in frame.arrays.items()})
    assert again == told[40]
    headless.close()
    live.close()


def test_twins_are_drawn_and_told_apart(arena):
    arena.run(3)
    arena._contest.branch("begin")
    arena._contest.set("beta1", 0.9)
    arena.run(2)
    frame = arena._live.keyframe()
    assert frame.values["runs"] == ["a", "b"]
    assert not np.array_equal(frame.arrays["a.fake"], frame.arrays["b.fake"])
    assert arena._describe(frame).startswith("Run A: Step 5:")
    assert "Run B: Step 5:" in arena._describe(frame)
    assert len(arena._draw(frame)) <= 60_000


def test_the_best_answer_is_exact_where_both_densities_are_known():
    arena = GanArena(source=EightGaussians(), language="en")
    arena.load("gan/1 source=eight-gaussians g_depth=0")
    arena._contest.set("layers", ["ideal"])
    frame = arena._live.keyframe()
    assert frame.values["a"]["ideal"]["exact"]
    layer = arena.model.generator[0]
    side = torch.linspace(*EightGaussians().bounds, SIDE, dtype=torch.float64)
    y, x = torch.meshgrid(side, side, indexing="ij")
    grid = torch.stack([x.flatten(), y.flatten()], 1)
    W = layer.weight.detach().double()
    z = torch.linalg.solve(W, (grid - layer.bias.detach().double()).T).T
    log_q = Normal(0.0, 1.0).log_prob(z).sum(1) - torch.linalg.det(W).abs().log()
    best = torch.sigmoid(EightGaussians().log_prob(grid) - log_q).reshape(SIDE, SIDE)
    np.testing.assert_allclose(frame.arrays["a.ideal"] / 255, best, atol=0.5 / 255 + 1e-6)
    arena.close()


def test_the_estimate_of_the_best_answer_knows_a_perfect_and_a_lost_generator():
    """Fakes from the source itself: no divergence. Fakes far away: the largest there is."""
    ring = Ring()
    best = BestAnswer(ring, SIDE)
    perfect = ring.sample(2500, torch.Generator().manual_seed(3)).x
    # Of 2500 samples in 8 modes of a few cells each; 0.02 nats is what chance leaves.
    assert best.divergence(perfect, ring.bounds) < 0.02
    assert best.divergence(torch.zeros(2500, 2), ring.bounds) == pytest.approx(np.log(2), abs=1e-3)


def test_the_pull_is_minus_the_gradient_of_the_generators_loss():
    class Slope(nn.Module):
        def forward(self, x):
            return x @ torch.tensor([3.0, 0.0])  # the logit rises to the right, by 3 a unit

    gan = model()
    gan.discriminator = Slope()
    fakes = gan.sample(POINTS, torch.Generator().manual_seed(0)).numpy()
    rows = pull(gan, fakes)["pull"]
    expected = 3 / (1 + np.exp(3 * rows[:, 0]))  # -d/dx softplus(-3 x) = 3 sigma(-3 x)
    np.testing.assert_allclose(rows[:, 2], expected, rtol=1e-5)
    np.testing.assert_array_equal(rows[:, 3], 0)


@pytest.mark.parametrize(("noise", "shape"), [(1, (201, 2)), (2, (21, 21, 2)), (16, (21, 21, 2))])
def test_the_sheet_is_the_noise_sent_through_the_generator(noise, shape):
    gan = model(noise_dim=noise)
    with torch.no_grad():
        points = manifold(gan)["manifold"]
        assert points.shape == shape
        corner = torch.zeros(1, noise)
        corner[0, : min(noise, 2)] = -1.96
        np.testing.assert_allclose(
            points.reshape(-1, 2)[0], gan.generator(corner)[0].numpy(), rtol=1e-5, atol=1e-6
        )
