"""Every source in the plane: its density is normalised, and it is what the source samples."""

from __future__ import annotations

import copy
import math
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import simpson
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from synthlab.data import (
    Checkerboard,
    EightGaussians,
    GaussianMixture,
    Grid,
    Ring,
    Spirals,
    TwoMoons,
)
from synthlab.errors import SynthlabError

UNEVEN = GaussianMixture(
    means=[[0.0, 0.0], [1.0, 0.5], [0.2, -1.0]], std=0.3, weights=[0.7, 0.2, 0.1]
)
# Each source with a box that holds all but e^-40 of its mass: 9 std around everything.
SMOOTH = {
    "ring": (Ring(), (-2.2, 2.2, -2.2, 2.2)),
    "ring-narrow": (Ring(radius=1.0, std=0.01), (-1.1, 1.1, -1.1, 1.1)),
    "ring-turned": (Ring(modes=5, std=0.1, rotation=0.7), (-3, 3, -3, 3)),
    "grid": (Grid(), (-4.5, 4.5, -4.5, 4.5)),
    "eight-gaussians": (EightGaussians(), (-6.1, 6.1, -6.1, 6.1)),
    "uneven": (UNEVEN, (-2.8, 3.8, -3.8, 3.3)),
    "moons": (TwoMoons(std=0.1), (-1.9, 2.9, -1.4, 1.9)),
    "moons-narrow": (TwoMoons(std=0.05), (-1.45, 2.45, -0.95, 1.45)),
    "spirals": (Spirals(), (-4.1, 4.1, -4.1, 4.1)),
}
ALL = {name: source for name, (source, _) in SMOOTH.items()} | {"checkerboard": Checkerboard()}

every_source = pytest.mark.parametrize("source", ALL.values(), ids=ALL.keys())
every_smooth = pytest.mark.parametrize(("source", "box"), SMOOTH.values(), ids=SMOOTH.keys())


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@cache
def quadrature(source, box) -> tuple[torch.Tensor, torch.Tensor, float]:
    """Points, log-density and area: the trapezoid rule with two points a standard deviation.

    A Gaussian sampled at spacing h aliases with exp(-(2 pi std / h)^2 / 2) = e^-79.
    """
    x0, x1, y0, y1 = box
    h = source.std / 2
    x = torch.arange(x0, x1, h, dtype=torch.float64)
    y = torch.arange(y0, y1, h, dtype=torch.float64)
    points = torch.cartesian_prod(x, y)
    return points, source.log_prob(points), h * h


@every_smooth
def test_density_integrates_to_one(source, box):
    _, log_p, area = quadrature(source, box)
    assert abs(float(log_p.exp().sum()) * area - 1) < 1e-9


def test_checkerboard_integrates_to_one():
    # The midpoint rule with pixels that divide the cells is exact for a constant.
    side = torch.arange(-5.0, 5.0, 0.1, dtype=torch.float64) + 0.05
    p = Checkerboard().log_prob(torch.cartesian_prod(side, side)).exp()
    assert float(p.sum()) * 0.01 == pytest.approx(1, abs=1e-12)


@every_smooth
def test_entropy_is_minus_the_integral_of_p_log_p(source, box):
    _, log_p, area = quadrature(source, box)
    # Two points a standard deviation also resolve log p where modes meet, to 1e-5.
    assert source.entropy == pytest.approx(-float((log_p.exp() * log_p).sum()) * area, abs=1e-5)


@pytest.mark.parametrize(
    ("source", "nats", "tolerance"),
    [
        # Modes that do not overlap: log K + log(2 pi e std^2); neighbours are 38 std apart.
        (Ring(radius=1.0, std=0.01), math.log(8) + math.log(2 * math.pi * math.e * 0.01**2), 1e-9),
        (Ring(radius=1.0, std=0.01), -4.2930, 5e-5),
        (Ring(radius=2.0, std=0.02), -2.9067, 5e-5),
        (Grid(side=5, std=0.05), 0.0653, 5e-5),
        # One mode, however narrow: the entropy of a Gaussian.
        (Ring(modes=1, std=1e-4), math.log(2 * math.pi * math.e * 1e-8), 1e-9),
        # A little less than the 2.838 of modes that do not overlap.
        (EightGaussians(), 2.833, 2e-3),
        (Checkerboard(), math.log(32), 1e-12),
        # Two moons: a dense 4,000-node midpoint rule along each arm on a plain grid gives these.
        # (Monte Carlo had given 0.295, 0.480 and 1.002, which are up to 0.006 off.)
        (TwoMoons(std=0.05), 0.28923, 1e-5),
        (TwoMoons(std=0.06), 0.47705, 1e-5),
        (TwoMoons(std=0.10), 1.00758, 1e-5),
    ],
)
def test_entropy_of_the_reference_table(source, nats, tolerance):
    assert source.entropy == pytest.approx(nats, abs=tolerance)


@every_source
def test_samples_have_the_entropy_of_the_density(source):
    n = 20_000
    surprise = -source.log_prob(source.sample(n, seeded()).x.double())
    # 5 standard errors: a false alarm once in 2 million seeds; a wrong std of 5 % is 14 of them.
    spread = float(surprise.std()) / math.sqrt(n)
    assert abs(float(surprise.mean()) - source.entropy) <= 5 * spread + 1e-9


@every_smooth
def test_samples_have_the_moments_of_the_density(source, box):
    points, log_p, area = quadrature(source, box)
    x = source.sample(20_000, seeded(1)).x.double()

    def moments(z):  # means, then the second moments with the mixed one
        return torch.stack((z[:, 0], z[:, 1], z[:, 0] ** 2, z[:, 1] ** 2, z[:, 0] * z[:, 1]), 1)

    truth = (moments(points) * log_p.exp()[:, None]).sum(0) * area
    drawn = moments(x)
    error = (drawn.mean(0) - truth).abs()
    assert (error <= 5 * drawn.std(0) / math.sqrt(len(x)) + 1e-9).all()


@every_source
def test_same_generator_same_data(source):
    first, again, other = (source.sample(50, seeded(s)) for s in (3, 3, 4))
    assert torch.equal(first.x, again.x)
    assert torch.equal(first.condition, again.condition)
    assert not torch.equal(first.x, other.x)


@every_source
def test_global_generator_is_neither_used_nor_moved(source):
    torch.manual_seed(0)
    before = torch.get_rng_state()
    fresh = source.sample(50).x
    source.sample(50, seeded())
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(0)
    assert not torch.equal(source.sample(50).x, fresh)


@every_source
def test_shapes_and_types(source):
    for n in (0, 1, 7):
        x, condition = source.sample(n, seeded())
        assert x.shape == (n, 2)
        assert x.dtype == torch.float32
        assert condition.shape == (n,)
        assert condition.dtype == torch.int64
        assert source.log_prob(x).shape == (n,)
    assert source.dim == 2


@every_source
def test_log_prob_keeps_the_dtype_and_agrees_between_them(source):
    x = source.sample(200, seeded()).x
    single, double = source.log_prob(x), source.log_prob(x.double())
    assert single.dtype == torch.float32
    assert double.dtype == torch.float64
    # Only the result is rounded: half a unit in the last place of numbers below 64.
    assert (single.double() - double).abs().max() < 4e-6


@every_smooth
def test_log_prob_is_finite_far_away(source, box):
    x = torch.tensor([[1e3, -1e3], [0.0, 1e5]])
    assert source.log_prob(x).isfinite().all()
    assert source.log_prob(x.double()).isfinite().all()


@every_source
def test_bounds_show_the_data(source):
    low, high = source.bounds
    x = source.sample(10_000, seeded()).x
    outside = ((x < low) | (x > high)).any(dim=1)
    # 4 std on each side leave at most 4 * 3.2e-5 outside: 1.3 expected, 12 once in 10^8 seeds.
    assert int(outside.sum()) <= 12
    assert type(low) is float
    assert type(high) is float


@given(st.integers(1, 60), st.floats(0.1, 10), st.floats(-7, 7))
def test_ring_centres_are_distinct_and_evenly_spaced(modes, radius, rotation):
    centres = Ring(modes=modes, radius=radius, std=0.02, rotation=rotation).means
    assert centres.shape == (modes, 2)
    assert torch.allclose(centres.norm(dim=1), torch.tensor(radius, dtype=torch.float64))
    first = radius * torch.tensor([math.cos(rotation), math.sin(rotation)], dtype=torch.float64)
    assert torch.allclose(centres[0], first)
    # Neighbours are a chord apart, the last and the first too: 2 r sin(pi / K).
    chord = (centres - centres.roll(1, dims=0)).norm(dim=1)
    expected = 2 * radius * math.sin(math.pi / modes)
    assert torch.allclose(chord, torch.full_like(chord, expected), atol=1e-9)


@pytest.mark.parametrize("source", [Ring(), Grid(), Ring(modes=5, std=0.1)], ids=repr)
def test_condition_is_the_nearest_mode(source):
    x, mode = source.sample(4000, seeded())
    nearest = torch.cdist(x.double(), source.means).argmin(dim=1)
    assert torch.equal(nearest, mode)  # half the distance of neighbours is 11 std or more


@every_source
def test_conditions_have_their_weights(source):
    n = 20_000
    condition = source.sample(n, seeded(2)).condition
    modes = int(condition.max()) + 1
    p = getattr(source, "weights", torch.full((modes,), 1 / modes, dtype=torch.float64))
    share = torch.bincount(condition, minlength=len(p)) / n
    assert ((share - p).abs() <= 5 * (p * (1 - p) / n).sqrt()).all()


def test_condition_of_the_checkerboard_is_its_cell():
    x, cell = Checkerboard().sample(4000, seeded())
    column, row = ((x + 4) / 2).floor().clamp(0, 3).long().unbind(dim=1)
    assert torch.equal(cell, 2 * column + row // 2)
    assert torch.equal((column + row) % 2, torch.zeros_like(cell))


def test_condition_of_the_moons_is_the_arm():
    x, moon = TwoMoons(std=1e-4).sample(1000, seeded())
    upper = x[:, 0].square() + x[:, 1].square()
    lower = (1 - x[:, 0]).square() + (0.5 - x[:, 1]).square()
    on_arm = torch.where(moon == 0, upper, lower)
    assert (on_arm - 1).abs().max() < 2e-3  # 2 r std, times 5 standard deviations


def test_mixture_agrees_with_torch_distributions():
    reference = MixtureSameFamily(
        Categorical(UNEVEN.weights), Independent(Normal(UNEVEN.means, UNEVEN.std), 1)
    )
    x = 2 * torch.randn(500, 2, dtype=torch.float64, generator=seeded())
    # The expanded square cancels |m|^2 / std^2 = 14 of 1e-16 each: 1e-12 is generous.
    assert torch.allclose(UNEVEN.log_prob(x), reference.log_prob(x), rtol=0, atol=1e-12)


def test_gradient_of_log_prob_is_the_score():
    gaussian = GaussianMixture(means=[[1.0, -2.0]], std=0.5)
    x = torch.randn(20, 2, dtype=torch.float64, generator=seeded(), requires_grad=True)
    (score,) = torch.autograd.grad(gaussian.log_prob(x).sum(), x)
    assert torch.allclose(score, -(x - gaussian.means) / 0.25)


def moons(t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Both arms ``(T, 2)`` and the density of the position ``(T,)``."""
    upper = np.stack((np.cos(t), np.sin(t)), axis=-1)
    return upper, np.array([1.0, 0.5]) - upper, np.full_like(t, 1 / np.pi)


def spirals(t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    arm = np.stack((-t * np.cos(t), t * np.sin(t)), axis=-1) / 3
    return arm, -arm, 2 * t / (3 * np.pi) ** 2


def brute_force(curve, end: float, std: float, points: np.ndarray) -> np.ndarray:
    """log p by Simpson's rule with 20,000 panels: more than 100 a standard deviation."""
    t = np.linspace(0, end, 20_001)
    first, second, density = curve(t)
    log_p = []
    for x in points:
        near = [-((arm - x) ** 2).sum(-1) / (2 * std**2) for arm in (first, second)]
        log_integrand = np.logaddexp(*near) + np.log(np.maximum(density, 1e-300))
        peak = log_integrand.max()
        log_p.append(peak + np.log(simpson(np.exp(log_integrand - peak), x=t)))
    return np.array(log_p) - np.log(4 * np.pi * std**2)  # 1/2 an arm, 1/(2 pi std^2)


@pytest.mark.parametrize(
    ("source", "curve", "end"),
    [
        (TwoMoons(std=0.1), moons, math.pi),
        (TwoMoons(std=0.03), moons, math.pi),
        (Spirals(), spirals, 3 * math.pi),
    ],
    ids=["moons", "narrow-moons", "spirals"],
)
def test_curve_densities_agree_with_brute_force(source, curve, end):
    x = source.sample(30, seeded()).x.double()
    away = x + 5 * source.std * torch.randn(30, 2, dtype=torch.float64, generator=seeded(1))
    points = torch.cat((x, away))
    reference = torch.from_numpy(brute_force(curve, end, source.std, points.numpy()))
    assert (source.log_prob(points) - reference).abs().max() < 1e-5


@pytest.mark.parametrize(
    "make",
    [
        lambda: Ring(modes=0),
        lambda: Ring(modes=2.5),
        lambda: Ring(radius=0.0),
        lambda: Ring(std=0.0),
        lambda: Ring(std=-1.0),
        lambda: Ring(std=math.nan),
        lambda: Ring(std="wide"),
        lambda: Ring(rotation=math.inf),
        lambda: Grid(side=0),
        lambda: Grid(spacing=-2.0),
        lambda: TwoMoons(std=0.0),
        lambda: Spirals(std=math.inf),
        lambda: GaussianMixture(means=[[0.0, 0.0, 0.0]], std=1.0),
        lambda: GaussianMixture(means=[], std=1.0),
        lambda: GaussianMixture(means="centres", std=1.0),
        lambda: GaussianMixture(means=torch.zeros(0, 2), std=1.0),
        lambda: GaussianMixture(means=[[0.0, math.nan]], std=1.0),
        lambda: GaussianMixture(means=[[0.0, 0.0]], std=1.0, weights=[0.5]),
        lambda: GaussianMixture(means=[[0.0, 0.0]], std=1.0, weights=[0.5, 0.5]),
        lambda: GaussianMixture(means=[[0.0, 0.0], [1.0, 0.0]], std=1.0, weights=[1.0, 0.0]),
        lambda: Ring().sample(-1),
        lambda: Ring().sample(2.5),
        lambda: Ring().sample(2, generator=0),
        lambda: Ring().log_prob(torch.zeros(3)),
        lambda: Ring().log_prob(torch.zeros(3, 3)),
        lambda: Ring().log_prob([[0.0, 0.0]]),
        lambda: Ring().log_prob(torch.zeros(3, 2, dtype=torch.int64)),
        lambda: Ring().log_prob(torch.tensor([[0.0, math.nan]])),
        lambda: Checkerboard().log_prob(torch.tensor([[math.inf, 0.0]])),
    ],
)
def test_bad_input_gets_one_sentence(make):
    with pytest.raises(SynthlabError) as caught:
        make()
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message


def test_sources_never_change():
    ring = Ring()
    with pytest.raises(AttributeError, match="never changes"):
        ring.std = 0.5
    twin = copy.deepcopy(ring)
    assert torch.equal(twin.sample(5, seeded()).x, ring.sample(5, seeded()).x)
    assert repr(twin) == "Ring(modes=8, radius=2.0, std=0.02, rotation=0.0)"


def test_a_doubled_centre_is_named():
    """The ring of 8 modes that has 7: linspace repeats the first angle."""
    angle = np.linspace(0, 2 * np.pi, 8)
    centres = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    with pytest.raises(SynthlabError, match=r"number 0 and number 7.*only 7 modes.*endpoint=False"):
        GaussianMixture(means=centres, std=0.02)
    with pytest.raises(SynthlabError, match=r"number 1 and number 2.*leave one of them out"):
        GaussianMixture(means=[[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [2.0, 0.0]], std=0.02)
    close = [[0.0, 0.0], [1e-3, 0.0]]  # close is not the same
    assert len(GaussianMixture(means=close, std=0.02).means) == 2
