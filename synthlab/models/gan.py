"""Generative adversarial networks: two networks, one game.

A generator G turns noise z into points x. A discriminator D gives every point a logit: how much
it looks real rather than made. D is trained to tell the two apart, G to be taken for real
(Goodfellow et al. 2014, "Generative Adversarial Nets"). All losses take logits: with
D(x) = sigmoid(l), -log D(x) is softplus(-l) and -log(1 - D(x)) is softplus(l), which stay exact
where float32's ``log(sigmoid(-89))`` is already -inf.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Self

import torch
import torch.nn.functional as F  # noqa: N812 - everybody's name for it
from torch import Tensor, nn

from synthlab.data.source import Batch, use_generator
from synthlab.errors import SynthlabError
from synthlab.models import nets


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Call the real real and the fake fake: E[-log D(x)] + E[-log(1 - D(G(z)))], in nats."""
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def minimax_loss(fake_logits: Tensor) -> Tensor:
    """What D gains, G loses: E[log(1 - D(G(z)))]. Its gradient, -sigma(l), dies when D wins."""
    return -F.softplus(fake_logits).mean()


def non_saturating_loss(fake_logits: Tensor) -> Tensor:
    """Be taken for real: E[-log D(G(z))]. Its gradient, sigma(l) - 1, is largest when D wins."""
    return F.softplus(-fake_logits).mean()


def least_squares_discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Push real outputs to 1 and fake ones to 0 (Mao et al. 2017, eq. 9; no sigmoid)."""
    return 0.5 * (real_logits - 1).square().mean() + 0.5 * fake_logits.square().mean()


def least_squares_generator_loss(fake_logits: Tensor) -> Tensor:
    """Push the outputs for fakes to 1 (Mao et al. 2017, eq. 9)."""
    return 0.5 * (fake_logits - 1).square().mean()


def optimal_discriminator(log_p: Tensor, log_q: Tensor) -> Tensor:
    """The best answer to densities p and q: D* = p / (p + q), a probability; nan for 0 / 0."""
    return torch.sigmoid(log_p - log_q)


def game_value(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """V(D) = E_p[log D] + E_q[log(1 - D)] in nats; at D* it is -log 4 + 2 JSD(p, q)."""
    return -discriminator_loss(real_logits, fake_logits)


def discriminator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    real: Tensor,  # (B, 2)
    z: Tensor,  # (B, noise_dim)
    loss: Callable[[Tensor, Tensor], Tensor] = discriminator_loss,
) -> float:
    """Move the discriminator one step; return its loss. The generator is not touched."""
    with torch.no_grad():  # the fakes are data here: nothing flows back into the generator
        fake = generator(z)  # (B, noise_dim) -> (B, 2)
    value = loss(discriminator(real), discriminator(fake))  # (B,), (B,) -> ()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.item()


def generator_step(
    generator: nn.Module,
    discriminator: nn.Module,
    optimizer: torch.optim.Optimizer,
    z: Tensor,  # (B, noise_dim)
    loss: Callable[[Tensor], Tensor] = non_saturating_loss,
) -> float:
    """Move the generator one step; return its loss. The discriminator is not touched."""
    with nets.frozen(discriminator):  # the gradient goes through the discriminator, not into it
        value = loss(discriminator(generator(z)))  # (B, noise_dim) -> (B, 2) -> (B,) -> ()
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    return value.item()


class GAN(nn.Module):
    """A generator and a discriminator, each with its own Adam.

    Args:
        generator: Maps noise (B, noise_dim) to samples, such as points (B, 2).
        discriminator: Maps samples to logits (B,).
        noise_dim: Width of the noise.
        discriminator_loss, generator_loss, discriminator_step, generator_step: Functions of
            logits, and one optimisation step each; your own fit here. A step may ask for more
            by name, with an attribute ``wants``: ``real``, the batch; ``noise``, which
            draws another z (B, noise_dim); ``random``, the run's `torch.Generator`.
        prior: Draws the noise, N(0, I) or, for example, `nets.uniform`.
        lr, betas: Adam's learning rate and its two decay rates, for both networks.
    """

    classes = 0  # labels that the networks are told: see ConditionalGAN

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        noise_dim: int = 2,
        *,
        discriminator_loss: Callable[[Tensor, Tensor], Tensor] = discriminator_loss,
        generator_loss: Callable[[Tensor], Tensor] = non_saturating_loss,
        discriminator_step: Callable[..., float] = discriminator_step,
        generator_step: Callable[..., float] = generator_step,
        prior: Callable[..., Tensor] = torch.randn,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.5, 0.99),
    ) -> None:
        super().__init__()
        self.generator, self.discriminator = generator, discriminator
        self.noise_dim, self.prior = noise_dim, prior
        self.discriminator_loss, self.generator_loss = discriminator_loss, generator_loss
        self.discriminator_step, self.generator_step = discriminator_step, generator_step
        self.optimizers: dict[str, torch.optim.Optimizer] = {
            name: torch.optim.Adam(net.parameters(), lr, betas, fused=True)
            for name, net in (("discriminator", discriminator), ("generator", generator))
        }

    @classmethod
    def mlp(
        cls, noise_dim: int = 2, hidden: int = 128, depth: int = 2, seed: int = 0, **options: Any
    ) -> Self:
        """Two perceptrons for points in the plane; the seed decides their first weights."""
        labels = options.get("classes", cls.classes)
        with nets.seeded(seed):
            G = nets.perceptron(noise_dim + labels, 2, hidden, depth, nn.Tanh())
            D = nets.perceptron(2 + labels, 1, hidden, depth, nn.LeakyReLU(0.2))
        return cls(G, D.append(nn.Flatten(0)), noise_dim, **options)  # D: (B, 1) -> (B,)

    def noise(self, n: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw n rows of noise: (n, noise_dim)."""
        return self.prior(n, self.noise_dim, generator=use_generator(generator))

    def tagged(self, x: Tensor, condition: Tensor | None) -> Tensor:
        """What a network sees of points or noise x (n, width): here x as it is."""
        return x

    def update(
        self, batch: Batch, generator: torch.Generator, parts: Collection[str] | None = None
    ) -> dict[str, float]:
        """Make a step of the discriminator, then one of the generator; return their losses.

        With ``parts``, a collection of those two names, the other network stays as it is.
        """
        G, D, losses = self.generator, self.discriminator, {}
        real = self.tagged(batch.x, batch.condition)

        def noise() -> Tensor:
            return self.tagged(self.noise(len(batch.x), generator), batch.condition)

        def wanted(step: Callable[..., float]) -> dict[str, Any]:
            offered = {"real": real, "noise": noise, "random": generator}
            return {name: offered[name] for name in getattr(step, "wants", ())}

        for part in nets.chosen(parts, self.optimizers):  # each part gets noise of its own
            z, optimizer = noise(), self.optimizers[part]
            if part == "discriminator":
                step, more = self.discriminator_step, wanted(self.discriminator_step)
                losses[part] = step(G, D, optimizer, real, z, self.discriminator_loss, **more)
            else:
                step, more = self.generator_step, wanted(self.generator_step)
                losses[part] = step(G, D, optimizer, z, self.generator_loss, **more)
        return losses

    @torch.no_grad()
    def sample(
        self, n: int, generator: torch.Generator | None = None, condition: Tensor | None = None
    ) -> Tensor:
        """Draw n samples. A `ConditionalGAN` draws the given labels, (n,) int64."""
        x: Tensor = self.generator(self.tagged(self.noise(n, generator), condition))
        return x


class ConditionalGAN(GAN):
    """A GAN of labelled points, which draws the label you ask for (Mirza & Osindero 2014).

    The label travels as a one-hot code c (B, classes) beside noise and point: real pairs are
    [x, c], fake pairs [G([z, c]), c], and the same two steps train on them. So the generator
    maps (B, noise_dim + classes) to (B, 2), and the discriminator (B, 2 + classes) to (B,).
    """

    classes = 8

    def __init__(
        self, generator: nn.Module, discriminator: nn.Module, noise_dim: int = 2, **options: Any
    ) -> None:
        classes = options.pop("classes", self.classes)
        paired = nets.PassOn(generator, classes)  # [z, c] -> [G([z, c]), c]
        super().__init__(paired, discriminator, noise_dim, **options)
        self.classes = classes

    def tagged(self, x: Tensor, condition: Tensor | None) -> Tensor:
        """Points or noise beside the code of their label: (n, width + classes)."""
        if condition is None or (condition.dtype, condition.shape) != (torch.int64, x.shape[:1]):
            raise SynthlabError(
                "Give a condition: labels of shape ({count},) in int64.", count=len(x)
            )
        if ((condition < 0) | (condition >= self.classes)).any():
            raise SynthlabError(
                "Give a condition with labels from 0 to {last}.", last=self.classes - 1
            )
        return torch.cat([x, F.one_hot(condition, self.classes)], 1)

    @torch.no_grad()
    def sample(
        self, n: int, generator: torch.Generator | None = None, condition: Tensor | None = None
    ) -> Tensor:
        """Draw n samples of the given labels, (n,) int64, without their codes."""
        return super().sample(n, generator, condition)[:, : -self.classes]
