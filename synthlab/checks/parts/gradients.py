"""Values and gradients that a check expects: ``torch.func`` in float64, in the judge's process.

A loss is a function of tensors, written once: no check derives anything by hand. What goes in and
comes out are numpy arrays, or dicts of them by the names of parameters. One thread computes, so
that a sum has one order on every machine, and nothing random is drawn.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
import torch
import torch._dynamo  # the first gradient imports it, in a second: not in a check's own time
from numpy.typing import NDArray
from torch import Tensor
from torch.func import grad_and_value

Array = NDArray[Any]
T = TypeVar("T", Array, dict[str, Array])


def value(function: Callable[..., Tensor], *arguments: Any) -> Array:
    """What a function of tensors returns; arrays are given to it in float64."""
    with _one_thread():
        return np.asarray(function(*map(_tensors, arguments)).numpy())


def value_and_grad(loss: Callable[..., Tensor], at: T, *arguments: Any) -> tuple[float, T]:
    """The value of ``loss(at, *arguments)`` and its gradient for ``at``.

    Args:
        loss: Returns one number, a tensor of shape (); it may take gradients inside.
        at: An array, or arrays by name: where the gradient is taken.
        arguments: Arrays become tensors in float64, other values stay as they are.
    """
    with _one_thread():
        gradient, number = grad_and_value(loss)(_tensors(at), *map(_tensors, arguments))
    return float(number), _arrays(gradient)


@contextlib.contextmanager
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _tensors(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _tensors(item) for name, item in value.items()}
    if not isinstance(value, np.ndarray):
        return value
    return torch.from_numpy(value.astype(np.float64) if value.dtype.kind == "f" else value.copy())


def _arrays(gradient: Any) -> Any:
    if isinstance(gradient, dict):
        return {name: item.numpy() for name, item in gradient.items()}
    return gradient.numpy()
