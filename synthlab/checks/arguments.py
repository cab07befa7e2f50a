"""Arguments of a learner's function, looked at before and after each call.

A check sees copies, so what the learner's code writes into its arguments would never show. So
everything that is handed over is read before the call and again after it: the numbers of tensors
and arrays, what lists and dicts hold, the parameters, buffers, gradients and flags of modules, the
settings and the state of optimizers, and torch's own switches. What has changed is told to the
judge as plain data, unless the check says that it may change.

The bytes are compared, by builtins that nobody replaces from a notebook. The running statistics of
a layer in training mode move with every pass, so they may; a generator is there to be moved.

Runs on the learner's side: numpy, the standard library and its neighbour `wire`; torch when it is
there.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from synthlab.checks import wire

#: What a look at an argument finds: the part of it, the kind of fact, and the fact itself.
_Facts = Iterator[tuple[str, str, object]]
#: Changes as plain data, each of the `KINDS` of `synthlab.checks.changes`.
Changes = list[dict[str, str]]

_MAX_DEPTH = 6
_MAX_CHANGES = 20


class Watched:
    """A learner's function whose arguments are looked at before and after each call.

    Args:
        function: The learner's.
        name: What the judge calls it.
        moves: Kinds of facts that may change, by the position of the argument.
        changes: Where to write what changed beside them.
    """

    def __init__(
        self,
        function: Callable[..., object],
        name: str,
        moves: Mapping[str, list[str]],
        changes: Changes,
    ) -> None:
        self.function = function
        self._name = name
        self._moves = moves
        self._changes = changes

    def __call__(self, *args: Any, **kwargs: Any) -> object:
        """Call the function."""
        given = {str(i): value for i, value in enumerate(args)} | kwargs
        before = {key: _look(value) for key, value in given.items()}
        switches = _switches()
        returned = self.function(*args, **kwargs)
        changed = [
            (key, part, kind)
            for key, value in given.items()
            for part, kind in _differences(before[key], _look(value))
            if kind not in self._moves.get(key, ())
        ]
        changed += [("", switch, "switch") for switch in _put_back(switches)]
        if changed and len(self._changes) < _MAX_CHANGES:
            key, part, kind = changed[0]
            named = _names(self.function).get(key, key)
            told = {"function": self._name, "argument": named, "part": part, "kind": kind}
            self._changes.append({word: text[:100] for word, text in told.items()})
        return returned


def _names(function: Callable[..., object]) -> dict[str, str]:
    """The names of a function's parameters by their position."""
    try:
        return {str(i): name for i, name in enumerate(inspect.signature(function).parameters)}
    except (TypeError, ValueError):  # a builtin
        return {}


def _look(value: object) -> dict[tuple[str, str], object]:
    return {(part, kind): fact for part, kind, fact in _facts(value, "", 0)}


def _differences(
    before: dict[tuple[str, str], object], after: dict[tuple[str, str], object]
) -> list[tuple[str, str]]:
    return [key for key in before | after if before.get(key) != after.get(key)]


def _facts(value: object, part: str, depth: int) -> _Facts:
    torch: Any = sys.modules.get("torch")
    kind = type(value)
    if torch is not None and issubclass(kind, torch.nn.Module):
        yield from _of_module(torch, value)
    elif torch is not None and issubclass(kind, torch.optim.Optimizer):
        yield from _of_optimizer(torch, value)
    elif torch is not None and issubclass(kind, torch.Tensor):
        yield from _of_tensor(value, part)
    elif issubclass(kind, np.ndarray):
        yield part, "values", _content(value)
    elif issubclass(kind, (list, tuple, dict)) and depth < _MAX_DEPTH:
        plain: Any = wire.exact(value)
        items = list(plain.items() if isinstance(plain, dict) else enumerate(plain))
        yield part, "values", [key for key, _ in items]
        for key, item in items:
            yield from _facts(item, f"{part}[{key!r}]", depth + 1)
    elif part:
        yield part, "values", _content(value)


def _content(value: object) -> object:
    """The bytes of an array or a tensor, the words of plain data, the object of anything else."""
    plain = wire.exact(value)
    if isinstance(plain, np.ndarray) and plain.dtype.kind in "biufc":
        return str(plain.dtype), plain.shape, plain.tobytes()
    if plain is None or isinstance(plain, (bool, int, float, complex, str)):
        return repr(plain)
    return id(value)


def _of_tensor(tensor: Any, part: str) -> _Facts:
    yield part, "values", _content(tensor)
    if tensor.is_leaf:
        yield part, "requires_grad", tensor.requires_grad
        yield part, "gradient", None if tensor.grad is None else _content(tensor.grad)


def _of_module(torch: Any, module: Any) -> _Facts:
    for name, parameter in module.named_parameters(remove_duplicate=False):
        yield name, "object", id(parameter)
        yield from _of_tensor(parameter, name)
    for owner, layer in module.named_modules():
        yield owner, "training", layer.training
        if not layer.training:
            for name, buffer in layer.named_buffers(recurse=False):
                yield f"{owner}.{name}".lstrip("."), "values", _content(buffer)


def _of_optimizer(torch: Any, optimizer: Any) -> _Facts:
    for i, group in enumerate(optimizer.param_groups):
        yield f"param_groups[{i}]", "object", [id(p) for p in group["params"]]
        for name, value in group.items():
            if name != "params":
                yield name, "settings", _content(value)
    for i, (_, state) in enumerate(optimizer.state.items()):
        for name, value in state.items():
            yield f"state[{i}][{name!r}]", "values", _content(value)


def _switches() -> dict[str, Any]:
    torch: Any = sys.modules.get("torch")
    if torch is None:
        return {}
    return {"grad": torch.is_grad_enabled(), "dtype": torch.get_default_dtype()}


def _put_back(before: dict[str, Any]) -> Iterator[str]:
    """Torch's switches as they were; yields the names of those that were not."""
    torch: Any = sys.modules.get("torch")
    names = {"grad": "set_grad_enabled", "dtype": "set_default_dtype"}
    after = _switches()
    for key, value in before.items():
        if after[key] != value:
            getattr(torch, names[key])(value)
            yield f"torch.{names[key]}"
