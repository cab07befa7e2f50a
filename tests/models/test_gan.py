"""The GAN: gradients of the losses, who moves in which step, the game's known solution."""

from __future__ import annotations

import copy
import math

import pytest
import torch
from torch import nn

from synthlab.data import Batch, Finite, GaussianMixture, Images, Ring
from synthlab.errors import SynthlabError
from synthlab.models import gan, nets
from synthlab.models.gan import GAN, ConditionalGAN
from synthlab.training import train

LOGITS = torch.tensor([-200.0, -3.0, -0.5, 0.0, 0.5, 3.0, 200.0], dtype=torch.float64)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def points(seed: int) -> torch.Tensor:
    return torch.randn(8, 2, generator=generator(seed))


def gradient(loss, logits):
    logits = logits.clone().requires_grad_()
    loss(logits).backward()
    return logits.grad * len(logits)  # the losses average: undo it


def values(net: nn.Module) -> list[torch.Tensor]:
    return [p.detach().clone() for p in net.parameters()]


def equal(a: list[torch.Tensor], b: list[torch.Tensor]) -> bool:
    return all(torch.equal(x, y) for x, y in zip(a, b, strict=True))


# The losses: derivatives by hand, d softplus(l) / dl = sigma(l).
DERIVATIVES = {
    "non-saturating": (gan.non_saturating_loss, lambda v: torch.sigmoid(v) - 1),
    "minimax": (gan.minimax_loss, lambda v: -torch.sigmoid(v)),
    "least squares": (gan.least_squares_generator_loss, lambda v: v - 1),
    "discriminator, real": (
        lambda v: gan.discriminator_loss(v, torch.zeros(1)),
        lambda v: torch.sigmoid(v) - 1,
    ),
    "discriminator, fake": (lambda v: gan.discriminator_loss(torch.zeros(1), v), torch.sigmoid),
    "least squares, real": (
        lambda v: gan.least_squares_discriminator_loss(v, torch.zeros(1)),
        lambda v: v - 1,
    ),
    "least squares, fake": (
        lambda v: gan.least_squares_discriminator_loss(torch.zeros(1), v),
        lambda v: v,
    ),
}


@pytest.mark.parametrize("name", DERIVATIVES)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gradient_in_the_logit(name, dtype):
    loss, derivative = DERIVATIVES[name]
    logits = LOGITS.to(dtype)
    # A handful of float operations, each good to one unit in the last place.
    tolerance = 8 * torch.finfo(dtype).eps
    torch.testing.assert_close(
        gradient(loss, logits), derivative(logits), rtol=tolerance, atol=tolerance
    )


def test_losses_are_right_and_finite_at_200():
    low, high = torch.tensor([-200.0]), torch.tensor([200.0])
    # softplus(-200) < 1e-86 is 0 in float32; softplus(200) = 200.
    assert gan.discriminator_loss(high, low).item() == 0
    assert gan.discriminator_loss(low, high).item() == 400
    assert gan.non_saturating_loss(low).item() == 200
    assert gan.minimax_loss(high).item() == -200
    assert gan.least_squares_generator_loss(low).item() == pytest.approx(0.5 * 201**2)


def test_losses_average_whatever_the_shape():
    logits = torch.randn(6, generator=generator())
    for loss in (gan.non_saturating_loss, gan.minimax_loss, gan.least_squares_generator_loss):
        torch.testing.assert_close(loss(logits), loss(logits.view(3, 2)))
    real, fake = torch.zeros(4), torch.zeros(2)
    # An undecided discriminator pays log 2 for the real half and log 2 for the fake half.
    assert gan.discriminator_loss(real, fake).item() == pytest.approx(math.log(4))


# One step moves one network.


@pytest.fixture
def players():
    model = GAN.mlp(hidden=16, seed=3)
    return model.generator, model.discriminator


def gradients(net: nn.Module) -> list[torch.Tensor]:
    return [p.grad.clone() for p in net.parameters()]


def test_discriminator_step_leaves_the_generator_alone(players):
    G, D = players
    before_g, before_d = values(G), values(D)
    real, z = points(1), points(2)
    loss = gan.discriminator_step(G, D, torch.optim.SGD(D.parameters(), 1.0), real, z)
    assert isinstance(loss, float)
    assert equal(values(G), before_g)
    assert all(p.grad is None for p in G.parameters())
    assert not any(torch.equal(a, b) for a, b in zip(values(D), before_d, strict=True))


def test_generator_step_leaves_the_discriminator_alone(players):
    G, D = players
    next(D.parameters()).requires_grad_(False)  # someone's choice, to be found as it was
    required = [p.requires_grad for p in D.parameters()]
    before_g, before_d = values(G), values(D)
    loss = gan.generator_step(G, D, torch.optim.SGD(G.parameters(), 1.0), points(2))
    assert isinstance(loss, float)
    assert equal(values(D), before_d)
    assert all(p.grad is None for p in D.parameters())
    assert [p.requires_grad for p in D.parameters()] == required
    assert not any(torch.equal(a, b) for a, b in zip(values(G), before_g, strict=True))


def test_frozen_thaws_when_the_step_fails(players):
    G, D = players

    def broken(logits):
        raise ZeroDivisionError

    optimizer = torch.optim.SGD(G.parameters(), 1.0)
    with pytest.raises(ZeroDivisionError):
        gan.generator_step(G, D, optimizer, points(2), broken)
    assert all(p.requires_grad for p in D.parameters())


def test_equal_calls_have_equal_gradients(players):
    G, D = players
    real, z = points(1), points(2)
    still = [torch.optim.SGD(net.parameters(), 0.0) for net in (G, D)]
    for net, step in (
        (G, lambda: gan.generator_step(G, D, still[0], z)),
        (D, lambda: gan.discriminator_step(G, D, still[1], real, z)),
    ):
        step()
        first = gradients(net)
        step()
        assert equal(gradients(net), first)


def test_step_follows_the_gradient_of_the_loss(players):
    G, D = (net.double() for net in players)
    real, z = points(1).double(), points(2).double()
    parameter = D[0].bias
    before = parameter[0].item()

    def loss(value: float) -> float:
        with torch.no_grad():
            parameter[0] = value
            return gan.discriminator_loss(D(real), D(G(z))).item()

    # Central difference in float64: truncation ~ h^2 = 1e-10, rounding ~ eps / h = 2e-11; unless
    # a unit's kink lies within h, and with this seed none does.
    h = 1e-5
    slope = (loss(before + h) - loss(before - h)) / (2 * h)
    loss(before)
    gan.discriminator_step(G, D, torch.optim.SGD(D.parameters(), 1.0), real, z)
    assert parameter[0].item() == pytest.approx(before - slope, abs=1e-8)


# The game's solution.


def plane(side: int = 400, half: float = 6.0) -> tuple[torch.Tensor, float]:
    """Midpoints of a square grid (side², 2) in float64, and the area of a cell."""
    cell = 2 * half / side
    axis = -half + cell * (torch.arange(side, dtype=torch.float64) + 0.5)
    return torch.cartesian_prod(axis, axis), cell**2


def two_gaussians() -> tuple[GaussianMixture, GaussianMixture]:
    return (
        GaussianMixture(means=[[-0.5, 0.0]], std=1.0),
        GaussianMixture(means=[[0.5, 0.0]], std=1.0),
    )


def test_optimal_discriminator_is_p_over_p_plus_q():
    p, q = torch.tensor([0.2, 0.0, 3.0, 1.0]), torch.tensor([0.6, 1.0, 0.0, 1.0])
    d = gan.optimal_discriminator(p.log(), q.log())
    torch.testing.assert_close(d, torch.tensor([0.25, 0.0, 1.0, 0.5]))
    nothing = torch.tensor([-math.inf])
    assert gan.optimal_discriminator(nothing, nothing).isnan().all()


def test_value_of_the_game_at_the_optimum():
    p, q = two_gaussians()
    x, cell = plane()
    log_p, log_q = p.log_prob(x), q.log_prob(x)
    log_m = torch.logaddexp(log_p, log_q) - math.log(2)
    jsd = 0.5 * (log_p.exp() * (log_p - log_m) + log_q.exp() * (log_q - log_m)).sum() * cell
    d = gan.optimal_discriminator(log_p, log_q)
    v = (log_p.exp() * d.log() + log_q.exp() * (1 - d).log()).sum() * cell
    # The grid loses the mass beyond 6: 5.5 sigma from the nearer centre, about 1e-7.
    assert v.item() == pytest.approx(-math.log(4) + 2 * jsd.item(), abs=1e-6)
    assert 0 < jsd < math.log(2)

    # By samples, with the logits log p - log q; each of the two terms lies in [-3, 0] almost
    # always and has a standard deviation below 0.5, so five standard errors are below
    # 5 * sqrt(2) * 0.5 / sqrt(200_000) = 0.008.
    g = generator()
    real, fake = (source.sample(200_000, g).x for source in (p, q))
    logits = [p.log_prob(y) - q.log_prob(y) for y in (real, fake)]
    assert gan.game_value(*logits).item() == pytest.approx(v.item(), abs=0.008)


def test_discriminator_alone_learns_p_over_p_plus_q():
    p, q = two_gaussians()
    # A fixed "generator": z ~ N(0, I) shifted to q's centre is a sample of q.
    G = nn.Linear(2, 2)
    with torch.no_grad():
        G.weight.copy_(torch.eye(2))
        G.bias.copy_(torch.tensor([0.5, 0.0]))
    with nets.seeded(0):
        D = nets.perceptron(2, 1, 32, 1, nn.Tanh()).append(nn.Flatten(0))
    model = GAN(G, D, lr=5e-3, betas=(0.9, 0.999))
    run = train(model, p, batch_size=512)
    for _ in range(400):
        run.advance(parts=["discriminator"])
    x = p.sample(2000, run.generator).x
    with torch.no_grad():
        learned = torch.sigmoid(D(x))
    error = (learned - gan.optimal_discriminator(p.log_prob(x), q.log_prob(x))).abs().mean()
    # D* = sigma(-x_1): had D learned nothing (1/2 everywhere) the mean error would be 0.2.
    assert error < 0.04


# The model.


def test_parts_move_alone():
    batch = Ring().sample(32, generator())
    for part, other in (("generator", "discriminator"), ("discriminator", "generator")):
        for parts in ([part], {part}, part):
            model = GAN.mlp(hidden=8)
            still, moving = values(getattr(model, other)), values(getattr(model, part))
            losses = model.update(batch, generator(), parts)
            assert list(losses) == [part]
            assert equal(values(getattr(model, other)), still)
            assert not equal(values(getattr(model, part)), moving)
    assert list(model.update(batch, generator())) == ["discriminator", "generator"]
    assert model.update(batch, generator(), []) == {}


def test_unknown_part_names_the_nearest():
    model = GAN.mlp(hidden=8)
    before = values(model)
    with pytest.raises(SynthlabError, match=r"'generater'.*'generator'"):
        model.update(Ring().sample(4, generator()), generator(), ["discriminator", "generater"])
    assert equal(values(model), before)


def test_same_seed_same_weights_and_global_generator_untouched():
    state = torch.random.get_rng_state()
    model = GAN.mlp(hidden=8, seed=5)
    model.update(Ring().sample(4, generator()), generator())
    model.sample(3)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert equal(values(GAN.mlp(hidden=8, seed=5)), values(GAN.mlp(hidden=8, seed=5)))
    assert not equal(values(GAN.mlp(hidden=8, seed=5)), values(GAN.mlp(hidden=8, seed=6)))


def test_shapes_and_noise():
    model = GAN.mlp(noise_dim=3, hidden=8, depth=1)
    assert model.noise(5, generator()).shape == (5, 3)
    assert model.sample(7, generator()).shape == (7, 2)
    assert not model.sample(7).requires_grad
    assert torch.equal(model.sample(7, generator(1)), model.sample(7, generator(1)))
    assert not torch.equal(model.sample(7), model.sample(7))  # from entropy: two draws differ
    assert model.discriminator(torch.zeros(5, 2)).shape == (5,)


def test_each_step_has_fresh_noise():
    seen = []

    def d_step(G, D, optimizer, real, z, loss):
        seen.append(z)
        return 0.0

    def g_step(G, D, optimizer, z, loss):
        seen.append(z)
        return 0.0

    model = GAN.mlp(hidden=8, discriminator_step=d_step, generator_step=g_step)
    model.update(Ring().sample(4, generator()), generator())
    assert not torch.equal(*seen)


def test_your_own_losses_and_steps_are_used():
    calls = []

    def d_loss(real, fake):
        calls.append("discriminator_loss")
        return gan.least_squares_discriminator_loss(real, fake)

    def g_loss(fake):
        calls.append("generator_loss")
        return gan.least_squares_generator_loss(fake)

    def d_step(*arguments):
        calls.append("discriminator_step")
        return gan.discriminator_step(*arguments)

    def g_step(*arguments):
        calls.append("generator_step")
        return gan.generator_step(*arguments)

    model = GAN.mlp(
        hidden=8,
        discriminator_loss=d_loss,
        generator_loss=g_loss,
        discriminator_step=d_step,
        generator_step=g_step,
    )
    batch = Ring().sample(4, generator())
    losses = model.update(batch, generator())
    assert calls == ["discriminator_step", "discriminator_loss", "generator_step", "generator_loss"]

    plain = GAN.mlp(
        hidden=8,
        discriminator_loss=gan.least_squares_discriminator_loss,
        generator_loss=gan.least_squares_generator_loss,
    )
    assert plain.update(batch, generator()) == losses
    assert equal(values(plain), values(model))


def test_copy_is_independent_and_its_optimisers_move_it():
    model = GAN.mlp(hidden=8)
    batch = Ring().sample(4, generator())
    model.update(batch, generator())
    twin = copy.deepcopy(model)
    before = values(model)
    twin.update(batch, generator(1))
    assert equal(values(model), before)
    model.update(batch, generator(1))
    assert equal(values(model), values(twin))


# The conditional variant.


def test_conditional_gan_learns_the_label():
    source = Ring(modes=3, radius=1.0, std=0.1)
    model = ConditionalGAN.mlp(hidden=32, classes=3)
    list(train(model, source, steps=300, batch_size=128))
    labels = torch.arange(3).repeat(200)
    x = model.sample(600, generator(), condition=labels)
    assert x.shape == (600, 2)
    nearest = torch.cdist(x, source.means.float()).argmin(1)
    # Without knowing the label a third would agree.
    assert (nearest == labels).float().mean() > 0.9


def test_conditional_pairs_keep_their_label():
    model = ConditionalGAN.mlp(noise_dim=2, hidden=8, classes=3)
    condition = torch.tensor([2, 0])
    seen = {}

    def d_step(G, D, optimizer, real, z, loss):
        seen.update(real=real, fake=G(z))
        return 0.0

    model.discriminator_step = d_step
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    model.update(Batch(x, condition), generator(), ["discriminator"])
    code = torch.tensor([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    torch.testing.assert_close(seen["real"], torch.cat([x, code], 1))
    torch.testing.assert_close(seen["fake"][:, 2:], code)


@pytest.mark.parametrize(
    "condition",
    [
        None,
        torch.tensor([0, 3]),
        torch.tensor([-1, 0]),
        torch.tensor([0, 1, 2]),  # three labels for two points
        torch.tensor([0.0, 1.0]),
    ],
)
def test_conditional_gan_needs_labels_that_it_knows(condition):
    model = ConditionalGAN.mlp(hidden=8, classes=3)
    with pytest.raises(SynthlabError, match="Give a condition"):
        model.update(Batch(torch.zeros(2, 2), condition), generator())


def test_a_gan_draws_what_its_generator_makes():
    """Colour images, here: no axis of the samples is taken for the plane's."""
    kind = Images(3, 4, 4)
    source = Finite(kind, torch.rand(20, *kind.shape, generator=generator()))
    G = nn.Sequential(nn.Linear(2, 48), nn.Sigmoid(), nn.Unflatten(1, kind.shape))
    D = nn.Sequential(nn.Flatten(), nn.Linear(48, 1), nn.Flatten(0))
    model = GAN(G, D)
    before = values(G), values(D)
    next(train(model, source, steps=1, batch_size=6))
    assert not equal(before[0], values(G))
    assert not equal(before[1], values(D))
    assert kind.check(model.sample(5, generator())).shape == (5, 3, 4, 4)
