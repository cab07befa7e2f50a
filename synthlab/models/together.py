"""Several GANs of one kind advanced together: their weights stacked, one step for all.

Nets as small as ours spend much of a step on starting operations. Stacked, S runs start each
operation once, on arrays that are S times as large. Every run keeps its own weights, batches
and random numbers, so it is the run that it would be alone, but for rounding: a batched
product adds in another order.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from synthlab.data.source import Batch
from synthlab.errors import SynthlabError
from synthlab.models.gan import GAN


class StackedLinear(nn.Module):
    """S linear layers side by side: (S, B, in) -> (S, B, out).

    Args:
        layers: Of one shape; their weights are copied.
    """

    def __init__(self, layers: Sequence[nn.Linear]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.stack([layer.weight.detach() for layer in layers]))
        biases = [layer.bias.detach() for layer in layers]
        self.bias = nn.Parameter(torch.stack(biases)[:, None])  # (S, 1, out)

    def forward(self, x: Tensor) -> Tensor:
        """Apply each layer to its own rows."""
        return torch.baddbmm(self.bias, x, self.weight.mT)


def stacked(modules: Sequence[nn.Module]) -> nn.Module:
    """One net that does what each of these does, for inputs (S, B, ...).

    Linear layers are stacked, and so are buffers; whatever else a net is made of must leave
    axes in front of (B, d) alone, as activations and the pieces of `synthlab.models.cures` do.

    Raises:
        SynthlabError: For a layer with weights that is not a linear one.
    """
    first = modules[0]
    if type(first) is nn.Linear:
        return StackedLinear([m for m in modules if isinstance(m, nn.Linear)])
    if list(first.parameters(recurse=False)):
        raise SynthlabError(
            "A {type} cannot be stacked; linear layers can.", type=type(first).__name__
        )
    net = copy.copy(first)
    net._modules = {n: stacked([m.get_submodule(n) for m in modules]) for n in first._modules}
    net._buffers = {
        n: torch.stack([m.get_buffer(n) for m in modules]).clone() for n in first._buffers
    }
    return net


class Together:
    """GANs that differ in their weights alone, advanced by one step for all.

    Their own steps and losses are used, on (S, B, ...) instead of (B, ...). All losses are
    means over rows, so each run's weights get 1/S of the gradient that they would get alone.
    Adam does not notice: it divides by the gradient's size, to which it adds ε, and here ε/S. A
    step that takes gradients of losses itself has a method ``together(S)`` that makes up for it.

    Args:
        models: S of them, made alike and not trained yet; they stay as they are.

    Raises:
        SynthlabError: When there are none, or they cannot be stacked.
    """

    def __init__(self, models: Sequence[GAN]) -> None:
        if not models:
            raise SynthlabError("Give at least one model to advance.")
        first, self.runs = models[0], len(models)
        self.noise_dim, self.prior = first.noise_dim, first.prior
        self.generator = stacked([model.generator for model in models])
        self.discriminator = stacked([model.discriminator for model in models])
        self.optimizers: dict[str, torch.optim.Optimizer] = {}
        for part, optimizer in first.optimizers.items():
            group, net = optimizer.param_groups[0], getattr(self, part)
            if not isinstance(optimizer, torch.optim.Adam) or group["weight_decay"]:
                raise SynthlabError("Models advance together with Adam, without weight decay.")
            kept = {key: group[key] for key in ("lr", "betas", "fused")}
            eps = group["eps"] / self.runs
            self.optimizers[part] = torch.optim.Adam(net.parameters(), eps=eps, **kept)
        self.discriminator_step = _for_all(first.discriminator_step, self.runs)
        self.generator_step = _for_all(first.generator_step, self.runs)
        self.discriminator_loss, self.generator_loss = (
            first.discriminator_loss,
            first.generator_loss,
        )

    def noise(self, n: int, generators: Sequence[torch.Generator]) -> Tensor:
        """Noise for n rows of every run: (S, n, noise_dim)."""
        rows = [self.prior(n, self.noise_dim, generator=random) for random in generators]
        return torch.stack(rows)

    def update(
        self, batches: Sequence[Batch], generators: Sequence[torch.Generator]
    ) -> dict[str, float]:
        """A step of all discriminators, then of all generators; the mean of the runs' losses.

        Args:
            batches: One for each run, equally long.
            generators: One for each run, which draws in the order in which it would alone.
        """
        real = torch.stack([batch.x for batch in batches])  # (S, B, 2)
        offered: dict[str, Any] = {
            "real": real,
            "noise": lambda: self.noise(real.shape[1], generators),
            "random": generators,
        }
        losses = {}
        for part in self.optimizers:
            step = getattr(self, f"{part}_step")
            more = {name: offered[name] for name in getattr(step, "wants", ())}
            points = (real,) if part == "discriminator" else ()
            z, loss = offered["noise"](), getattr(self, f"{part}_loss")
            players = (self.generator, self.discriminator, self.optimizers[part])
            losses[part] = step(*players, *points, z, loss, **more)
        return losses

    @torch.no_grad()
    def sample(self, n: int, generators: Sequence[torch.Generator]) -> Tensor:
        """Draw n points of every run: (S, n, 2)."""
        x: Tensor = self.generator(self.noise(n, generators))
        return x


def _for_all(step: Callable[..., float], runs: int) -> Callable[..., float]:
    adapt = getattr(step, "together", None)
    return step if adapt is None else adapt(runs)
