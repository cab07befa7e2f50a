"""Mean squared error of a network, and an affine one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from torch import Tensor

#: What a network computes from its parameters by name and from rows (n, i): rows (n, o).
Forward = Callable[[Mapping[str, Tensor], Tensor], Tensor]


def affine(net: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """``x W^T + b``."""
    return x @ net["weight"].T + net["bias"]


def mean_squared_error(forward: Forward) -> Callable[..., Tensor]:
    """The mean over all entries of ``(net(x) - y)^2``, a function of net, x and y."""
    return lambda net, x, y: (forward(net, x) - y).square().mean()
