"""The bound on what the grader itself allocates."""

from __future__ import annotations

import resource

import numpy as np
import pytest

from synthlab.grading.sandbox.limits import bounded


def test_what_is_too_large_raises_and_the_bound_goes() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with bounded(200 << 20):
        assert len(np.ones(10 << 17)) == 10 << 17  # 10 MB
        with pytest.raises(MemoryError):
            np.ones(400 << 17)  # 400 MB
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert len(np.empty(400 << 17)) == 400 << 17
