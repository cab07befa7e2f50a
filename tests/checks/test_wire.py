"""The wire carries plain data; nothing that lies, and nothing without a bound."""

from __future__ import annotations

import collections
import enum
import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from synthlab.checks import wire


def refuse(value):
    raise TypeError(type(value).__name__)


def cross(value):
    return wire.decode(wire.encode(value, refuse), refuse)


scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text() | st.integers(-9, 9), inner, max_size=4)
    ),
    max_leaves=12,
)
arrays = hnp.arrays(
    st.sampled_from([np.dtype(t) for t in ("?", "i1", "i8", "u4", "f2", "f4", "f8", "c8", ">f8")]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
)


@given(values)
@settings(deadline=None)
def test_plain_values_arrive_as_they_were_sent(value):
    assert repr(cross(value)) == repr(value)  # repr: nan equals nothing, 1 equals True


@given(arrays)
@settings(deadline=None)
def test_arrays_arrive_with_shape_dtype_and_bits(array):
    found = cross([array])[0]
    assert type(found) is np.ndarray
    assert found.shape == array.shape
    assert found.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(found, array)
    assert found.flags.writeable
    assert not np.shares_memory(found, array)


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda x: x[::2, ::-1], lambda x: x.T])
def test_every_memory_layout_crosses(layout):
    array = layout(np.arange(24.0).reshape(4, 6))
    np.testing.assert_array_equal(cross(array), array)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(0.5), 0.5),
        (np.int32(3), 3),
        (np.bool_(True), True),
        (np.float32(0.5), 0.5),
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.namedtuple("Pair", "x y")(1, 2), (1, 2)),
        (enum.IntEnum("Colour", "RED").RED, 1),
    ],
)
def test_honest_subclasses_cross_as_their_data(value, expected):
    found = cross(value)
    assert type(found) is type(expected)
    assert found == expected


class LyingInt(int):
    def __eq__(self, other):
        return True

    __hash__ = int.__hash__

    def __int__(self):
        return 42

    def __index__(self):
        return 42

    def bit_length(self):
        return 0


class LyingFloat(float):
    def __float__(self):
        return 42.0

    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class LyingText(str):
    def __str__(self):
        return "right"

    def __len__(self):
        return 0


class LyingArray(np.ndarray):
    def __eq__(self, other):
        return True

    def __array__(self, *args, **kwargs):
        return np.full(3, 42.0)

    __hash__ = None


class LyingTensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.full((3,), 42.0)

    def numpy(self):
        return np.full(3, 42.0)


class LyingList(list):
    def __iter__(self):
        return iter([42])

    def __len__(self):
        return 1


class LyingDict(dict):
    def items(self):
        return [("a", 42)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (LyingInt(1), 1),
        (LyingFloat(1.0), 1.0),
        (LyingText("wrong"), "wrong"),
        (LyingList([1, 2]), [1, 2]),
        (LyingDict(a=1), {"a": 1}),
    ],
)
def test_lying_subclasses_cross_as_what_they_hold(value, expected):
    found = cross(value)
    assert type(found) is type(expected)
    assert found == expected


def test_lying_arrays_cross_as_what_they_hold():
    truth = np.arange(3.0)
    for value in (truth.copy().view(LyingArray), torch.arange(3.0).as_subclass(LyingTensor)):
        found = cross(value)
        assert type(found) is np.ndarray
        np.testing.assert_array_equal(found, truth)


class Impostor:
    """Claims to be an int, and to equal everything."""

    __class__ = int

    def __eq__(self, other):
        return True

    __hash__ = object.__hash__


@pytest.mark.parametrize(
    "value",
    [
        Impostor(),
        (n for n in range(3)),
        {1, 2},
        b"bytes",
        lambda: None,
        np.array(["text"]),
        np.array([object()], dtype=object),
        np.zeros(2, dtype=[("a", "f4")]),
        np.datetime64("2020-01-01"),
        torch.eye(2).to_sparse(),
        torch.empty(2, device="meta"),
        {(1, 2): 3},
    ],
    ids=lambda v: type(v).__name__,
)
def test_everything_else_stays_and_crosses_as_a_reference(value):
    kept = []

    def keep(found):
        kept.append(found)
        return {"name": len(kept)}

    frame = wire.encode([value, 7], keep)
    assert wire.decode(frame, lambda reference: reference["name"]) == [1, 7]
    assert len(kept) == 1
    assert type(kept[0]) in (type(value), np.ndarray)


def test_tensors_cross_as_arrays_of_the_same_type():
    parameter = torch.nn.Parameter(torch.tensor([1.0, 2.0], dtype=torch.float64))
    found = cross({"weight": parameter, "bias": torch.tensor(3, dtype=torch.int16)})
    assert found["weight"].dtype == np.float64
    assert found["weight"].tolist() == [1.0, 2.0]
    assert (found["bias"].dtype, found["bias"].shape) == (np.dtype("int16"), ())
    half = cross(torch.tensor([1.5], dtype=torch.bfloat16))  # numpy has no bfloat16
    assert (half.dtype, half.tolist()) == (np.dtype("float32"), [1.5])
    conjugate = torch.tensor([1 + 2j]).conj()  # a lazy view
    assert cross(conjugate).tolist() == [1 - 2j]


def test_sizes_are_bounded(monkeypatch):
    deep = []
    for _ in range(wire.MAX_DEPTH + 1):
        deep = [deep]
    loop = []
    loop.append(loop)
    monkeypatch.setattr(wire, "MAX_ITEMS", 1_000)
    monkeypatch.setattr(wire, "MAX_BYTES", 10_000)
    for value in (deep, loop, [0] * 1_001, "x" * 10_001, 2**65, [np.zeros(700)] * 2):
        with pytest.raises(wire.TooLargeError):
            wire.encode(value, refuse)
    monkeypatch.setattr(wire, "MAX_BYTES", 64 * 2**20)
    monkeypatch.setattr(wire, "MAX_HEADER", 10_000)
    with pytest.raises(wire.TooLargeError):
        wire.encode("x" * 10_001, refuse)
    # One array beyond the bound is a reference, and what stands beside it still crosses.
    # Both claim 40 TB without allocating them.
    huge = torch.zeros(1).expand(10**13), np.broadcast_to(np.float32(0), 10**13)
    frame = wire.encode((*huge, 7), lambda found: {"type": type(found).__name__})
    assert wire.decode(frame, lambda reference: reference["type"]) == ("Tensor", "ndarray", 7)


GOOD = wire.encode({"x": np.arange(3.0)}, refuse)


def header_frame(node):
    header = json.dumps(node).encode()
    return b"SYN1" + len(header).to_bytes(8, "little") + header


_LIST = header_frame({"list": [{"array": 0}, {"array": 0}]})
#: One array of the frame, named by two nodes: a thousand would make a thousand arrays of it.
TWICE = _LIST + GOOD[12 + int.from_bytes(GOOD[4:12], "little") :]

HOSTILE = {
    "empty": b"",
    "pickle": b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x05hello\x94.",
    "cut short": GOOD[:-1],
    "no json": b"SYN1" + (3).to_bytes(8, "little") + b"{{{",
    "length beyond the end": b"SYN1" + (2**63).to_bytes(8, "little"),
    "deep": b"SYN1" + (200_000).to_bytes(8, "little") + b"[" * 200_000,
    "unknown tag": header_frame({"pickle": "x"}),
    "bare list": header_frame([1, 2]),
    "two tags": header_frame({"list": [], "tuple": []}),
    "missing array": header_frame({"array": 0}),
    "array -1": header_frame({"array": -1}),
    "array true": header_frame({"array": True}),
    "list key": header_frame({"dict": [[{"list": []}, 1]]}),
    "no pair": header_frame({"dict": [[1]]}),
    "long integer": header_frame(10**50),
    "huge shape": GOOD.replace(b"'shape': (3,), }", b"'shape': (9,), }"),
    "object dtype": GOOD.replace(b"'<f8'", b"'|O8'"),
    "code as header": GOOD.replace(b"'shape': (3,), }", b"'shape':[0][0], }"),
    "one array twice": TWICE,
    "large header": header_frame(" " * wire.MAX_HEADER),
    "npy version 3": GOOD.replace(b"\x93NUMPY\x01", b"\x93NUMPY\x03"),
}


@pytest.mark.parametrize("frame", HOSTILE.values(), ids=HOSTILE)
def test_hostile_frames_are_refused(frame):
    assert frame != GOOD
    with pytest.raises(wire.MalformedError):
        wire.decode(frame, refuse)


@given(st.binary(max_size=200), st.integers(0, len(GOOD) - 1))
@settings(deadline=None)
def test_no_damage_gets_through_as_another_kind_of_error(noise, start):
    damaged = GOOD[:start] + noise + GOOD[start + len(noise) :]
    try:
        wire.decode(damaged, lambda reference: reference)
    except wire.MalformedError:
        return  # anything else would fail the test
