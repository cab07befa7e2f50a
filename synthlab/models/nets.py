"""Parts that the model families share: small modules, seeded first weights, frozen parameters."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import torch
from torch import Tensor, nn

from synthlab.errors import unknown


def perceptron(
    inputs: int, outputs: int, hidden: int, depth: int, activation: nn.Module
) -> nn.Sequential:
    """A fully connected net with ``depth`` hidden layers: (B, inputs) -> (B, outputs)."""
    widths = [inputs, *[hidden] * depth]
    layers = [module for pair in pairwise(widths) for module in (nn.Linear(*pair), activation)]
    return nn.Sequential(*layers, nn.Linear(widths[-1], outputs))


def uniform(n: int, width: int, generator: torch.Generator | None = None) -> Tensor:
    """Noise from the cube [-1, 1]^width: (n, width)."""
    return 2 * torch.rand(n, width, generator=generator) - 1


def drawn(
    draw: Callable[..., Tensor],
    shape: Sequence[int],
    random: torch.Generator | Sequence[torch.Generator],
) -> Tensor:
    """Random numbers of a shape; several generators each draw their own slice of the first axis.

    So a run that is one of several advanced together sees the numbers that it would see alone.

    Args:
        draw: `torch.randn` or `torch.rand`.
        shape: Of the result; with several generators, its first length is their number.
        random: The generator, or one for each run.
    """
    if isinstance(random, torch.Generator):
        return draw(*shape, generator=random)
    return torch.stack([draw(*shape[1:], generator=one) for one in random])


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let the layers made inside draw their first weights from this seed.

    PyTorch's layers can only draw from the global generator; it is put back where it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


@contextmanager
def frozen(net: nn.Module) -> Iterator[None]:
    """Record no gradients for the net's own parameters; afterwards they are as before."""
    parameters = [p for p in net.parameters() if p.requires_grad]
    for p in parameters:
        p.requires_grad_(False)
    try:
        yield
    finally:
        for p in parameters:
            p.requires_grad_(True)


class PassOn(nn.Module):
    """Hand the last columns on beside the output: [x, c] -> [net([x, c]), c].

    Args:
        net: Maps (B, inputs) to (B, outputs).
        columns: Width of c; the result is (B, outputs + columns).
    """

    def __init__(self, net: nn.Module, columns: int) -> None:
        super().__init__()
        self.net, self.columns = net, columns

    def forward(self, xc: Tensor) -> Tensor:
        """Apply the net and append c."""
        return torch.cat([self.net(xc), xc[:, -self.columns :]], 1)


def chosen(parts: Collection[str] | None, existing: Collection[str]) -> list[str]:
    """The parts of a model to update, in the model's order: all for None.

    Raises:
        SynthlabError: For a name that does not exist, with the nearest that do.
    """
    names = set(existing) if parts is None else {parts} if isinstance(parts, str) else set(parts)
    for name in names - set(existing):
        raise unknown("There is no part of this model called {name}.", name, existing)
    return [name for name in existing if name in names]
