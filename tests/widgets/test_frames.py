"""Keyframes: what is packed comes back, and the browser can rely on the layout."""

from __future__ import annotations

import math
import struct

import hypothesis.extra.numpy as npst
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthlab_widgets.frames import Keyframe, pack, unpack

ARRAYS = st.dictionaries(
    st.text(min_size=1, max_size=8),
    npst.arrays(
        st.sampled_from([np.float32, np.uint8, np.uint16, np.int32]),
        npst.array_shapes(min_side=0, max_side=5),
    ),
    max_size=4,
)


@given(ARRAYS, st.integers(0, 2**31), st.integers(0, 2**31))
def test_round_trip(arrays, index, step):
    frame = unpack(pack(Keyframe(index, step, {"a": [1, "two", None]}, arrays)))
    assert (frame.index, frame.step, frame.values) == (index, step, {"a": [1, "two", None]})
    assert list(frame.arrays) == list(arrays)
    for name, array in arrays.items():
        np.testing.assert_array_equal(frame.arrays[name], array)
        assert frame.arrays[name].dtype == array.dtype


@given(ARRAYS)
def test_arrays_lie_on_multiples_of_eight_bytes(arrays):
    message = pack(Keyframe(0, 0, {"text": "نص"}, arrays))
    (length,) = struct.unpack_from("<I", message, 4)
    assert message[:4] == b"SLF1"
    assert length % 8 == 0
    # The header, then every array padded to a multiple of 8 bytes.
    assert len(message) == 8 + length + sum(-(-a.nbytes // 8) * 8 for a in arrays.values())


def test_numbers_that_json_has_no_word_for_become_null():
    values = {"kl": math.nan, "range": (1.0, math.inf), "deep": {"x": -math.inf}}
    got = unpack(pack(Keyframe(0, 0, values))).values
    assert got == {"kl": None, "range": [1.0, None], "deep": {"x": None}}


def test_other_dtypes_are_refused():
    with pytest.raises(TypeError, match=r"'x' is float64; .* float32, uint8, uint16, int32"):
        pack(Keyframe(0, 0, {}, {"x": np.zeros(3)}))


def test_other_messages_are_refused():
    with pytest.raises(ValueError, match="not a keyframe"):
        unpack(b"PNG and more bytes")
