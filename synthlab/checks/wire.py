"""Wire format between a judge and a learner's code: plain data as bytes, nothing else.

A frame is a JSON header followed by numpy's own ``.npy`` blobs. Numbers, bools, text, None,
lists, tuples, dicts and arrays of numbers cross by value. Anything else stays where it is and
crosses as a reference. Nothing is ever unpickled, and every size is bounded on both sides, so
a judge may decode a frame from a hostile process.

An instance of a subclass (an ``int`` that claims to equal everything, an ``ndarray`` whose
methods lie) never crosses as such: its data is read with the base class's own methods, and
what arrives is an exact ``int``, an exact ``ndarray``.
"""

from __future__ import annotations

import io
import json
import math
import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib import format as npy

#: Bounds of one frame. A batch of 10,000 images of 32 x 32 in float32 is 41 MB.
MAX_BYTES = 64 * 2**20
#: Of the header, whose three bytes may make an object of sixty. 100,000 numbers take 3 MB.
MAX_HEADER = 8 * 2**20
MAX_ITEMS = 100_000
MAX_DEPTH = 32
MAX_INT_BITS = 64

_DTYPES = frozenset(
    np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "complex64", "complex128"),
    )
)
_KEYS = (str, int, float, bool, type(None))
_MAGIC = b"SYN1"
#: The header that numpy writes for an array of numbers in C order, and nothing beyond it.
_NPY = re.compile(
    rb"\{'descr': '([<>|=][biufc]\d{1,2})', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,12}, ?)*(?:\d{1,12})?)\), \} *\n"
)

Reference = dict[str, Any]


class TooLargeError(ValueError):
    """A value goes beyond the bounds of a frame: too many bytes, items or levels."""


class MalformedError(ValueError):
    """Bytes that are not a frame."""


def encode(value: object, reference: Callable[[object], Reference]) -> bytes:
    """Turn a value into a frame.

    Args:
        value: Plain data, which may hold other objects.
        reference: Names an object that is not plain; it returns a small JSON-ready dict, or
            raises TypeError where no object may be referred to.

    Raises:
        TooLargeError: When the frame would break a bound.
    """
    encoder = _Encoder(reference)
    header = json.dumps(encoder.node(value, 0)).encode("ascii")
    if len(header) > MAX_HEADER:
        raise TooLargeError(f"more than {MAX_HEADER} bytes beside arrays")
    encoder.add_bytes(len(header))
    parts = [_MAGIC, len(header).to_bytes(8, "little"), header]
    for blob in encoder.blobs:
        parts += [len(blob).to_bytes(8, "little"), blob]
    return b"".join(parts)


class _Encoder:
    def __init__(self, reference: Callable[[object], Reference]) -> None:
        self.reference = reference
        self.blobs: list[bytes] = []
        self.items = 0
        self.bytes = 0

    def add_bytes(self, count: int) -> None:
        self.bytes += count
        if self.bytes > MAX_BYTES:
            raise TooLargeError(f"more than {MAX_BYTES} bytes")

    def node(self, value: object, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH:
            raise TooLargeError(f"nested more than {MAX_DEPTH} deep")
        if self.items > MAX_ITEMS:
            raise TooLargeError(f"more than {MAX_ITEMS} items")
        value = exact(value)
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return self.integer(value)
        if kind is str:
            self.add_bytes(len(value))  # type: ignore[arg-type]
            return value
        if kind is complex:
            return self.node(np.asarray(value), depth)
        if kind is np.ndarray:
            return self.array(value)  # type: ignore[arg-type]
        if kind is list or kind is tuple:
            return {kind.__name__: [self.node(item, depth + 1) for item in value]}  # type: ignore[attr-defined]
        if kind is dict:
            pairs = [(exact(k), v) for k, v in value.items()]  # type: ignore[attr-defined]
            if any(type(k) not in _KEYS for k, _ in pairs):
                return {"reference": self.reference(value)}
            return {"dict": [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in pairs]}
        return {"reference": self.reference(value)}

    def integer(self, value: Any) -> Any:
        if value.bit_length() > MAX_INT_BITS:
            raise TooLargeError(f"an integer of more than {MAX_INT_BITS} bits")
        return value

    def array(self, value: np.ndarray[Any, Any]) -> Any:
        if value.dtype.newbyteorder("=") not in _DTYPES or value.nbytes > MAX_BYTES:
            return {"reference": self.reference(value)}
        self.add_bytes(value.nbytes)
        native = np.array(value, dtype=value.dtype.newbyteorder("="), order="C", copy=True)
        file = io.BytesIO()
        npy.write_array(file, native, version=(1, 0), allow_pickle=False)
        self.blobs.append(file.getvalue())
        return {"array": len(self.blobs) - 1}


def exact(value: object) -> object:
    """The plain data inside a value, as the exact base type; other objects come back as is.

    ``type(value)`` cannot be overridden by an instance, and the methods called here are those
    of the base classes, so a subclass cannot change what is read.
    """
    kind = type(value)
    if value is None or kind in (bool, int, float, complex, str, list, tuple, dict, np.ndarray):
        return value
    if issubclass(kind, np.generic):
        return _from_array(np.asarray(value))
    if issubclass(kind, np.ndarray):
        return np.ndarray.view(value, np.ndarray)  # type: ignore[call-overload]
    if issubclass(kind, int):
        return int.__int__(value)  # type: ignore[arg-type]
    if issubclass(kind, float):
        return float.__float__(value)  # type: ignore[arg-type]
    if issubclass(kind, complex):
        return complex.__complex__(value)  # type: ignore[arg-type]
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, list):
        return list(list.__iter__(value))  # type: ignore[arg-type]
    if issubclass(kind, tuple):
        return tuple(tuple.__iter__(value))  # type: ignore[arg-type]
    if issubclass(kind, dict):
        return dict(dict.items(value))  # type: ignore[arg-type]
    return _tensor(value)


def _from_array(value: np.ndarray[Any, Any]) -> object:
    number = value.item()
    return number if type(number) in (bool, int, float, complex, str) else value


def _tensor(value: object) -> object:
    """A torch tensor's data as an array; bfloat16, which numpy lacks, becomes float32."""
    torch: Any = sys.modules.get("torch")
    if torch is None or not issubclass(type(value), torch.Tensor):
        return value
    try:
        with torch._C.DisableTorchFunctionSubclass():
            data = torch.Tensor.detach(value)
            if data.layout is not torch.strided or data.is_quantized:
                return value
            if data.numel() * data.element_size() > MAX_BYTES:
                return value  # before anything is copied
            if data.dtype is torch.bfloat16:
                data = data.to(torch.float32)
            found = data.cpu().resolve_conj().resolve_neg().numpy()
    except (RuntimeError, TypeError, NotImplementedError):  # a meta tensor has no data to read
        return value
    return found if type(found) is np.ndarray else value


def decode(
    frame: bytes,
    resolve: Callable[[Reference], object],
    array: Callable[[np.ndarray[Any, Any]], object] | None = None,
) -> Any:
    """Turn a frame back into a value.

    Args:
        frame: What `encode` made, or hostile bytes.
        resolve: Turns a reference into the object that stands for it on this side.
        array: What an array becomes on this side, e.g. ``torch.from_numpy``; it is a fresh,
            writable array that nobody else holds.

    Raises:
        MalformedError: When the bytes are not a frame, or break a bound.
    """
    return _Decoder(frame, resolve, array or (lambda array: array)).value()


class _Decoder:
    def __init__(
        self,
        frame: bytes,
        resolve: Callable[[Reference], object],
        array: Callable[[np.ndarray[Any, Any]], object],
    ) -> None:
        if len(frame) > 2 * MAX_BYTES or frame[:4] != _MAGIC:
            raise MalformedError("no frame begins here")
        self.resolve = resolve
        self.array = array
        self.items = 0
        header, rest = _chunk(frame, 4)
        if len(header) > MAX_HEADER:
            raise MalformedError("a header beyond the bounds of a frame")
        self.blobs: list[bytes | None] = []
        while rest < len(frame):
            blob, rest = _chunk(frame, rest)
            self.blobs.append(blob)
        try:
            self.header = json.loads(header.decode("ascii"))
        except (RecursionError, ValueError) as error:
            raise MalformedError(f"a header that is not JSON: {type(error).__name__}") from None

    def value(self) -> Any:
        return self.node(self.header, 0)

    def node(self, node: Any, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise MalformedError("beyond the bounds of a frame")
        if node is None or isinstance(node, (bool, float, str)):
            return node
        if isinstance(node, int):
            if node.bit_length() > MAX_INT_BITS:
                raise MalformedError("an integer beyond the bounds of a frame")
            return node
        if not isinstance(node, dict) or len(node) != 1:
            raise MalformedError("an unknown node")
        ((tag, body),) = node.items()
        if tag == "array":
            # Each once: a frame that names one array a thousand times would make a thousand.
            at = _index(body, self.blobs)
            blob, self.blobs[at] = self.blobs[at], None
            return self.array(_array(blob or b""))
        if tag == "reference" and isinstance(body, dict):
            return self.resolve(body)
        if tag in ("list", "tuple") and isinstance(body, list):
            items = [self.node(item, depth + 1) for item in body]
            return tuple(items) if tag == "tuple" else items
        if tag == "dict" and isinstance(body, list):
            return dict(self.pair(pair, depth + 1) for pair in body)
        raise MalformedError(f"an unknown node {tag!r}")

    def pair(self, pair: Any, depth: int) -> tuple[Any, Any]:
        if not isinstance(pair, list) or len(pair) != 2:
            raise MalformedError("a dict's item is not a pair")
        key = self.node(pair[0], depth)
        if type(key) not in _KEYS:
            raise MalformedError("a dict's key is not plain")
        return key, self.node(pair[1], depth)


def _chunk(frame: bytes, start: int) -> tuple[bytes, int]:
    begin = start + 8
    end = begin + int.from_bytes(frame[start:begin], "little")
    if begin > len(frame) or end > len(frame):
        raise MalformedError("a frame is cut short")
    return frame[begin:end], end


def _index(body: Any, blobs: list[bytes | None]) -> int:
    if type(body) is not int or not 0 <= body < len(blobs) or blobs[body] is None:
        raise MalformedError("an array that is not in the frame, or no longer")
    return body


def _array(blob: bytes) -> np.ndarray[Any, Any]:
    # Not npy.read_array: it evaluates the header, and allocates what the header claims before
    # it looks at the data.
    if blob[:8] != b"\x93NUMPY\x01\x00":
        raise MalformedError("an array of an unknown version of npy")
    start = 10 + int.from_bytes(blob[8:10], "little")
    header = _NPY.fullmatch(blob[10:start])
    if header is None:
        raise MalformedError("an array that is not made of numbers")
    shape = tuple(int(n) for n in header[2].split(b",") if n.strip())
    try:
        dtype = np.dtype(header[1].decode("ascii"))
    except TypeError:
        dtype = np.dtype(object)
    count = math.prod(shape)
    if dtype not in _DTYPES or len(shape) > 32 or count * dtype.itemsize != len(blob) - start:
        raise MalformedError("an array whose data does not fit its header")
    return np.frombuffer(blob, dtype=dtype, offset=start).reshape(shape).copy()
