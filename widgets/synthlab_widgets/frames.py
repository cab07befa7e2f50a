"""Keyframes: everything that one picture shows, in one binary message.

Every frame is complete, so the browser may miss any of them. All numbers are little-endian::

    4 bytes   b"SLF1"
    uint32    H, the length of the header
    H bytes   the header: JSON in UTF-8, padded with spaces to a multiple of 8
    ...       the arrays in C order, each padded to a multiple of 8 bytes

The header is ``{"index", "step", "values", "arrays": [[name, dtype, shape, offset], ...]}`` with
offsets from the header's end. ``js/src/core/frames.ts`` reads it.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAGIC = b"SLF1"
_ALIGN = 8
#: What both sides know: numbers, levels of images, tokens, labels.
_DTYPES = {"f4": "<f4", "u1": "|u1", "u2": "<u2", "i4": "<i4"}
_NAMES = ", ".join(np.dtype(code).name for code in _DTYPES.values())


@dataclass(frozen=True)
class Keyframe:
    """One picture as numbers.

    Attributes:
        index: The frame's number, from 0; it grows with every frame that is sent.
        step: The training step that the frame shows.
        values: Plain JSON values; a number that is not finite travels as null.
        arrays: float32, uint8, uint16 or int32 arrays by name.
    """

    index: int
    step: int
    values: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)


def pack(frame: Keyframe) -> bytes:
    """The frame as one message.

    Raises:
        TypeError: When an array is none of float32, uint8, uint16 and int32.
    """
    rows: list[list[Any]] = []
    blocks: list[bytes] = []
    offset = 0
    for name, array in frame.arrays.items():
        kind = f"{array.dtype.kind}{array.dtype.itemsize}"
        if kind not in _DTYPES:
            raise TypeError(f"array {name!r} is {array.dtype}; a frame holds {_NAMES}")
        data = np.ascontiguousarray(array, dtype=_DTYPES[kind]).tobytes()
        blocks.append(data + bytes(-len(data) % _ALIGN))
        rows.append([name, kind, list(array.shape), offset])
        offset += len(blocks[-1])
    header = {
        "index": frame.index,
        "step": frame.step,
        "values": _finite(frame.values),
        "arrays": rows,
    }
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % _ALIGN)
    return b"".join([MAGIC, struct.pack("<I", len(text)), text, *blocks])


def unpack(data: bytes) -> Keyframe:
    """The frame that `pack` made a message of.

    Raises:
        ValueError: When the message is not a keyframe.
    """
    if data[:4] != MAGIC:
        raise ValueError("not a keyframe: the message does not start with SLF1")
    (length,) = struct.unpack_from("<I", data, 4)
    header = json.loads(data[8 : 8 + length])
    arrays = {}
    for name, kind, shape, offset in header["arrays"]:
        start = 8 + length + offset
        flat = np.frombuffer(data, _DTYPES[kind], count=math.prod(shape), offset=start)
        arrays[name] = flat.reshape(shape)
    return Keyframe(header["index"], header["step"], header["values"], arrays)


def _finite(value: Any) -> Any:
    """The value with null for every number that JSON has no word for."""
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
