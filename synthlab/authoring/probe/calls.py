"""Calls of an answer's functions, recorded while its check runs, and repeated on a mutant.

What differs is looked for where a check may not look: at the result, at its gradient, at every
argument afterwards, at the global generator, at a second call of the same objects.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import random
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import nn

from synthlab.checks.observation import default_tolerance, distance


@dataclass(frozen=True)
class Call:
    """A call of a function, with copies of its arguments from before."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def copies(self) -> Call:
        """The same call with arguments of its own."""
        args, kwargs = copied((self.args, self.kwargs))
        return Call(self.function, args, kwargs)


@dataclass
class Recorder:
    """Records the calls of a namespace's functions, the first ``most`` of each, and their kinds."""

    most: int
    calls: list[Call] = field(default_factory=list)
    kinds: dict[str, dict[str, str]] = field(default_factory=dict)

    def listen(self, namespace: dict[str, Any], names: list[str]) -> None:
        """Put a recording function in the place of each."""
        for name in names:
            if isinstance(namespace.get(name), types.FunctionType):
                namespace[name] = self._recording(namespace[name])

    def _recording(self, function: types.FunctionType) -> Callable[..., Any]:
        names = function.__code__.co_varnames[: function.__code__.co_argcount]

        @functools.wraps(function)
        def recording(*args: Any, **kwargs: Any) -> Any:
            name = function.__name__
            if sum(call.function == name for call in self.calls) < self.most:
                with contextlib.suppress(Exception):  # what cannot be copied is not repeated
                    self.calls.append(Call(name, args, kwargs).copies())
            given = dict(zip(names, args, strict=False)) | kwargs
            result = function(*args, **kwargs)
            kinds = {key: _kind(value) for key, value in given.items()}
            self.kinds.setdefault(name, {**kinds, "return": _kind(result)})
            return result

        return recording


def _kind(value: object) -> str:
    if isinstance(value, torch.Tensor):
        return "tensor" if value.is_floating_point() else "whole"
    if isinstance(value, torch.optim.Optimizer):
        return "optimizer"
    for kind, name in ((nn.Module, "module"), (torch.Generator, "generator")):
        if isinstance(value, kind):
            return name
    if isinstance(value, bool):
        return "flag"
    if isinstance(value, int | float | np.number):
        return "number"
    if isinstance(value, tuple | list):
        return "several"
    return "nothing" if value is None else "callable" if callable(value) else "other"


def copied(value: Any) -> Any:
    """A deep copy in which what was shared is shared; tensors of a graph become leaves."""
    memo: dict[int, Any] = {}
    for tensor in _tensors(value):
        if not tensor.is_leaf:
            memo[id(tensor)] = tensor.detach().clone().requires_grad_(tensor.requires_grad)
    return copy.deepcopy(value, memo)


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _tensors(part)
    elif isinstance(value, dict):
        yield from _tensors(list(value.values()))


def difference(
    right: Mapping[str, Any], other: Mapping[str, Any], calls: list[Call], *, once: bool = False
) -> str:
    """Where two namespaces first differ on recorded calls, in words; empty when nowhere.

    Each call is made twice on the same objects, and twice more on stirred ones; or ``once``.
    """
    for seed, call in enumerate(calls if once else [*calls, *map(_stirred, calls)]):
        mine, yours = call.copies(), call.copies()
        for time in range(1 if once else 2):
            expected = _observed(right[call.function], mine, seed + time)
            if "raises" in expected:
                break
            found = _observed(other[call.function], yours, seed + time)
            path = _first_difference(expected, found)
            if path:
                again = ", called again" if time else ""
                return f"{path} of {call.function}{again}"
    return ""


def _stirred(call: Call) -> Call:
    """The call where gradients are asked for and were left behind, and a step has momentum."""
    stirred = call.copies()
    for value in (*stirred.args, *stirred.kwargs.values()):
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            value.requires_grad_()
        elif isinstance(value, nn.Module):
            for parameter in value.parameters():
                parameter.grad = torch.ones_like(parameter)
        elif isinstance(value, torch.optim.SGD):
            for group in value.param_groups:
                group["momentum"] = 0.9
    return stirred


def _observed(function: Callable[..., Any], call: Call, seed: int) -> dict[str, Any]:
    """All that can be seen of a call, by its path."""
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - an answer may use the global generator
    random.seed(seed)
    try:
        result = function(*call.args, **call.kwargs)
    except Exception as error:
        return {"raises": type(error).__name__}
    seen = dict(_parts("result", result))
    seen["global generator"] = torch.get_rng_state().numpy().copy()
    given = {**{str(place): value for place, value in enumerate(call.args)}, **call.kwargs}
    seen |= _parts("argument", given)
    differentiable = [t for t in _tensors(result) if t.requires_grad]
    if differentiable:
        try:
            sum(t.double().sum() for t in differentiable).backward()  # type: ignore[union-attr]
        except RuntimeError as error:
            seen["gradient"] = type(error).__name__
        seen |= {f"gradient: {path}": part for path, part in _parts("argument", given)}
    return seen


def _parts(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """The plain parts of a value, each with the path to it."""
    if isinstance(value, torch.Tensor):
        array = value.detach().clone()
        yield f"{path}, dtype", str(array.dtype)
        yield f"{path}, requires_grad", value.requires_grad
        yield path, array.numpy()
        if value.is_leaf:
            gradient = torch.zeros_like(array) if value.grad is None else value.grad
            yield f"{path}, grad", gradient.detach().clone().numpy()
    elif isinstance(value, nn.Module):
        yield f"{path}, training", [module.training for module in value.modules()]
        yield from _parts(path, {**dict(value.named_parameters()), **dict(value.named_buffers())})
    elif isinstance(value, torch.optim.Optimizer):
        yield from _parts(path, value.state_dict())
    elif isinstance(value, torch.Generator):
        yield path, value.get_state().numpy().copy()
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _parts(f"{path} {key}", part)
    elif isinstance(value, tuple | list):
        yield f"{path}, length", len(value)
        for index, part in enumerate(value):
            yield from _parts(f"{path} {index}", part)
    else:
        yield path, value


def _first_difference(expected: dict[str, Any], found: dict[str, Any]) -> str:
    if "raises" in found:
        return f"raises {found['raises']} instead of the result"
    for path, value in expected.items():
        if path not in found or not _same(value, found[path]):
            return path
    return next((path for path in found if path not in expected), "")


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray | float) and type(one) is type(other):
        a, b = np.asarray(one), np.asarray(other)
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        if a.dtype.kind not in "fc":
            return bool((a == b).all())
        finite = np.isfinite(a)
        if not np.array_equal(a[~finite], b[~finite], equal_nan=True):
            return False
        near = distance(a[finite], b[finite]).max(initial=0.0)
        return bool(near <= default_tolerance(a[finite], a[finite]))
    return one is other or (type(one) is type(other) and bool(one == other))
