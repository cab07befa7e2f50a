"""Bytes of a state, counted by the arrays in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Tensor, nn


def blocks(state: object) -> dict[int, int]:
    """The bytes of every array in a state by the address of its memory: what is shared counts once.

    >>> import torch
    >>> x = torch.zeros(100)  # 400 bytes
    >>> sum(blocks({"a": x, "b": [x, x[:10]], "c": np.zeros(3)}).values())
    424
    """
    sizes: dict[int, int] = {}
    todo: list[Any] = [state]
    seen: set[int] = set()
    while todo:
        item = todo.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, Tensor):
            storage = item.untyped_storage()
            sizes[storage.data_ptr()] = storage.nbytes()
        elif isinstance(item, np.ndarray):
            sizes[item.__array_interface__["data"][0]] = item.nbytes
        elif isinstance(item, bytes | bytearray):
            sizes[id(item)] = len(item)
        elif isinstance(item, Mapping):
            todo += item.values()
        elif isinstance(item, list | tuple | set | frozenset):
            todo += item
        elif isinstance(item, nn.Module) or not callable(item):
            todo += getattr(item, "__dict__", {}).values()
    return sizes
