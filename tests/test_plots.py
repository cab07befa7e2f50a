"""Figures: what they draw is what they are given, in shape, colour and words."""

from __future__ import annotations

import io
from dataclasses import dataclass

import matplotlib
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from synthlab import plots, words
from synthlab.data import Checkerboard, Ring
from synthlab.errors import SynthlabError


@dataclass
class Step:
    index: int
    losses: dict[str, float]


@pytest.fixture
def ax():
    return Figure(figsize=(4, 4)).add_subplot()


@pytest.fixture
def arabic():
    words.set_language("ar")
    yield
    words.set_language(None)


def render(ax) -> bytes:
    """Draw for good: a missing glyph warns, and pytest makes a warning an error."""
    png = io.BytesIO()
    ax.figure.savefig(png, format="png")
    return png.getvalue()


def points(n: int = 20) -> torch.Tensor:
    return Ring().sample(n, torch.Generator().manual_seed(0)).x


def field(x: torch.Tensor) -> torch.Tensor:
    return 3 * x[:, 0]


def test_samples_tell_real_from_fake_by_shape_and_colour(ax):
    real, fake = points(20), points(30) + 0.5
    assert plots.samples(ax, real=real, fake=fake, title="A shifted ring") is ax
    circles, triangles = ax.lines
    assert (circles.get_marker(), circles.get_color()) == ("o", "#0072B2")
    assert (triangles.get_marker(), triangles.get_color()) == ("^", "#E69F00")
    np.testing.assert_allclose(circles.get_xydata(), real.numpy())
    np.testing.assert_allclose(triangles.get_xydata(), fake.numpy())
    assert ax.get_title() == "A shifted ring"
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["real", "fake"]
    assert ax.get_aspect() == 1
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    render(ax)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"real": points()}, "Samples: real"),
        ({"fake": points().numpy()}, "Samples: fake"),
        ({"real": points().tolist(), "fake": points()}, "Samples: real and fake"),
    ],
)
def test_samples_take_what_there_is(ax, given, title):
    plots.samples(ax, **given)
    assert ax.get_title() == title
    assert len(ax.lines) == len(given)


def test_samples_that_need_gradients_are_drawn(ax):
    plots.samples(ax, fake=points().requires_grad_())
    render(ax)


@pytest.mark.parametrize("x", [None, torch.zeros(3), torch.full((3, 2), torch.nan), "points"])
def test_samples_refuse_what_cannot_be_drawn(ax, x):
    with pytest.raises(SynthlabError):
        plots.samples(ax, fake=x)


def test_field_shows_the_probability_where_it_is(ax):
    plots.discriminator_field(ax, field, (-2.0, 2.0), resolution=41)
    (image,) = ax.images
    values = image.get_array()
    side = torch.linspace(-2, 2, 41)
    # Column j stands at x_1 = side[j], whatever the row: sigmoid(3 x_1).
    np.testing.assert_allclose(values[0], torch.sigmoid(3 * side).numpy(), atol=1e-6)
    np.testing.assert_allclose(values[-1], values[0])
    left, right, bottom, top = image.get_extent()
    assert (left, bottom) == (-2.05, -2.05)  # half a pixel of 4/40 beyond the first point
    assert (right, top) == (2.05, 2.05)
    assert image.origin == "lower"
    assert image.get_clim() == (0, 1)
    assert ax.get_xlim() == ax.get_ylim() == (-2, 2)
    # The line where it cannot tell is x_1 = 0.
    (contour,) = ax.collections
    assert np.abs(contour.get_paths()[0].vertices[:, 0]).max() < 1e-6
    assert [a.get_ylabel() for a in ax.figure.axes[1:]] == ["D(x): probability of real"]
    render(ax)


def test_samples_over_a_field_keep_its_window_and_title(ax):
    plots.discriminator_field(ax, field, (-1.0, 1.0), title="Left is fake", colorbar=False)
    plots.samples(ax, real=points())
    assert ax.get_xlim() == ax.get_ylim() == (-1, 1)
    assert ax.get_title() == "Left is fake"
    assert len(ax.figure.axes) == 1


def test_field_leaves_the_discriminator_as_it_was(ax):
    net = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Dropout(), nn.Linear(4, 1))
    net[2].eval()  # one part was in evaluation mode before
    before = {name: value.clone() for name, value in net.state_dict().items()}
    plots.discriminator_field(ax, lambda x: net(x).squeeze(1), (-1, 1), resolution=5)
    after_function = net[1].running_mean.clone()
    net.load_state_dict(before)
    plots.discriminator_field(ax, net, (-1, 1), resolution=5)
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert [part.training for part in net] == [True, True, False, True]
    assert all(p.grad is None for p in net.parameters())
    # A bare function cannot be put into evaluation mode: the statistics do move.
    assert not torch.equal(after_function, before["1.running_mean"])


def test_field_without_an_undecided_point_has_no_line(ax):
    plots.discriminator_field(ax, lambda x: torch.full((len(x),), 5.0), (-1, 1), resolution=5)
    assert not ax.collections


@pytest.mark.parametrize(
    ("discriminator", "bounds"),
    [
        (field, (1.0, -1.0)),
        (field, (0.0, float("nan"))),
        (field, 3.0),
        (lambda x: x, (-1.0, 1.0)),
        (lambda x: 0.5, (-1.0, 1.0)),
        (lambda x: x.sum(), (-1.0, 1.0)),
    ],
)
def test_field_refuses_what_cannot_be_drawn(ax, discriminator, bounds):
    with pytest.raises(SynthlabError):
        plots.discriminator_field(ax, discriminator, bounds)


def test_density_is_the_sources_own(ax):
    plots.density(ax, Checkerboard(), resolution=90)
    values = ax.images[0].get_array()
    # Points are 9/89 apart from -4.5 on: number 15 stands at -2.98, number 35 at -0.96.
    assert set(np.unique(values)) == {0.0, 1 / 32}
    assert values[0, 0] == 0
    assert values[15, 15] == pytest.approx(1 / 32)  # (-3, -3): the lower left cell
    assert values[15, 35] == 0  # (-1, -3)
    render(ax)


def test_density_needs_a_density(ax):
    with pytest.raises(SynthlabError, match="log_prob"):
        plots.density(ax, object())


def test_losses_are_drawn_with_their_running_mean(ax):
    rng = np.random.default_rng(0)
    values = rng.normal(loc=(1.4, 0.7), size=(100, 2))
    steps = (
        Step(i + 1, {"discriminator": d, "generator": g, "penalty": 0.0})
        for i, (d, g) in enumerate(values)
    )  # a generator, which can be read only once
    assert plots.losses(ax, steps) is ax
    shown = {line.get_label(): line for line in ax.lines}
    names = [t.get_text() for t in ax.get_legend().get_texts()]
    assert names == ["discriminator", "generator", "penalty"]
    styles = {shown[name].get_linestyle() for name in names}
    assert len(styles) == 3
    mean = shown["generator"].get_xydata()
    # 2 % of 100 steps are two: means of neighbours, at the steps between them.
    np.testing.assert_allclose(mean[:, 0], np.arange(1, 100) + 0.5)
    np.testing.assert_allclose(mean[:, 1], (values[1:, 1] + values[:-1, 1]) / 2)
    render(ax)


def test_one_step_is_enough_and_none_is_not(ax):
    plots.losses(ax, [Step(1, {"generator": 0.69})])
    assert ax.lines[0].get_ydata().tolist() == [0.69]
    with pytest.raises(SynthlabError, match="no step"):
        plots.losses(ax, [])


def test_alt_text_says_what_is_drawn(ax):
    plots.discriminator_field(ax, field, (-2, 2), title="The right half looks real", resolution=40)
    plots.samples(ax, real=points(500), fake=points(250))
    assert plots.alt_text(ax) == (
        "The right half looks real. The discriminator calls 50% of the window more likely real "
        "than fake. 500 real samples, drawn as circles. "
        "250 fake samples, drawn as triangles."
    )
    ax.clear()
    assert plots.alt_text(ax) == ""


def test_alt_text_of_losses(ax):
    plots.losses(ax, [Step(1, {"generator": 0.5}), Step(2, {"generator": 0.75})], title="Why?")
    assert plots.alt_text(ax) == "Why? Loss of the generator: 0.5 at step 1, 0.75 at step 2."


@pytest.mark.parametrize("family", ["sans-serif", "serif"])
def test_arabic_is_drawn_with_a_font_that_has_it(ax, arabic, family):
    with matplotlib.rc_context({"font.family": family}):
        plots.discriminator_field(ax, field, (-2, 2), title="بعد 600 خطوة", resolution=9)
        plots.samples(ax, real=points(), fake=points())
        assert ax.get_legend().get_texts()[0].get_text() == "حقيقية"
        assert "20 عيّنةً حقيقية، مرسومة دوائر" in plots.alt_text(ax)
        render(ax)


def test_a_missing_glyph_would_be_noticed():
    # What the test above rests on: without the fallback, a serif font warns.
    with matplotlib.rc_context({"font.family": "serif"}):
        bare = Figure().add_subplot()
        bare.set_title("بعد 600 خطوة")
        with pytest.warns(UserWarning, match="Glyph"):
            render(bare)


def test_gradient_reach_says_what_autograd_does():
    f, g = nn.Linear(2, 3), nn.Linear(3, 1)
    x = torch.ones(4, 2)
    ax = Figure().add_subplot()
    plots.gradient_reach(ax, g(f(x)).sum(), {"f": f, "g": g})
    assert "reaches 2 of 2 parameters of f" in plots.alt_text(ax)
    cut = Figure().add_subplot()
    plots.gradient_reach(cut, g(f(x).detach()).sum(), {"f": f, "g": g})
    assert "reaches 0 of 2 parameters of f" in plots.alt_text(cut)
    f.requires_grad_(False)
    frozen = Figure().add_subplot()
    plots.gradient_reach(frozen, g(f(x)).sum(), {"f": f, "g": g})
    assert "reaches 0 of 2 parameters of f" in plots.alt_text(frozen)
    assert all(p.grad is None for net in (f, g) for p in net.parameters())


def test_gradient_reach_leaves_the_graph():
    f = nn.Linear(2, 1)
    loss = f(torch.ones(1, 2)).sum()
    plots.gradient_reach(Figure().add_subplot(), loss, {"f": f})
    loss.backward()
    assert f.weight.grad is not None


@pytest.mark.parametrize(
    ("loss", "modules"),
    [
        (torch.ones(2, requires_grad=True), {"f": nn.Linear(1, 1)}),
        (torch.ones(()), {"f": nn.Linear(1, 1)}),
        (torch.ones((), requires_grad=True), {"f": nn.Tanh()}),
        (1.0, {"f": nn.Linear(1, 1)}),
    ],
)
def test_gradient_reach_refuses_what_it_cannot_draw(loss, modules):
    with pytest.raises(SynthlabError):
        plots.gradient_reach(Figure().add_subplot(), loss, modules)
