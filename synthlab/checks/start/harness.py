"""Helper code of unit ``start`` that runs beside the learner's code."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import torch


def leaves_global_state(function: Callable[..., Any], *arguments: Any) -> bool:
    """Whether a call leaves the global generators of torch, numpy and Python as they were."""

    def state() -> tuple[object, ...]:
        kept: Any = np.random.get_state()  # noqa: NPY002 - it is the global one that counts
        return (torch.get_rng_state().tolist(), kept[1].tolist(), kept[2], random.getstate())

    before = state()
    function(*arguments)
    return state() == before
